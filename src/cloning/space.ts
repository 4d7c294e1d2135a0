import { readFile } from "node:fs/promises";
import { EMBEDDING_LENGTH } from "../inference/analysis.ts";
import { dot, meanDirection } from "./linear.ts";
import { VIEWS } from "./listen.ts";
import type { CloneTarget } from "./machinery.ts";
import { HEARD_LENGTH, type NormalEquations } from "./style-map.ts";
import { type StockPack, StyleSpace } from "./style-space.ts";

/** Where `npm run train:cloning` writes what it has learnt, beside `src/` and `dist/` alike. */
const LEARNT = new URL("../../models/cloning.bin", import.meta.url);

/** What is known about styles before a sample is heard. */
export interface CloneSpace {
  readonly styles: StyleSpace;
  readonly learnt: NormalEquations;
  /** How each stock voice is heard, in the order of `styles.ids`: [VIEWS × 256]. */
  readonly stock: readonly Float32Array[];
}

interface Header {
  readonly ids: readonly string[];
  readonly count: number;
  readonly size: number;
}

/**
 * The space that clones are searched in. Holds the stock packs in memory, half a megabyte each.
 *
 * @param packs all stock voices, in any order.
 * @throws Error when a voice is missing or the file of the learnt map is damaged.
 */
export async function openCloneSpace(packs: readonly StockPack[]): Promise<CloneSpace> {
  return decodeSpace(await readFile(LEARNT), packs);
}

/** A JSON header with its length in front, then float32: gram (lower half), products, stock voices. */
export function encodeSpace({ styles, learnt, stock }: CloneSpace): Uint8Array {
  const { count, gram, products } = learnt;
  const header: Header = { ids: styles.ids, count, size: gram.rows };
  const text = new TextEncoder().encode(JSON.stringify(header));
  const padded = new Uint8Array(Math.ceil(text.length / 4) * 4).fill(0x20);
  padded.set(text);
  const numbers = Float32Array.from([
    ...lowerHalf(gram.values, gram.rows),
    ...products.values,
    ...stock.flatMap((heard) => [...heard]),
  ]);
  const file = new Uint8Array(4 + padded.length + numbers.byteLength);
  new DataView(file.buffer).setUint32(0, padded.length, true);
  file.set(padded, 4);
  file.set(new Uint8Array(numbers.buffer), 4 + padded.length);
  return file;
}

/** @throws Error when a voice is missing or the bytes are damaged. */
export function decodeSpace(bytes: Uint8Array, packs: readonly StockPack[]): CloneSpace {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const { ids, count, size } = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length))) as Header;
  // A copy, because a Buffer need not start at a multiple of four.
  const numbers = Float64Array.from(new Float32Array(new Uint8Array(bytes.subarray(4 + length)).buffer));
  const half = (size * (size + 1)) / 2;
  const rest = half + size * HEARD_LENGTH;
  if (numbers.length !== rest + ids.length * HEARD_LENGTH)
    throw new Error("the learnt map of styles is damaged");
  const styles = new StyleSpace(
    ids.map((id) => {
      const found = packs.find((pack) => pack.id === id);
      if (found === undefined) throw new Error(`the pack of ${id} is missing`);
      return found;
    }),
  );
  return {
    styles,
    learnt: {
      count,
      gram: { rows: size, columns: size, values: fromLowerHalf(numbers.subarray(0, half), size) },
      products: { rows: size, columns: HEARD_LENGTH, values: numbers.slice(half, rest) },
    },
    stock: ids.map((_, voice) =>
      Float32Array.from(numbers.subarray(rest + voice * HEARD_LENGTH, rest + (voice + 1) * HEARD_LENGTH)),
    ),
  };
}

/** The stock voice that sounds most like the target, and how alike they are. */
export function nearestStock(
  { styles, stock }: CloneSpace,
  target: CloneTarget,
): { readonly id: string; readonly similarity: number } {
  const similarities = stock.map((heard) => similarityOf([viewsOf(heard)], target));
  const similarity = Math.max(...similarities);
  return { id: styles.ids[similarities.indexOf(similarity)] ?? "", similarity };
}

export function viewsOf(heard: Float32Array): Float32Array[] {
  return Array.from({ length: VIEWS }, (_, view) =>
    heard.slice(view * EMBEDDING_LENGTH, (view + 1) * EMBEDDING_LENGTH),
  );
}

/** Cosine of each view's mean over the utterances with the target's, the mean over views. */
export function similarityOf(utterances: readonly (readonly Float32Array[])[], target: CloneTarget): number {
  const cosines = target.views.map((view, index) =>
    dot(view, meanDirection(utterances.map((views) => views[index] ?? new Float32Array(view.length)))),
  );
  return cosines.reduce((sum, cosine) => sum + cosine, 0) / cosines.length;
}

function lowerHalf(values: Float64Array, size: number): number[] {
  return Array.from({ length: size }, (_, row) => [
    ...values.subarray(row * size, row * size + row + 1),
  ]).flat();
}

function fromLowerHalf(half: Float64Array, size: number): Float64Array {
  const values = new Float64Array(size * size);
  for (let row = 0, at = 0; row < size; row += 1) {
    for (let column = 0; column <= row; column += 1, at += 1) {
      values[row * size + column] = half[at] as number;
      values[column * size + row] = half[at] as number;
    }
  }
  return values;
}
