import { describe, expect, it } from "vitest";
import { membersThatFit, poolSize } from "../../src/inference/sizing.ts";

const GIBIBYTE = 2 ** 30;
const auto = { members: "auto", threads: "auto" } as const;

function machine(cores: number, gibibytes: number) {
  return { cores, availableBytes: gibibytes * GIBIBYTE };
}

describe("poolSize", () => {
  it("never has fewer than two members where cores and memory allow", () => {
    expect(poolSize(auto, machine(2, 16), "float32", "cpu").members).toBe(2);
    expect(poolSize(auto, machine(4, 16), "float32", "cpu").members).toBe(2);
    expect(poolSize(auto, machine(1, 16), "float32", "cpu")).toEqual({ members: 1, threads: 1 });
  });

  it("grows with the cores, up to its bounds", () => {
    expect(poolSize(auto, machine(16, 64), "float32", "cpu")).toEqual({ members: 4, threads: 4 });
    expect(poolSize(auto, machine(128, 512), "float32", "cpu")).toEqual({ members: 8, threads: 4 });
  });

  it("has as many members as the memory holds, and one at least", () => {
    expect(poolSize(auto, machine(16, 4), "float32", "cpu").members).toBe(2);
    expect(poolSize(auto, machine(16, 0.5), "int8", "cpu").members).toBe(1);
    expect(membersThatFit(machine(16, 1), "float32")).toBe(0);
  });

  it("has one member on a GPU", () => {
    expect(poolSize(auto, machine(16, 64), "float32", "cuda").members).toBe(1);
  });

  it("does as it was told", () => {
    expect(poolSize({ members: 3, threads: 5 }, machine(2, 1), "float32", "cuda")).toEqual({
      members: 3,
      threads: 5,
    });
  });
});
