import { describe, expect, it } from "vitest";
import { decodePack, encodePack, mixPacks, PACK_BYTES } from "../../../src/voices/mixing/pack.ts";

const LENGTH = PACK_BYTES / 4;
const pack = (value: (index: number) => number) => Float32Array.from({ length: LENGTH }, (_, i) => value(i));

describe("voice packs", () => {
  it("are the file that Kokoro's voices are: float32, little-endian, without a header", () => {
    const bytes = encodePack(pack((i) => (i === 1 ? 1.5 : 0)));
    expect(bytes).toHaveLength(522_240);
    expect([...bytes.subarray(0, 8)]).toEqual([0, 0, 0, 0, 0, 0, 0xc0, 0x3f]);
    expect(decodePack(bytes)[1]).toBe(1.5);
  });

  it("come back as they were, from any place in memory", () => {
    const original = pack((i) => Math.fround(Math.sin(i)));
    const shifted = Buffer.concat([Buffer.of(7), encodePack(original)]).subarray(1);
    expect(decodePack(shifted)).toEqual(original);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])("refuse %d", (value) => {
    expect(() => decodePack(encodePack(pack((i) => (i === 77 ? value : 0))))).toThrow("value 77");
  });

  it("refuse another size", () => {
    expect(() => decodePack(new Uint8Array(PACK_BYTES - 1))).toThrow(RangeError);
    expect(() => decodePack(new Uint8Array(PACK_BYTES + 4))).toThrow(RangeError);
  });

  it("mix to their weighted mean", () => {
    const a = pack((i) => i % 7);
    const b = pack((i) => -(i % 5));
    const mixed = mixPacks([
      { pack: a, weight: 3 },
      { pack: b, weight: -1 },
    ]);
    expect(mixed).toEqual(pack((i) => Math.fround((3 * (i % 7) + (i % 5)) / 2)));
    expect(a[3]).toBe(3);
  });

  it("stay what they are alone, bit for bit, whatever their weight", () => {
    const alone = pack((i) => Math.fround(Math.cos(i) / 3));
    expect(mixPacks([{ pack: alone, weight: 0.7 }])).toEqual(alone);
  });
});
