import { describe, expect, it } from "vitest";
import { InvalidInputError } from "../../../src/errors.ts";
import { mixFault, parseVoiceReference } from "../../../src/voices/mixing/reference.ts";

const part = (voiceId: string, weight: number) => ({ voiceId, weight });

describe("a reference to a voice", () => {
  it.each(["af_heart", "0190a000-0000-7000-8000-000000000001", "anything else", "", "a b", "a*b"])(
    "is the id of one voice without + and brackets: %j",
    (text) => expect(parseVoiceReference(text)).toBeNull(),
  );

  it.each([
    ["af_heart+af_sky", [part("af_heart", 1), part("af_sky", 1)]],
    ["af_heart(2)+af_sky(1)", [part("af_heart", 2), part("af_sky", 1)]],
    ["  af_heart ( 2 )\t+ af_sky\n", [part("af_heart", 2), part("af_sky", 1)]],
    ["af_heart(.5)+af_sky(1.25)", [part("af_heart", 0.5), part("af_sky", 1.25)]],
    ["af_heart+af_sky(-0.3)", [part("af_heart", 1), part("af_sky", -0.3)]],
    ["af_heart(+2)", [part("af_heart", 2)]],
    [
      "0190a000-0000-7000-8000-000000000001(3)+af_sky",
      [part("0190a000-0000-7000-8000-000000000001", 3), part("af_sky", 1)],
    ],
  ])("reads %j", (text, parts) => expect(parseVoiceReference(text)).toEqual(parts));

  it.each([
    ["+", 0, "expects the id"],
    ["af_heart+", 9, "expects the id"],
    ["af_heart++af_sky", 9, "expects the id"],
    ["af_heart()", 9, "expects a weight"],
    ["af_heart(two)", 9, "expects a weight"],
    ["af_heart(1e3)", 10, "expects )"],
    ["af_heart(1", 10, "expects )"],
    ["af_heart(1)af_sky", 11, "expects + and another voice"],
    ["af_heart(1))", 11, "expects + and another voice"],
    ["af_heart + af sky", 14, "expects + and another voice"],
    ["af_héart(1)", 4, "expects + and another voice"],
    ["af_heart(0)+af_sky", 0, "but not 0"],
    ["af_heart+af_sky(11)", 9, "-10 to 10"],
    ["af_heart + af_heart(2)", 11, "names a voice twice"],
    ["af_heart+af_sky(-1)", 9, "takes too much away"],
    ["af_heart+af_sky(-0.34)", 9, "takes too much away"],
    ["af_heart(-1)", 0, "takes too much away"],
    [Array.from({ length: 17 }, (_, i) => `v${i}`).join("+"), 54, "1 to 16 parts"],
    [`${"a".repeat(2_000)}+b`, 2000, "up to 2000 characters"],
  ])("refuses %j at character %i", (text, offset, message) => {
    const refused = (): unknown => {
      try {
        return parseVoiceReference(text);
      } catch (error) {
        return error;
      }
    };
    const error = refused() as InvalidInputError;
    expect(error).toBeInstanceOf(InvalidInputError);
    expect(error.issues[0]?.path).toEqual(["input", "voiceId"]);
    expect(error.issues[0]?.message).toContain(message);
    expect(error.issues[0]?.message).toContain(`(at character ${offset})`);
  });

  it("takes its time in proportion to its length, whatever it holds", () => {
    const startedAt = performance.now();
    for (const hostile of ["(".repeat(2000), "a+".repeat(999), `${" ".repeat(1999)}+`, "a(".repeat(1000)]) {
      expect(() => parseVoiceReference(hostile)).toThrow(InvalidInputError);
    }
    expect(performance.now() - startedAt).toBeLessThan(1000);
  });
});

describe("the parts of a mix", () => {
  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    "refuse the weight %d",
    (weight) => expect(mixFault([part("a", 1), part("b", weight)])?.index).toBe(1),
  );
  it("refuse to be none", () => expect(mixFault([])?.message).toContain("1 to 16"));
});
