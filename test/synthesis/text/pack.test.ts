import { expect, test } from "vitest";
import { type Atom, packAtoms } from "../../../src/synthesis/text/pack.ts";

const sizes = (atoms: readonly Atom[]) => {
  let from = 0;
  return packAtoms(atoms).map((end) => {
    const size = atoms.slice(from, end).reduce((sum, atom) => sum + atom.cost, 0);
    from = end;
    return size;
  });
};
const same = (count: number, cost: number, cutPenalty = 1): Atom[] =>
  Array.from({ length: count }, () => ({ cost, cutPenalty }));

test("a sentence that fits stays whole", () => {
  expect(packAtoms([])).toEqual([]);
  expect(sizes(same(10, 40))).toEqual([400]);
});

test("a longer one is cut in even parts, not in a full one and a stub", () => {
  expect(sizes(same(42, 10))).toEqual([210, 210]);
  expect(sizes(same(90, 10))).toEqual([300, 300, 300]);
});

test("a cut prefers the stronger mark near the middle", () => {
  const atoms = [...same(22, 10, 2), { cost: 10, cutPenalty: 0 }, ...same(22, 10, 2)];
  expect(sizes(atoms)).toEqual([230, 220]);
});

test("no part is ever longer than the model takes", () => {
  for (const cost of [1, 7, 99, 256, 361, 509]) {
    const parts = sizes(same(120, cost));
    expect(Math.max(...parts)).toBeLessThanOrEqual(510);
    expect(parts.reduce((a, b) => a + b)).toBe(120 * cost);
  }
});
