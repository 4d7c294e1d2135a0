import { MAX_UTTERANCE_TOKENS } from "../inference/engine.ts";

/** Length of a style vector; the first half colours the decoder, the second the prosody (StyleTTS 2). */
const STYLE_LENGTH = 256;
const HALF = STYLE_LENGTH / 2;

/** Numbers in a style pack: a style for each utterance length, 1 to 510 tokens. */
const PACK_LENGTH = MAX_UTTERANCE_TOKENS * STYLE_LENGTH;

export interface StockPack {
  readonly id: string;
  /** float32 [510, 1, 256]. */
  readonly pack: Float32Array;
}

/**
 * The styles between and around the stock voices.
 *
 * A point holds two weights for each of the N stock voices, timbre first, then prosody: how much of the voice's
 * difference from the mean voice is in the style. The origin is the mean voice; 1 for one voice and 0 for all
 * others is that voice. All 510 rows share the weights. Because the differences sum up to zero, N - 1 of the N
 * directions of each half move the style, and stock voices lie about one unit from the origin: normal weights of
 * variance 1/N are the prior that has them as typical members.
 */
export class StyleSpace {
  readonly ids: readonly string[];
  readonly #mean: Float32Array;
  readonly #packs: readonly Float32Array[];

  /** @param stock in an order that must not change: a point's numbers follow it. */
  constructor(stock: readonly StockPack[]) {
    for (const { id, pack } of stock) {
      if (pack.length !== PACK_LENGTH) throw new Error(`${id} is not a style pack`);
    }
    this.ids = stock.map(({ id }) => id);
    this.#packs = stock.map(({ pack }) => pack);
    const mean = new Float64Array(PACK_LENGTH);
    for (const pack of this.#packs)
      for (let i = 0; i < PACK_LENGTH; i += 1) mean[i] = (mean[i] as number) + (pack[i] as number);
    this.#mean = Float32Array.from(mean, (sum) => sum / stock.length);
  }

  /** Stock voices. */
  get voices(): number {
    return this.ids.length;
  }

  /** Numbers in a point. */
  get dimensions(): number {
    return 2 * this.ids.length;
  }

  /** The point of a stock voice. @throws Error when there is none of that id. */
  pointOf(id: string): Float64Array {
    const voice = this.ids.indexOf(id);
    if (voice < 0) throw new Error(`there is no stock voice ${id}`);
    const point = new Float64Array(this.dimensions);
    point[voice] = 1;
    point[this.voices + voice] = 1;
    return centred(point, this.voices);
  }

  /** The style [256] for an utterance of `tokenCount` tokens, pads not counted. */
  styleAt(point: Float64Array, tokenCount: number): Float32Array {
    return this.#rowAt(point, rowFor(tokenCount));
  }

  /** The whole pack [510, 1, 256]. */
  packAt(point: Float64Array): Float32Array {
    const pack = new Float32Array(PACK_LENGTH);
    for (let row = 0; row < MAX_UTTERANCE_TOKENS; row += 1) {
      pack.set(this.#rowAt(point, row), row * STYLE_LENGTH);
    }
    return pack;
  }

  #rowAt(point: Float64Array, row: number): Float32Array {
    const offset = row * STYLE_LENGTH;
    const sums = Float64Array.from(this.#mean.subarray(offset, offset + STYLE_LENGTH));
    for (const [voice, pack] of this.#packs.entries()) {
      const timbre = point[voice] ?? 0;
      const prosody = point[this.voices + voice] ?? 0;
      for (let i = 0; i < STYLE_LENGTH; i += 1) {
        const difference = (pack[offset + i] as number) - (this.#mean[offset + i] as number);
        sums[i] = (sums[i] as number) + (i < HALF ? timbre : prosody) * difference;
      }
    }
    return Float32Array.from(sums);
  }
}

/**
 * The same style with the smallest weights: what all voices of a half have in common moves nothing, so it is
 * taken out.
 */
function centred(point: Float64Array, voices: number): Float64Array {
  const result = Float64Array.from(point);
  for (let start = 0; start < result.length; start += voices) {
    const half = result.subarray(start, start + voices);
    const mean = half.reduce((sum, weight) => sum + weight, 0) / voices;
    for (let i = 0; i < voices; i += 1) half[i] = (half[i] as number) - mean;
  }
  return result;
}

/** The style [256] of a pack for an utterance of `tokenCount` tokens, pads not counted. */
export function styleFor(pack: Float32Array, tokenCount: number): Float32Array {
  const start = rowFor(tokenCount) * STYLE_LENGTH;
  return pack.slice(start, start + STYLE_LENGTH);
}

const rowFor = (tokenCount: number) => Math.min(Math.max(tokenCount, 1), MAX_UTTERANCE_TOKENS) - 1;
