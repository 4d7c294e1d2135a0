import { beforeAll, describe, expect, it } from "vitest";
import { drawPoint } from "../../src/cloning/draw.ts";
import { dot, meanDirection, solve } from "../../src/cloning/linear.ts";
import { Random } from "../../src/cloning/random.ts";
import { type StockPack, StyleSpace, styleFor } from "../../src/cloning/style-space.ts";
import { realStockPacks } from "./machinery.ts";

let stock: StockPack[];
let space: StyleSpace;

beforeAll(async () => {
  stock = await realStockPacks();
  space = new StyleSpace(stock);
});

const largestDifference = (a: Float32Array, b: Float32Array) =>
  a.reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] ?? Number.NaN))), 0);

describe("the space of styles", () => {
  it("gives every stock voice back, to the precision of its numbers", () => {
    for (const { id, pack } of stock) {
      expect(largestDifference(space.packAt(space.pointOf(id)), pack), id).toBeLessThan(1e-5);
    }
  });

  it("takes timbre from one voice and prosody from another", () => {
    const point = space.pointOf("af_heart");
    point.set(space.pointOf("am_michael").subarray(space.voices), space.voices);
    const style = space.styleAt(point, 40);
    const [heart, michael] = ["af_heart", "am_michael"].map((id) => space.styleAt(space.pointOf(id), 40));
    expect([...style.subarray(0, 128)]).toEqual([...(heart as Float32Array).subarray(0, 128)]);
    expect([...style.subarray(128)]).toEqual([...(michael as Float32Array).subarray(128)]);
  });

  it("gives the same style for a length as the row of the whole pack", () => {
    const point = drawPoint(new Random(5), space.voices);
    const pack = space.packAt(point);
    for (const tokens of [1, 37, 510, 600]) {
      expect(space.styleAt(point, tokens)).toEqual(styleFor(pack, tokens));
    }
  });

  it("is straight: the middle of two points is the mean of their packs", () => {
    const random = new Random(9);
    const [a, b] = [drawPoint(random, space.voices), drawPoint(random, space.voices)];
    const middle = space.styleAt(
      a.map((value, i) => (value + (b[i] ?? 0)) / 2),
      50,
    );
    const ends = [space.styleAt(a, 50), space.styleAt(b, 50)] as const;
    expect(
      largestDifference(
        middle,
        ends[0].map((value, i) => (value + (ends[1][i] ?? 0)) / 2),
      ),
    ).toBeLessThan(1e-5);
  });

  it("refuses voices that it does not know and packs that are none", () => {
    expect(() => space.pointOf("af_nobody")).toThrow("af_nobody");
    expect(() => new StyleSpace([{ id: "short", pack: new Float32Array(256) }])).toThrow("short");
  });
});

describe("random styles", () => {
  it("are the same for a seed, and others for another", () => {
    const draw = (seed: number) => [...drawPoint(new Random(seed), 54)];
    expect(draw(3)).toEqual(draw(3));
    expect(draw(3)).not.toEqual(draw(4));
  });

  it("have the moments they should have", () => {
    const random = new Random(1);
    const normals = Array.from({ length: 20_000 }, () => random.normal());
    const mean = normals.reduce((sum, value) => sum + value, 0) / normals.length;
    const variance = normals.reduce((sum, value) => sum + (value - mean) ** 2, 0) / normals.length;
    expect(Math.abs(mean)).toBeLessThan(0.03);
    expect(Math.abs(variance - 1)).toBeLessThan(0.05);
    const uniforms = Array.from({ length: 20_000 }, () => random.uniform());
    expect(Math.min(...uniforms)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...uniforms)).toBeLessThan(1);
  });
});

describe("linear algebra", () => {
  it("solves a system and notices one that has no single solution", () => {
    const matrix = (rows: number, columns: number, values: number[]) => ({
      rows,
      columns,
      values: Float64Array.from(values),
    });
    const a = matrix(3, 3, [4, 1, 2, 1, 3, 0, 2, 0, 5]);
    const x = [1, -2, 0.5, 3, 2, -1];
    const product = [0, 1, 2].flatMap((row) =>
      [0, 1].map((column) =>
        [0, 1, 2].reduce((sum, k) => sum + (a.values[row * 3 + k] ?? 0) * (x[k * 2 + column] ?? 0), 0),
      ),
    );
    const found = solve(a, matrix(3, 2, product)).values;
    for (const [i, value] of x.entries()) expect(found[i]).toBeCloseTo(value, 10);
    expect(() => solve(matrix(2, 2, [1, 1, 1, 1]), matrix(2, 1, [1, 1]))).toThrow("positive definite");
  });

  it("means directions, not lengths", () => {
    const mean = meanDirection([Float32Array.of(1, 0), Float32Array.of(0, 1)]);
    expect(dot(mean, mean)).toBeCloseTo(1, 6);
    expect(mean[0]).toBeCloseTo(Math.SQRT1_2, 6);
  });
});
