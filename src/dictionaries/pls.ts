import { SaxesParser, type SaxesTagNS } from "saxes";
import type { PronunciationEntry } from "../synthesis/text/pronunciation-data.ts";
import { DocumentFault, type FileDefaults, type FileEntry, requireRoom } from "./document.ts";

/** Lexicons of the W3C's Pronunciation Lexicon Specification 1.0: https://www.w3.org/TR/pronunciation-lexicon/ */
const PLS = "http://www.w3.org/2005/01/pronunciation-lexicon";
/** Attributes of our own, for what a lexeme cannot say otherwise: its language and its case rule. */
const OWN = "urn:speaker:pronunciation";

const MAX_DEPTH = 32;
/** One pronunciation is a few hundred characters; what is longer is cut here and refused by the rules of entries. */
const MAX_TEXT_CHARACTERS = 2_000;

/** Where each element may stand. */
const PARENTS: Readonly<Record<string, string>> = {
  lexicon: "",
  meta: "lexicon",
  metadata: "lexicon",
  lexeme: "lexicon",
  grapheme: "lexeme",
  phoneme: "lexeme",
  alias: "lexeme",
  example: "lexeme",
};

interface Pronunciation {
  readonly kind: "alias" | "ipa";
  readonly alphabet: string;
  readonly prefer: boolean;
  text: string;
}

interface Lexeme {
  readonly line: number;
  readonly hasRole: boolean;
  readonly language: string | null;
  readonly caseSensitive: boolean;
  readonly graphemes: string[];
  readonly pronunciations: Pronunciation[];
}

/**
 * Reads a lexicon. Of several pronunciations the preferred one is taken, else the first; every grapheme of a lexeme gets
 * it. Lexemes with a role (one reading of several of a word) come behind those without.
 *
 * @throws DocumentFault at the first thing that is not as the specification says. Document types, and with them entities
 *   of one's own, are refused.
 */
export function readPls(text: string, defaults: FileDefaults): FileEntry[] {
  const parser = new SaxesParser({ xmlns: true, position: true });
  const reader = new LexiconReader(defaults);
  const at = () => parser.line;
  parser.on("error", (error) => {
    // "12:3: text": the place is told apart from the message, which may quote a name of any length.
    const reason = error.message.replace(/^\d+:\d+: /, "").slice(0, 100);
    throw new DocumentFault(at(), `is not well-formed XML: ${reason}`);
  });
  parser.on("doctype", () => {
    throw new DocumentFault(at(), "has a document type: remove it; entities of one's own are not read");
  });
  parser.on("opentag", (tag) => reader.open(tag, at()));
  parser.on("text", (piece) => reader.text(piece));
  parser.on("cdata", (piece) => reader.text(piece));
  parser.on("closetag", () => reader.close(at()));
  parser.write(text).close();
  return reader.entries();
}

class LexiconReader {
  readonly #defaults: FileDefaults;
  readonly #plain: FileEntry[] = [];
  readonly #withRole: FileEntry[] = [];
  readonly #open: string[] = [];
  #language: string | null = null;
  #alphabet = "ipa";
  #lexeme: Lexeme | null = null;
  /** Collects the text of the element that is open; null where text says nothing. */
  #text: string | null = null;
  /** How many open elements are passed over with all that is in them. */
  #passed = 0;

  constructor(defaults: FileDefaults) {
    this.#defaults = defaults;
  }

  open(tag: SaxesTagNS, line: number): void {
    if (this.#open.length + this.#passed >= MAX_DEPTH) {
      throw new DocumentFault(line, `is nested more than ${MAX_DEPTH} elements deep`);
    }
    const parent = this.#open.at(-1) ?? "";
    if (this.#passed > 0 || this.#isForeign(tag) || parent === "metadata") {
      if (parent === "")
        throw new DocumentFault(line, "is no lexicon: it must begin with the element `lexicon`");
      this.#passed += 1;
      return;
    }
    if (PARENTS[tag.local] !== parent) {
      throw new DocumentFault(line, misplaced(tag.local, parent));
    }
    this.#open.push(tag.local);
    this.#begin(tag, line);
  }

