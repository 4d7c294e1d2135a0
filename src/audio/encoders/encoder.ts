/** Bytes that replace what was written at `offset` once the whole length is known. */
interface Patch {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** The end of an encoded stream. */
export interface EncodedEnd {
  readonly bytes: Uint8Array;
  /** Header fields to correct where the output can be rewritten; without them the stream still plays. */
  readonly patches: readonly Patch[];
}

/** Turns mono float samples into the bytes of one file, chunk by chunk. Call `finish` or `discard` exactly once. */
export interface StreamEncoder {
  /** Samples of full scale ±1; louder ones are clamped. May return no bytes yet. */
  push(samples: Float32Array): Uint8Array;
  finish(): EncodedEnd;
  /** Frees what the codec holds outside the garbage collector's reach, where it does. */
  discard?(): void;
}

/** Joins byte chunks; a single one is returned as it is. */
export function concatBytes(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1) return parts[0] as Uint8Array;
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    out.set(part, offset);
    offset += part.length;
  }
  return out;
}

/**
 * What integer formats do by themselves, for codecs that take floats: full scale is the limit, and NaN, which
 * would poison the codec's state for good, is silence.
 */
export function clampSamples(samples: Float32Array): Float32Array {
  return samples.map((sample) => (sample > 1 ? 1 : sample < -1 ? -1 : Number.isNaN(sample) ? 0 : sample));
}

const NO_SAMPLES = new Float32Array(0);

/** Collects samples of any chunking into blocks of one fixed length. */
export class BlockBuffer {
  readonly #blockLength: number;
  #pending: Float32Array = NO_SAMPLES;

  constructor(blockLength: number) {
    this.#blockLength = blockLength;
  }

  /** Samples that wait for their block to fill up. */
  get pendingLength(): number {
    return this.#pending.length;
  }

  /** Every block that `samples` complete. The blocks are views: use them before the next call. */
  *push(samples: Float32Array): Generator<Float32Array> {
    const all = new Float32Array(this.#pending.length + samples.length);
    all.set(this.#pending);
    all.set(samples, this.#pending.length);
    let start = 0;
    for (; start + this.#blockLength <= all.length; start += this.#blockLength) {
      yield all.subarray(start, start + this.#blockLength);
    }
    this.#pending = all.slice(start);
  }
}
