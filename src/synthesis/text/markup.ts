import { MappedText } from "./mapped-text.ts";

/** A tag that breaks the balance: where it is (UTF-16 offset in the text) and what to do about it. */
export interface MarkupIssue {
  readonly offset: number;
  readonly message: string;
}

/**
 * An HTML or XML tag. Linear: the name and the attributes start with different characters and neither passes
 * the next "<", so a failed attempt costs at most the distance to that next "<".
 */
const TAG =
  /<(?<slash>\/?)(?<name>[A-Za-z][\w:-]*)(?:\s[^<>]*)?>|<(?<selfClosing>[A-Za-z][\w:-]*)(?:\s[^<>]*)?\/>/g;

/** Elements that HTML never closes. */
const VOID_ELEMENTS: ReadonlySet<string> = new Set(
  "area base br col embed hr img input link meta source track wbr".split(" "),
);

/** Elements that stand on lines of their own; around them speech pauses as at a line break. */
const LINE_ELEMENTS: ReadonlySet<string> = new Set("br dd dt li option td th tr".split(" "));
const PARAGRAPH_ELEMENTS: ReadonlySet<string> = new Set(
  (
    "address article aside blockquote body div dl fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 " +
    "header hr html main nav ol p pre section table title ul"
  ).split(" "),
);

const SHOWN_NAME_LENGTH = 32;

/**
 * Checks that HTML or XML tags in a text are balanced, in one pass (linear time). `null` when they are.
 * Void HTML elements (`br`, `img` …) need no end tag; a `<` that opens no tag ("3 < 4") is plain text.
 */
export function checkMarkup(text: string): MarkupIssue | null {
  const open: { name: string; offset: number }[] = [];
  for (const match of text.matchAll(TAG)) {
    const name = match.groups?.name?.toLowerCase();
    if (name === undefined || VOID_ELEMENTS.has(name) || match[0].endsWith("/>")) continue;
    if (match.groups?.slash === "") {
      open.push({ name, offset: match.index });
      continue;
    }
    const top = open.at(-1);
    if (top?.name === name) {
      open.pop();
      continue;
    }
    return {
      offset: match.index,
      message:
        top === undefined
          ? `the end tag ${shown(name, true)} at character ${match.index} closes nothing: remove it or add its start tag.`
          : `the end tag ${shown(name, true)} at character ${match.index} comes before ${shown(top.name, true)}, ` +
            `which closes the tag at character ${top.offset}: close tags in the opposite order of opening.`,
    };
  }
  const unclosed = open.at(-1);
  if (unclosed === undefined) return null;
  return {
    offset: unclosed.offset,
    message:
      `the tag ${shown(unclosed.name, false)} at character ${unclosed.offset} is never closed: ` +
      `add ${shown(unclosed.name, true)}, remove it, or write "&lt;" for a plain "<".`,
  };
}

function shown(name: string, closing: boolean): string {
  const short = name.length > SHOWN_NAME_LENGTH ? `${name.slice(0, SHOWN_NAME_LENGTH)}…` : name;
  return `<${closing ? "/" : ""}${short}>`;
}

/** Takes tags and comments out of a text (their content stays) and decodes the common character references. */
export function stripMarkup(text: MappedText): MappedText {
  if (!text.text.includes("<") && !text.text.includes("&")) return text;
  return text
    .replace(/<!--(?:(?!-->)[\s\S]){0,2000}-->/g, " ")
    .replace(TAG, (match) => {
      const name = (match.groups?.name ?? match.groups?.selfClosing ?? "").toLowerCase();
      if (PARAGRAPH_ELEMENTS.has(name)) return "\n\n";
      return LINE_ELEMENTS.has(name) ? "\v" : "";
    })
    .replace(/&(?:#(?<decimal>\d{1,7})|#[xX](?<hex>[\da-fA-F]{1,6})|(?<name>[A-Za-z]{2,6}));/g, (match) => {
      const { decimal, hex, name } = match.groups ?? {};
      if (name !== undefined) return NAMED_REFERENCES.get(name) ?? null;
      const code = decimal === undefined ? Number.parseInt(hex ?? "0", 16) : Number.parseInt(decimal, 10);
      return code === 0 || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)
        ? " "
        : String.fromCodePoint(code);
    });
}

/** The text at its own offsets: tags and what is behind the first character of a reference are U+0000. */
export function visibleText(text: string): string {
  const stripped = stripMarkup(MappedText.of(text));
  if (stripped.text === text) return text;
  const shown = new Array<string>(text.length).fill("\0");
  for (let index = 0; index < stripped.text.length; index += 1) {
    const character = stripped.text.charAt(index);
    // Where an element ended a line there is a space to be seen.
    shown[stripped.sourceOffset(index)] = /[\n\v]/.test(character) ? " " : character;
  }
  return shown.join("");
}

const NAMED_REFERENCES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    amp: "&",
    lt: "<",
    gt: ">",
    quot: '"',
    apos: "'",
    nbsp: " ",
    ndash: "–",
    mdash: "—",
    hellip: "…",
    lsquo: "‘",
    rsquo: "’",
    ldquo: "“",
    rdquo: "”",
    laquo: "«",
    raquo: "»",
    deg: "°",
    copy: "©",
    reg: "®",
    trade: "™",
    euro: "€",
    pound: "£",
  }),
);
