import { describe, expect, test } from "vitest";
import { type BuiltDictionary, buildDictionary } from "../../src/dictionaries/build.ts";
import { matchingEntries, pageOfEntries } from "../../src/dictionaries/entries.ts";
import { keyOf } from "../../src/dictionaries/entry.ts";
import { writePls } from "../../src/dictionaries/pls.ts";
import { type PronunciationEntry, unpackPronunciations } from "../../src/synthesis/text/pronunciation.ts";
import { entriesOf, faultsOf, NOTHING, take } from "./building.ts";

describe("changes", () => {
  const start = entriesOf(
    buildDictionary([], {
      ...NOTHING,
      set: [
        { grapheme: "one", alias: "1" },
        { grapheme: "two", alias: "2", language: "EN-gb" },
        { grapheme: "three", alias: "3", caseSensitive: true },
      ],
    }),
  );

  test("set, replace and remove are counted; what stays as it is changes nothing", () => {
    const after = buildDictionary(start, {
      ...NOTHING,
      remove: [{ grapheme: "TWO", language: "en-GB" }],
      set: [
        { grapheme: "One", alias: "eins" },
        { grapheme: "Three", alias: "3", caseSensitive: true },
      ],
    }) as BuiltDictionary;
    expect(after.report).toEqual({ added: 1, changed: 1, removed: 1, doubles: 0 });
    expect(entriesOf(after).map(({ grapheme }) => grapheme)).toEqual(["One", "Three", "three"]);
    const same = buildDictionary(start, { ...NOTHING, set: [{ grapheme: "one", alias: "1" }] });
    expect((same as BuiltDictionary).data).toEqual(buildData(start));
  });

  const buildData = (entries: readonly PronunciationEntry[]) =>
    (buildDictionary(entries, NOTHING) as BuiltDictionary).data;

  test("every fault is told with its place, and nothing is done", () => {
    const result = buildDictionary(start, {
      ...NOTHING,
      remove: [{ grapheme: "four" }],
      set: [
        { grapheme: "x", alias: "y" },
        { grapheme: "X", alias: "z" },
        { grapheme: "a\u0007b", alias: "y" },
        { grapheme: "c", alias: "\ufffc" },
        { grapheme: "d", ipa: "x".repeat(201) },
        { grapheme: "e", alias: "f", language: "not a tag" },
      ],
    });
    expect("issues" in result && result.issues.map(({ path }) => path.join("."))).toEqual([
      "input.removeEntries.0",
      "input.entries.1",
      "input.entries.2.grapheme",
      "input.entries.3.alias",
      "input.entries.4.ipa",
      "input.entries.5.language",
    ]);
  });

  test("one word has a bounded number of entries", () => {
    const spellings = (count: number) =>
      Array.from({ length: count }, (_, index) => ({
        grapheme: [..."variants"]
          .map((letter, bit) => ((index >> bit) & 1 ? letter.toUpperCase() : letter))
          .join(""),
        alias: "x",
        caseSensitive: true,
      }));
    expect(entriesOf(buildDictionary([], { ...NOTHING, set: spellings(64) }))).toHaveLength(64);
    expect(faultsOf(buildDictionary([], { ...NOTHING, set: spellings(65) }))[0]).toContain(
      "more than 64 entries",
    );
  });

  test("100,000 entries fit, one more does not", () => {
    const table = (count: number) =>
      `grapheme,ipa\n${Array.from({ length: count }, (_, index) => `word${index},wɜːd`).join("\n")}\n`;
    const full = take(table(100_000)) as BuiltDictionary;
    expect(full.entryCount).toBe(100_000);
    expect(faultsOf(take(table(100_001)))[0]).toContain("holds more than 100000 entries");
    const more = buildDictionary(unpackPronunciations(full.data.packed), {
      ...NOTHING,
      set: [{ grapheme: "one more", alias: "x" }],
    });
    expect(faultsOf(more)[0]).toContain("leads to 100001 entries");
    expect(entriesOf(take(writePls(unpackPronunciations(full.data.packed))))).toHaveLength(100_000);
  });

  test("entries of 5,000,000 characters together fit, more do not", () => {
    const table = (count: number) =>
      `grapheme,alias\n${Array.from({ length: count }, (_, index) => `${String(index).padStart(7, "w")},${"x".repeat(493)}`).join("\n")}\n`;
    expect(take(table(10_000))).toMatchObject({ entryCount: 10_000 });
    expect(faultsOf(take(table(10_001)))[0]).toContain("leads to 5000500 characters");
  });

  test("pages lead through all entries in both directions", () => {
    const all = entriesOf(
      buildDictionary([], {
        ...NOTHING,
        set: Array.from({ length: 25 }, (_, index) => ({
          grapheme: `w${index}`,
          alias: `said ${index % 3}`,
        })),
      }),
    );
    const walk = (inverted: boolean) => {
      const seen: PronunciationEntry[] = [];
      let cursor: string | null = null;
      for (;;) {
        const at = inverted ? { after: null, before: cursor } : { after: cursor, before: null };
        const page = pageOfEntries(all, { limit: 10, ...at, inverted });
        seen.push(...page);
        const last = page.at(-1);
        if (last === undefined) return seen;
        cursor = keyOf(last);
      }
    };
    expect(walk(false)).toEqual(all);
    expect(walk(true)).toEqual(all.toReversed());
    expect(matchingEntries(all, { text: "SAID 1", language: "en" })).toHaveLength(8);
    expect(matchingEntries(all, { text: "w24", language: null })).toHaveLength(1);
  });
});
