import type { PronunciationEntry } from "../synthesis/text/pronunciation-data.ts";
import { unspeakableIpa } from "../synthesis/text/pronunciation-ipa.ts";
import { foldCase, foldGrapheme } from "../synthesis/text/pronunciation-view.ts";

const MAX_GRAPHEME_CHARACTERS = 200;
const MAX_ALIAS_CHARACTERS = 500;
const MAX_IPA_CHARACTERS = 200;

/** An entry as somebody wrote it, not yet looked at. */
export interface WrittenEntry {
  readonly grapheme: string;
  readonly alias?: string | null | undefined;
  readonly ipa?: string | null | undefined;
  readonly language?: string | null | undefined;
  readonly caseSensitive?: boolean | null | undefined;
}

/** A fault of an entry: which of its fields, and what that accepts. */
export interface EntryFault {
  readonly field: "grapheme" | "alias" | "ipa" | "language";
  readonly message: string;
}

/** Control and private characters, what XML cannot hold, and the one that stands for objects in the planner. */
const UNWANTED = /[\p{Cc}\p{Co}\ufffc\ufffe\uffff]/u;

const tidy = (text: string) => text.normalize("NFC").replace(/\s+/g, " ").trim();

const fits = (text: string, most: number) =>
  text.length <= most && text.isWellFormed() && !UNWANTED.test(text);

/** An entry by the rules, or its first fault. Nothing in a message is longer than a symbol. */
export function checkEntry(written: WrittenEntry): PronunciationEntry | EntryFault {
  const grapheme = tidy(written.grapheme);
  if (!fits(grapheme, MAX_GRAPHEME_CHARACTERS) || !/[\p{L}\p{N}\p{S}\p{P}]/u.test(foldGrapheme(grapheme))) {
    return {
      field: "grapheme",
      message: `accepts 1 to ${MAX_GRAPHEME_CHARACTERS} characters that can be seen`,
    };
  }
  const alias = tidy(written.alias ?? "");
  const ipa = tidy(written.ipa ?? "");
  if ((alias === "") === (ipa === "")) {
    return { field: "alias", message: "needs an `alias` or an `ipa`, and not both" };
  }
  if (!fits(alias, MAX_ALIAS_CHARACTERS) || (alias !== "" && !/[\p{L}\p{N}\p{S}]/u.test(alias))) {
    return {
      field: "alias",
      message: `accepts 1 to ${MAX_ALIAS_CHARACTERS} characters, with something to read`,
    };
  }
  const ipaFault = ipa === "" ? null : faultOfIpa(ipa);
  if (ipaFault !== null) return { field: "ipa", message: ipaFault };
  const language =
    written.language == null || written.language.trim() === "" ? null : canonicalLanguage(written.language);
  if (language === undefined) {
    return { field: "language", message: "accepts a BCP-47 tag of a language, such as `en` or `pt-BR`" };
  }
  const caseSensitive = written.caseSensitive ?? false;
  return { grapheme, ...(ipa === "" ? { alias } : { ipa }), language, caseSensitive };
}

export function isFault(checked: PronunciationEntry | EntryFault): checked is EntryFault {
  return "field" in checked;
}

function faultOfIpa(ipa: string): string | null {
  if (!fits(ipa, MAX_IPA_CHARACTERS)) return `accepts 1 to ${MAX_IPA_CHARACTERS} characters`;
  const symbol = unspeakableIpa(ipa);
  if (symbol === null) return null;
  if (symbol === "") return "holds no sound: write it in the International Phonetic Alphabet";
  const code = `U+${(symbol.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
  const shown = /\p{M}/u.test(symbol) ? `◌${symbol}` : symbol;
  return `holds the symbol "${shown}" (${code}), which no model can say: write it in the International Phonetic Alphabet`;
}

const names = new Intl.DisplayNames("en", { type: "language", fallback: "none" });

/** A tag in its usual form; undefined for what is no tag or names no language. */
export function canonicalLanguage(tag: string): string | undefined {
  if (tag.length > 35) return undefined;
  try {
    const { language, baseName } = new Intl.Locale(tag.trim());
    return names.of(language) === undefined ? undefined : baseName;
  } catch {
    return undefined;
  }
}

/** What tells an entry from every other of its dictionary; also their order. */
export function keyOf({ grapheme, language, caseSensitive }: PronunciationEntry): string {
  const exact = foldGrapheme(grapheme);
  // Nothing of it holds the separator: control characters are refused.
  return [foldCase(exact), language ?? "", caseSensitive ? exact : ""].join("\0");
}

/** The part of a key that is the same for all that are written alike. */
export const wordOfKey = (key: string): string => key.slice(0, key.indexOf("\0"));