  text(piece: string): void {
    if (this.#text === null || this.#passed > 0 || this.#text.length > MAX_TEXT_CHARACTERS) return;
    this.#text += piece;
  }

  close(line: number): void {
    if (this.#passed > 0) {
      this.#passed -= 1;
      return;
    }
    const name = this.#open.pop();
    const text = (this.#text ?? "").trim();
    this.#text = null;
    if (name === "grapheme") this.#lexeme?.graphemes.push(text);
    else if (name === "phoneme" || name === "alias") {
      const last = this.#lexeme?.pronunciations.at(-1);
      if (last !== undefined) last.text = text;
    } else if (name === "lexeme") this.#finish(line);
  }

  entries(): FileEntry[] {
    return [...this.#plain, ...this.#withRole];
  }

  #isForeign({ uri }: SaxesTagNS): boolean {
    return uri !== PLS && uri !== "";
  }

  #begin(tag: SaxesTagNS, line: number): void {
    const value = (name: string) => tag.attributes[name]?.value;
    const own = (name: string) =>
      Object.values(tag.attributes).find((each) => each.uri === OWN && each.local === name)?.value;
    if (tag.local === "lexicon") {
      const version = value("version");
      if (version !== undefined && version !== "1.0") {
        throw new DocumentFault(line, "is of a version of lexicons that is not read here: version 1.0 is");
      }
      this.#language = languageOf(value("xml:lang"), this.#defaults.language);
      this.#alphabet = value("alphabet") ?? "ipa";
    } else if (tag.local === "lexeme") {
      const sensitive = own("case-sensitive");
      this.#lexeme = {
        line,
        hasRole: value("role") !== undefined,
        language: languageOf(own("language"), this.#language),
        caseSensitive: sensitive === undefined ? this.#defaults.caseSensitive : sensitive === "true",
        graphemes: [],
        pronunciations: [],
      };
    } else if (tag.local === "phoneme" || tag.local === "alias") {
      this.#text = "";
      this.#lexeme?.pronunciations.push({
        kind: tag.local === "alias" ? "alias" : "ipa",
        alphabet: value("alphabet") ?? this.#alphabet,
        prefer: value("prefer") === "true",
        text: "",
      });
    } else if (tag.local === "grapheme") this.#text = "";
  }

  #finish(closedAt: number): void {
    const lexeme = this.#lexeme;
    this.#lexeme = null;
    if (lexeme === null) return;
    const { line, graphemes, pronunciations, language, caseSensitive } = lexeme;
    if (graphemes.length === 0) throw new DocumentFault(line, "has a lexeme without a `grapheme`");
    const readable = pronunciations.filter(({ kind, alphabet }) => kind === "alias" || alphabet === "ipa");
    const chosen = readable.find(({ prefer }) => prefer) ?? readable[0];
    if (chosen === undefined) {
      const message =
        pronunciations.length === 0
          ? "has a lexeme without a `phoneme` or an `alias`"
          : "has a lexeme whose phonemes are all in another alphabet than `ipa`, the one that is read";
      throw new DocumentFault(line, message);
    }
    const target = lexeme.hasRole ? this.#withRole : this.#plain;
    for (const grapheme of graphemes) {
      requireRoom({ length: this.#plain.length + this.#withRole.length }, closedAt);
      target.push({ grapheme, [chosen.kind]: chosen.text, language, caseSensitive, line });
    }
  }
}

/** `und` says that the language is not known: the entry holds for every one. */
function languageOf(tag: string | undefined, otherwise: string | null): string | null {
  if (tag === undefined || tag.trim() === "") return otherwise;
  return tag.trim().toLowerCase() === "und" ? null : tag;
}

function misplaced(name: string, parent: string): string {
  const shown = name.length > 32 ? `${name.slice(0, 32)}…` : name;
  if (parent === "") return "is no lexicon: it must begin with the element `lexicon`";
  const taken = Object.keys(PARENTS).filter((each) => PARENTS[each] === parent);
  const accepted = taken.length === 0 ? "text alone" : taken.map((each) => `\`${each}\``).join(", ");
  return `has the element \`${shown}\` in \`${parent}\`, which accepts ${accepted}`;
}

const ESCAPES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const escaped = (text: string) => text.replace(/[&<>"]/g, (sign) => ESCAPES[sign] ?? sign);

/**
 * Entries as a lexicon. It is of the language that most of them have; the others, and those that mind the case, say so in
 * attributes that other programs pass over.
 */
export function writePls(entries: readonly PronunciationEntry[]): string {
  const language = mostFrequent(entries);
  const lexemes = entries.map((entry) => {
    const own = [
      ...(entry.language === language ? [] : [` speaker:language="${escaped(entry.language ?? "und")}"`]),
      ...(entry.caseSensitive ? [' speaker:case-sensitive="true"'] : []),
    ];
    const said =
      entry.ipa === undefined
        ? `<alias>${escaped(entry.alias ?? "")}</alias>`
        : `<phoneme>${escaped(entry.ipa)}</phoneme>`;
    return `  <lexeme${own.join("")}><grapheme>${escaped(entry.grapheme)}</grapheme>${said}</lexeme>\n`;
  });
  return (
    '<?xml version="1.0" encoding="UTF-8"?>\n' +
    `<lexicon version="1.0" xmlns="${PLS}" xmlns:speaker="${OWN}" alphabet="ipa" xml:lang="${escaped(language ?? "und")}">\n` +
    `${lexemes.join("")}</lexicon>\n`
  );
}

function mostFrequent(entries: readonly PronunciationEntry[]): string | null {
  const counts = new Map<string | null, number>();
  for (const { language } of entries) counts.set(language, (counts.get(language) ?? 0) + 1);
  let most: string | null = null;
  for (const [language, count] of counts) if (count > (counts.get(most) ?? 0)) most = language;
  return most;
}
