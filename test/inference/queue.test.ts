import { describe, expect, it } from "vitest";
import type { WorkPriority } from "../../src/inference/contract.ts";
import { FairQueue, WorkQueue } from "../../src/inference/queue.ts";

interface Item {
  readonly name: string;
  readonly owner: string;
  readonly group: string;
}

/** An item named such as `a1` of group `a`; of the owner that is given, or of one of the group's name. */
const item = (name: string, owner = name.slice(0, 1)): Item => ({ name, owner, group: name.slice(0, 1) });

function drain(queue: FairQueue<Item>): string[] {
  const names: string[] = [];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) names.push(next.name);
  return names;
}

describe("FairQueue", () => {
  it("keeps the order within a group", () => {
    const queue = new FairQueue<Item>();
    for (const name of ["a1", "a2", "a3"]) queue.push(item(name));
    expect(drain(queue)).toEqual(["a1", "a2", "a3"]);
  });

  it("lets groups take turns, so that a short job waits for one utterance of a long one", () => {
    const queue = new FairQueue<Item>();
    for (const name of ["a1", "a2", "a3", "a4", "b1", "c1", "c2"]) queue.push(item(name, "one"));
    expect(drain(queue)).toEqual(["a1", "b1", "c1", "a2", "c2", "a3", "a4"]);
  });

  it("lets owners take turns, so that many jobs are no larger share", () => {
    const queue = new FairQueue<Item>();
    for (const name of ["a1", "a2", "b1", "c1", "d1"]) queue.push(item(name, "many"));
    for (const name of ["x1", "x2", "x3"]) queue.push(item(name, "one"));
    expect(drain(queue)).toEqual(["a1", "x1", "b1", "x2", "c1", "x3", "d1", "a2"]);
  });

  it("puts a returned item ahead of everything", () => {
    const queue = new FairQueue<Item>();
    for (const name of ["a1", "b1", "b2"]) queue.push(item(name));
    queue.pushFirst(item("b0"));
    queue.pushFirst(item("c0"));
    expect(queue.size).toBe(5);
    expect(drain(queue)).toEqual(["c0", "b0", "a1", "b1", "b2"]);
  });

  it("removes an item from the middle and forgets empty groups and owners", () => {
    const queue = new FairQueue<Item>();
    const [a1, b1, b2] = [item("a1", "x"), item("b1"), item("b2")];
    for (const each of [a1, b1, b2]) queue.push(each);
    expect(queue.remove(a1)).toBe(true);
    expect(queue.remove(a1)).toBe(false);
    expect(queue.remove(b1)).toBe(true);
    expect(queue.size).toBe(1);
    expect(drain(queue)).toEqual(["b2"]);
  });

  it("clears everything at once", () => {
    const queue = new FairQueue<Item>();
    const items = [item("a1"), item("b1"), item("a2", "other")];
    for (const each of items) queue.push(each);
    expect(new Set(queue.clear())).toEqual(new Set(items));
    expect(queue.size).toBe(0);
    expect(queue.shift()).toBeUndefined();
  });
});

describe("WorkQueue", () => {
  type Work = Item & { readonly priority: WorkPriority };
  const work = (name: string, priority: WorkPriority): Work => ({ ...item(name), priority });
  const any = { background: true };
  const names = (queue: WorkQueue<Work>, count: number) =>
    Array.from({ length: count }, () => queue.shift(any)?.name);

  it("gives what is more urgent first, whatever came first", () => {
    const queue = new WorkQueue<Work>();
    queue.push(work("g1", "background"));
    queue.push(work("b1", "batch"));
    queue.push(work("i1", "interactive"));
    queue.push(work("f1", "first"));
    expect(queue.size).toBe(4);
    expect(names(queue, 5)).toEqual(["f1", "i1", "b1", "g1", undefined]);
  });

  it("starves nothing that somebody waits for: batch has one turn in eight", () => {
    const queue = new WorkQueue<Work>();
    queue.push(work("b1", "batch"));
    queue.push(work("b2", "batch"));
    const turns: (string | undefined)[] = [];
    for (let turn = 0; turn < 17; turn++) {
      // The load is steady: whenever one is taken, another waits.
      queue.push(work(`i${turn}`, "interactive"));
      turns.push(...names(queue, 1));
    }
    expect(turns.flatMap((name, turn) => (name?.startsWith("b") ? [turn] : []))).toEqual([7, 15]);
  });

  it("starves no long job under a steady load of first utterances: one turn in four is for the rest", () => {
    const queue = new WorkQueue<Work>();
    for (const name of ["i1", "i2"]) queue.push(work(name, "interactive"));
    const turns: (string | undefined)[] = [];
    for (let turn = 0; turn < 9; turn++) {
      queue.push(work(`f${turn}`, "first"));
      turns.push(...names(queue, 1));
    }
    expect(turns.flatMap((name, turn) => (name?.startsWith("i") ? [turn] : []))).toEqual([3, 7]);
  });

  it("counts patience anew for what has had a turn or has not waited", () => {
    const queue = new WorkQueue<Work>();
    for (let turn = 0; turn < 20; turn++) queue.push(work(`i${turn}`, "interactive"));
    names(queue, 10);
    queue.push(work("b1", "batch"));
    expect(names(queue, 8)).toEqual([...[10, 11, 12, 13, 14, 15, 16].map((turn) => `i${turn}`), "b1"]);
  });
});
