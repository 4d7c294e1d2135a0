import { StreamCutter } from "../../audio/encode-frames.ts";
import type { AudioFormat } from "../../audio/format.ts";
import { ConflictError } from "../../errors.ts";
import type { AudioPart } from "./stored.ts";
import type { SpokenRow } from "./utterances.ts";

/** An utterance's share of a stream: all of them behind each other are the stream. */
export interface AudioChunk {
  /** Position of the utterance in the job, from 0. */
  readonly index: number;
  readonly bytes: Uint8Array;
  readonly utterance: SpokenRow;
  /** No other comes. */
  readonly final: boolean;
}

/** The joiner keeps back what the next utterance may overlap. */
const OVERLAP_SECONDS = 0.06;

export interface ChunkOptions {
  readonly format: AudioFormat;
  /** Of the stream, in Hz. */
  readonly sampleRate: number;
  /** Reads some of the utterances from a position on, in order; none where there are none. */
  readonly rows: (from: number) => Promise<readonly SpokenRow[]>;
  /** Chunks before this one are left out. */
  readonly fromIndex: number;
}

/**
 * Cuts a stream into its utterances, behind whole frames. The cuts follow from the utterances alone: whoever comes late,
 * or again, gets the same chunks.
 *
 * @throws ConflictError for audio from before utterances were written down; else what `parts` throws.
 */
export async function* cutIntoChunks(
  parts: AsyncIterable<AudioPart>,
  { format, sampleRate, rows, fromIndex }: ChunkOptions,
): AsyncGenerator<AudioChunk> {
  const cutter = new StreamCutter(format, sampleRate);
  const waiting: SpokenRow[] = [];
  let next = 0;
  /** The utterance whose turn it is; undefined while it has not been spoken. */
  const current = async (stored: boolean): Promise<SpokenRow | undefined> => {
    if (waiting.length === 0 && stored) waiting.push(...(await rows(next)));
    if (waiting.length === 0 && stored) {
      throw new ConflictError("This audio was made in one piece. Fetch it at its audio.url.");
    }
    return waiting[0];
  };
  const chunk = (utterance: SpokenRow, bytes: Uint8Array, final: boolean): AudioChunk => {
    waiting.shift();
    next += 1;
    return { index: utterance.index, bytes, utterance, final };
  };
  for await (const { bytes, utterance, total, final } of parts) {
    cutter.push(bytes);
    if (utterance !== null && utterance.index === next + waiting.length) waiting.push(utterance);
    for (;;) {
      const row = await current(utterance === null);
      // The last one is what is left when the stream has ended.
      if (row === undefined || row.index + 1 >= total) break;
      const cut = cutter.take(row.startSeconds + row.durationSeconds - OVERLAP_SECONDS, final);
      if (cut === null) break;
      const made = chunk(row, cut, false);
      if (made.index >= fromIndex) yield made;
    }
    const last = final ? await current(true) : undefined;
    if (last !== undefined) yield chunk(last, cutter.rest(), true);
  }
}
