import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { EMOJI_SEQUENCE } from "../characters.ts";
import type { Rule } from "./rule.ts";

/** Languages in which emoji have names: the folders of emojibase-data (from Unicode's locale data). */
const NAMED = new Set(
  "bn da de en en-gb es es-mx et fi fr hi hu it ja ko lt ms nb nl pl pt ru sv th uk vi zh zh-hant".split(" "),
);

interface Named {
  readonly label: string;
  readonly unicode: string;
}

const tables = new Map<string, ReadonlyMap<string, string>>();
/** The folder of the package, one folder in it for each language. */
const home = dirname(createRequire(import.meta.url).resolve("emojibase-data/package.json"));

/** Selectors and skin tones say nothing aloud. */
const plain = (emoji: string): string => emoji.replace(/[\ufe0e\ufe0f\u{1f3fb}-\u{1f3ff}]/gu, "");

/** Names of emoji in a language, read at first use; null where there are none. */
function namesOf(language: string): ReadonlyMap<string, string> | null {
  const tag = language.toLowerCase();
  const bare = tag.split("-")[0] ?? "";
  const folder = NAMED.has(tag) ? tag : bare;
  if (!NAMED.has(folder)) return null;
  let table = tables.get(folder);
  if (table === undefined) {
    const entries = JSON.parse(readFileSync(join(home, folder, "compact.json"), "utf8")) as readonly Named[];
    table = new Map(entries.map(({ unicode, label }) => [plain(unicode), label.replace(/\s*:\s+/gu, " ")]));
    tables.set(folder, table);
  }
  return table;
}

/** An emoji's name, or that of its first part ("woman" of a sequence that has no name). */
function nameOf(emoji: string, names: ReadonlyMap<string, string>): string | null {
  const whole = plain(emoji);
  return names.get(whole) ?? names.get(whole.split("\u200d")[0] ?? "") ?? null;
}

const SEQUENCES = new RegExp(` ?(?:${EMOJI_SEQUENCE})(?: ?(?:${EMOJI_SEQUENCE}))* ?`, "gu");
const ONE = new RegExp(EMOJI_SEQUENCE, "gu");

/**
 * Emoji by name, one in a row of the same said once, set apart from the words by commas; `drop`, and where there is
 * no name: left out.
 */
export function emojiRules(language: string, mode: "drop" | "speak"): readonly Rule[] {
  const say: Rule["say"] = (match, text) => {
    const names = mode === "speak" ? namesOf(language) : null;
    if (names === null) return " ";
    const said = [...new Set(match[0].match(ONE) ?? [])]
      .map((emoji) => nameOf(emoji, names))
      .filter((name) => name !== null);
    if (said.length === 0) return " ";
    const before = text.charAt(match.index - 1);
    const after = text.charAt(match.index + match[0].length);
    const start = /[\p{L}\p{M}\p{N}]/u.test(before) ? ", " : before === "" ? "" : " ";
    const end = /[\p{L}\p{N}]/u.test(after) ? ", " : /[“(]/.test(after) ? " " : "";
    return `${start}${[...new Set(said)].join(", ")}${end}`;
  };
  return [{ pattern: SEQUENCES, say }];
}
