import { expect, test } from "vitest";
import { MARKS, toTokens, toVocabulary, VOCABULARY } from "../../../src/synthesis/text/vocabulary.ts";

test("the table has the model's symbols at the model's ids", () => {
  expect(VOCABULARY.size).toBe(114);
  const known = {
    ";": 1,
    "?": 6,
    "—": 9,
    " ": 16,
    "\u0303": 17,
    A: 24,
    I: 25,
    O: 31,
    T: 36,
    Y: 41,
    ᵊ: 42,
    z: 68,
  };
  const more = {
    ɑ: 69,
    ç: 78,
    ʤ: 82,
    ɡ: 92,
    ɹ: 123,
    ɾ: 125,
    ʧ: 133,
    ʒ: 147,
    ˈ: 156,
    ː: 158,
    "↓": 169,
    "↗": 172,
    ᵻ: 177,
  };
  for (const [symbol, id] of Object.entries({ ...known, ...more })) expect(VOCABULARY.get(symbol)).toBe(id);
  for (const mark of MARKS) expect(VOCABULARY.get(mark)).toBeLessThan(16);
  expect(Math.max(...VOCABULARY.values())).toBe(177);
  expect(new Set(VOCABULARY.values()).size).toBe(VOCABULARY.size);
});

test("symbols outside the vocabulary become their nearest neighbours", () => {
  const unknown: string[] = [];
  expect(toVocabulary("gõçɫɦt\u0361s", (symbol) => unknown.push(symbol))).toBe("ɡo\u0303çlhts");
  expect(unknown).toEqual([]);
});

test("a symbol without a neighbour is reported, never dropped in silence", () => {
  const unknown: string[] = [];
  expect(toVocabulary("a7b", (symbol) => unknown.push(symbol))).toBe("ab");
  expect(unknown).toEqual(["7"]);
});

test("tokens are the ids in order, and a stray symbol is refused", () => {
  expect(toTokens("hˈI!")).toEqual([50, 156, 25, 5]);
  expect(() => toTokens("ŧ")).toThrow(RangeError);
});
