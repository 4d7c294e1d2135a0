import { endianness } from "node:os";

/** Style vectors of a pack, one for each utterance length from 1 to 510 tokens, and the numbers in each. */
export const PACK_SHAPE = [510, 1, 256] as const;
const PACK_VALUES = PACK_SHAPE[0] * PACK_SHAPE[1] * PACK_SHAPE[2];
export const PACK_BYTES = PACK_VALUES * Float32Array.BYTES_PER_ELEMENT;

/** A voice pack as its file: float32 [510, 1, 256], little-endian, without a header. */
export function encodePack(pack: Float32Array): Uint8Array {
  const bytes = new Uint8Array(pack.buffer, pack.byteOffset, pack.byteLength).slice();
  return endianness() === "LE" ? bytes : swap(bytes);
}

/**
 * A voice pack from the bytes of its file.
 *
 * @throws RangeError that says what is wrong: another size, or values that are no numbers.
 */
export function decodePack(bytes: Uint8Array): Float32Array {
  if (bytes.length !== PACK_BYTES) {
    throw new RangeError(`a voice pack has ${PACK_BYTES} bytes, this one ${bytes.length}`);
  }
  // A copy, because a pooled buffer need not start at a multiple of four.
  const copy = Uint8Array.from(bytes);
  const pack = new Float32Array((endianness() === "LE" ? copy : swap(copy)).buffer);
  const odd = pack.findIndex((value) => !Number.isFinite(value));
  if (odd !== -1) throw new RangeError(`value ${odd} of the voice pack is no finite number`);
  return pack;
}

/**
 * The weighted mean of voice packs: Σ wᵢ·packᵢ / Σ wᵢ, computed in float64 and rounded once. A lone pack comes back as
 * it is, whatever its weight.
 */
export function mixPacks(
  parts: readonly { readonly pack: Float32Array; readonly weight: number }[],
): Float32Array {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only.pack.slice();
  const total = parts.reduce((sum, { weight }) => sum + weight, 0);
  const mixed = new Float64Array(PACK_VALUES);
  for (const { pack, weight } of parts) {
    for (let i = 0; i < PACK_VALUES; i++) mixed[i] = (mixed[i] ?? 0) + weight * (pack[i] ?? 0);
  }
  return Float32Array.from(mixed, (value) => value / total);
}

function swap(bytes: Uint8Array): Uint8Array {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).swap32();
}
