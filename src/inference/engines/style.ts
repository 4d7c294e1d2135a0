import { readFile } from "node:fs/promises";
import type { VoiceReference } from "../engine.ts";

/** Length of one style vector. */
const STYLE_LENGTH = 256;

/** Rows of a style pack: one for each utterance length from 1 to 510 tokens. */
const STYLE_ROWS = 510;

/** Packs of half a megabyte that a member keeps. */
const CACHED_PACKS = 64;

/**
 * The style vector for an utterance of `tokenCount` tokens (pads not counted): row `tokenCount - 1` of the
 * pack [510, 1, 256], as the authors' pipeline does (`pack[len(ps) - 1]`, hexgrad/kokoro, pipeline.py).
 * @throws Error when the pack has another size.
 */
export function styleForLength(pack: Float32Array, tokenCount: number): Float32Array {
  if (pack.length !== STYLE_ROWS * STYLE_LENGTH) {
    throw new Error(`a style pack holds ${STYLE_ROWS * STYLE_LENGTH} numbers, this one ${pack.length}`);
  }
  const row = Math.min(Math.max(tokenCount, 1), STYLE_ROWS) - 1;
  return pack.slice(row * STYLE_LENGTH, (row + 1) * STYLE_LENGTH);
}

/** Reads voice files once and keeps the most recently used packs. */
export class StyleCache {
  readonly #packs = new Map<string, Float32Array>();

  /** @throws Error when the file is missing or has another size. */
  async style(voice: VoiceReference, tokenCount: number): Promise<Float32Array> {
    if ("style" in voice) return voice.style;
    if ("pack" in voice) return styleForLength(voice.pack, tokenCount);
    const pack = this.#packs.get(voice.key) ?? (await readPack(voice.path));
    const style = styleForLength(pack, tokenCount);
    // Re-inserting moves it to the end of the map's order: the first key is the least recently used.
    this.#packs.delete(voice.key);
    this.#packs.set(voice.key, pack);
    if (this.#packs.size > CACHED_PACKS) {
      const [oldest] = this.#packs.keys();
      if (oldest !== undefined) this.#packs.delete(oldest);
    }
    return style;
  }
}

async function readPack(path: string): Promise<Float32Array> {
  const bytes = await readFile(path);
  if (bytes.length % Float32Array.BYTES_PER_ELEMENT !== 0) throw new Error("the voice file is cut off");
  // A copy, because a pooled Buffer need not start at a multiple of four.
  return new Float32Array(new Uint8Array(bytes).buffer);
}
