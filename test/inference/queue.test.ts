import { describe, expect, it } from "vitest";
import { FairQueue } from "../../src/inference/queue.ts";

function drain(queue: FairQueue<string>): string[] {
  const items: string[] = [];
  for (let item = queue.shift(); item !== undefined; item = queue.shift()) items.push(item);
  return items;
}

describe("FairQueue", () => {
  it("keeps the order within a group", () => {
    const queue = new FairQueue<string>();
    for (const item of ["1", "2", "3"]) queue.push("a", item);
    expect(drain(queue)).toEqual(["1", "2", "3"]);
  });

  it("lets groups take turns, so that a short job waits for one utterance of a long one", () => {
    const queue = new FairQueue<string>();
    for (const item of ["a1", "a2", "a3", "a4"]) queue.push("a", item);
    queue.push("b", "b1");
    queue.push("c", "c1");
    queue.push("c", "c2");
    expect(drain(queue)).toEqual(["a1", "b1", "c1", "a2", "c2", "a3", "a4"]);
  });

  it("puts a returned item ahead of everything", () => {
    const queue = new FairQueue<string>();
    queue.push("a", "a1");
    queue.push("b", "b1");
    queue.push("b", "b2");
    queue.pushFirst("b", "b0");
    queue.pushFirst("c", "c0");
    expect(queue.size).toBe(5);
    expect(drain(queue)).toEqual(["c0", "b0", "a1", "b1", "b2"]);
  });

  it("removes an item from the middle and forgets empty groups", () => {
    const queue = new FairQueue<string>();
    queue.push("a", "a1");
    queue.push("b", "b1");
    queue.push("b", "b2");
    expect(queue.remove("a", "a1")).toBe(true);
    expect(queue.remove("a", "a1")).toBe(false);
    expect(queue.remove("b", "b1")).toBe(true);
    expect(queue.size).toBe(1);
    expect(drain(queue)).toEqual(["b2"]);
  });

  it("clears everything at once", () => {
    const queue = new FairQueue<string>();
    queue.push("a", "a1");
    queue.push("b", "b1");
    expect(queue.clear()).toEqual(["a1", "b1"]);
    expect(queue.size).toBe(0);
    expect(queue.shift()).toBeUndefined();
  });
});
