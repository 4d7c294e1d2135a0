import { MAX_TOKENS } from "./vocabulary.ts";

/** The smallest thing an utterance is made of: phonemes with their trailing marks, and how well to cut after. */
export interface Atom {
  /** Tokens it takes, the space before it included. */
  readonly cost: number;
  /** How bad a cut behind it sounds: 0 at a semicolon, 1 at a comma, 2 between words, 3 inside a word. */
  readonly cutPenalty: number;
}

/** A sentence up to this many tokens is spoken in one run; a longer one is cut into balanced parts. */
const PREFERRED_TOKENS = 400;

/** A comma is worth being this share of the ideal length away from balance; squared like the distance. */
const PENALTY_WEIGHT = 0.04;

/**
 * Groups the atoms of one sentence into runs of at most 510 tokens, of even length, cut where it hurts least:
 * minimises the squared distance of each run from the even share plus a penalty for each cut (dynamic
 * programming over the cuts; each run spans at most 510 atoms, so the work is linear in the sentence).
 * @returns the index behind the last atom of each run.
 */
export function packAtoms(atoms: readonly Atom[]): number[] {
  const sums = [0];
  for (const atom of atoms) sums.push((sums.at(-1) ?? 0) + atom.cost);
  const total = sums.at(-1) ?? 0;
  if (total <= PREFERRED_TOKENS) return atoms.length === 0 ? [] : [atoms.length];
  const ideal = total / Math.ceil(total / PREFERRED_TOKENS);

  const best = new Float64Array(atoms.length + 1).fill(Number.POSITIVE_INFINITY);
  const from = new Int32Array(atoms.length + 1);
  best[0] = 0;
  for (let end = 1; end <= atoms.length; end += 1) {
    const penalty = end === atoms.length ? 0 : (atoms[end - 1]?.cutPenalty ?? 0) ** 2 * PENALTY_WEIGHT;
    for (let start = end - 1; start >= 0; start -= 1) {
      const length = (sums[end] ?? 0) - (sums[start] ?? 0);
      if (length > MAX_TOKENS && start < end - 1) break;
      // Past the preferred length every token counts more: the model is at its best below it.
      const over = Math.max(0, length - PREFERRED_TOKENS) / PREFERRED_TOKENS;
      const cost = (best[start] ?? 0) + (length / ideal - 1) ** 2 + over + penalty;
      if (cost < (best[end] ?? 0)) {
        best[end] = cost;
        from[end] = start;
      }
    }
  }
  const ends: number[] = [];
  for (let end = atoms.length; end > 0; end = from[end] ?? 0) ends.unshift(end);
  return ends;
}
