import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { readFile, rename, rm } from "node:fs/promises";
import { basename } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { SpeakerClient } from "../client/client.ts";
import type { ConsentKind } from "../client/gql/graphql.ts";
import { ExportVoice, ImportVoice } from "../client/operations.ts";
import { loadConfig } from "../config.ts";
import { SpeakerError } from "../errors.ts";

interface ServerOptions {
  readonly server: string;
  readonly apiKey?: string;
}

const clientOf = ({ server, apiKey }: ServerOptions) =>
  new SpeakerClient(server, { apiKey: apiKey ?? loadConfig().client.apiKey });

/** `speaker voices export`: a voice of a running server into a file, checked against its digest. */
export async function exportVoice(
  id: string,
  path: string,
  options: ServerOptions & { readonly sample: boolean },
): Promise<void> {
  const { exportVoice: answer } = await clientOf(options).request(ExportVoice, {
    id,
    includeSample: options.sample,
  });
  if (answer.__typename !== "VoiceExport") throw new SpeakerError(answer.code, answer.message);
  const response = await fetch(answer.url);
  if (!response.ok || response.body === null) {
    throw new Error(`the server answers ${response.status} for the file`);
  }
  const hash = createHash("sha256");
  // Beside its place: a download that breaks off leaves no file that looks whole.
  const partial = `${path}.part`;
  try {
    await pipeline(
      Readable.fromWeb(response.body as never),
      async function* (chunks: AsyncIterable<Uint8Array>) {
        for await (const chunk of chunks) {
          hash.update(chunk);
          yield chunk;
        }
      },
      createWriteStream(partial, { mode: 0o600 }),
    );
    if (hash.digest("hex") !== answer.sha256) {
      throw new SpeakerError("CONFLICT", "The voice changed while it was exported. Export it again.");
    }
    await rename(partial, path);
  } finally {
    await rm(partial, { force: true });
  }
  process.stdout.write(`${path}: ${answer.bytes} bytes, SHA-256 ${answer.sha256}\n`);
}

/** `speaker voices import`: an exported file into a running server. */
export async function importVoice(
  path: string,
  options: ServerOptions & { readonly consent: ConsentKind; readonly note?: string; readonly name?: string },
): Promise<void> {
  const file = new File([await readFile(path)], basename(path));
  const consent = { kind: options.consent, note: options.note ?? null };
  const { importVoice: voice } = await clientOf(options).request(ImportVoice, {
    input: { file, consent, name: options.name ?? null },
  });
  if (voice.__typename !== "Voice") throw new SpeakerError(voice.code, voice.message);
  process.stdout.write(`${voice.id}: ${voice.name}, ${voice.kind}, ${voice.status}\n`);
}
