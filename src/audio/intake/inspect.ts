import { readFile } from "node:fs/promises";
import { UnsupportedAudioError } from "../../errors.ts";
import type { AudioContainer, AudioFacts, InspectRequest } from "./contract.ts";
import { Meter } from "./meter.ts";
import { checkMixedContent } from "./mixed.ts";
import { checkNames } from "./names.ts";
import { refuse } from "./refuse.ts";
import { sniffContainer } from "./sniff.ts";
import { decodeFlac, decodeMp3, decodeOgg } from "./streams.ts";
import { decodeM4a, decodeWebm } from "./tracks.ts";
import { decodeWav } from "./wav.ts";

type Decode = (bytes: Uint8Array, meter: Meter) => string | Promise<string>;

const DECODERS: Readonly<Record<AudioContainer, Decode>> = {
  wav: decodeWav,
  mp3: decodeMp3,
  flac: decodeFlac,
  m4a: decodeM4a,
  ogg: decodeOgg,
  webm: decodeWebm,
};

/**
 * Tells what a file is by its content, decodes all of it and measures it. Runs in a process of its own
 * (`decode-host.ts`): nothing here is trusted to end, or to stay small.
 *
 * @throws UnsupportedAudioError when it is not a recording that is taken.
 */
export async function inspectFile(request: InspectRequest): Promise<AudioFacts> {
  // A plain view: the decoders count on `slice` to copy, which Node's Buffer does not.
  const content = await readFile(request.path);
  const bytes = new Uint8Array(content.buffer, content.byteOffset, content.byteLength);
  const container = sniffContainer(bytes);
  checkNames(container, request.fileName, request.declaredType);
  checkMixedContent(bytes);
  const meter = new Meter(request.pcm);
  try {
    const codec = await DECODERS[container](bytes, meter);
    return { container, codec, ...meter.finish() };
  } catch (error) {
    if (error instanceof UnsupportedAudioError) throw error;
    // A decoder's own words may hold anything of the file; they are for the log.
    refuse("DAMAGED", "The file is damaged: it cannot be decoded.", error);
  } finally {
    meter.close();
  }
}
