import type { Range } from "../mapped-text.ts";

/** A part of a text that is HTML or XML and not words. */
export interface MarkupToken extends Range {
  readonly kind: "tag" | "comment" | "reference";
  /** What is read in its place: a line end, the character that a reference names, or nothing. */
  readonly by: string;
  /** Of a tag, in lower case; empty for a declaration such as `<!DOCTYPE html>`. */
  readonly name: string;
  readonly form: "start" | "end" | "empty";
}

/** A tag that breaks the balance: where it is (UTF-16 offset in the text) and what to do about it. */
export interface MarkupIssue {
  readonly offset: number;
  readonly message: string;
}

/**
 * An HTML or XML tag, at its "<". Linear: the name and the attributes start with different characters and neither
 * passes the next "<", so a failed attempt costs at most the distance to that next "<".
 */
const TAG =
  /<(?<slash>\/?)(?<name>[A-Za-z][\w:-]*)(?:\s[^<>]*)?>|<(?<empty>[A-Za-z][\w:-]*)(?:\s[^<>]*)?\/>/y;
const DECLARATION = /<(?:![A-Za-z]|\?[A-Za-z])[^<>]*>/y;
const REFERENCE = /&(?:#(?<decimal>\d{1,7})|#[xX](?<hex>[\da-fA-F]{1,6})|(?<name>[A-Za-z]{2,6}\d{0,2}));/y;

/** Elements that HTML never closes. */
const VOID_ELEMENTS: ReadonlySet<string> = new Set(
  "area base br col embed hr img input link meta source track wbr".split(" "),
);
/** Elements whose content is for programs. */
const HIDDEN_ELEMENTS: ReadonlySet<string> = new Set(["script", "style"]);
/** Elements that stand on lines of their own; around them speech pauses as at a line break. */
const LINE_ELEMENTS: ReadonlySet<string> = new Set("br dd dt li option td th tr".split(" "));
const PARAGRAPH_ELEMENTS: ReadonlySet<string> = new Set(
  (
    "address article aside blockquote body div dl fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 " +
    "header hr html main nav ol p pre section table title ul"
  ).split(" "),
);

/** Finds tags, comments and the common character references of a text, in order, in one pass. */
export function scanHtml(text: string): MarkupToken[] {
  const tokens: MarkupToken[] = [];
  // Ends that were looked for in vain are not looked for again: what is left of the text was searched.
  const endless = new Set<string>();
  const find = (what: string, from: number): number => {
    if (endless.has(what)) return -1;
    const at = what === COMMENT_END ? text.indexOf(what, from) : indexOfEndTag(text, what, from);
    if (at < 0) endless.add(what);
    return at;
  };
  const special = /[<&]/g;
  for (let match = special.exec(text); match !== null; match = special.exec(text)) {
    const token = match[0] === "&" ? referenceAt(text, match.index) : tagAt(text, match.index, find);
    if (token === null) continue;
    tokens.push(token);
    special.lastIndex = token.end;
    if (token.form !== "start" || !HIDDEN_ELEMENTS.has(token.name)) continue;
    const end = find(token.name, token.end);
    if (end <= token.end) continue;
    tokens.push({ kind: "comment", start: token.end, end, by: "", name: "", form: "empty" });
    special.lastIndex = end;
  }
  return tokens;
}

const COMMENT_END = "-->";

/** The next end tag of an element that is hidden, whatever its letter case. */
function indexOfEndTag(text: string, name: string, from: number): number {
  const pattern = name === "script" ? /<\/script\b/gi : /<\/style\b/gi;
  pattern.lastIndex = from;
  return pattern.exec(text)?.index ?? -1;
}

function tagAt(
  text: string,
  start: number,
  find: (what: string, from: number) => number,
): MarkupToken | null {
  if (text.startsWith("<!--", start)) {
    const end = find(COMMENT_END, start + 4);
    return end < 0 ? null : { kind: "comment", start, end: end + 3, by: " ", name: "", form: "empty" };
  }
  const match = matchAt(TAG, text, start);
  if (match === null) {
    const declaration = matchAt(DECLARATION, text, start);
    if (declaration === null) return null;
    return { kind: "tag", start, end: start + declaration[0].length, by: "", name: "", form: "empty" };
  }
  const name = (match.groups?.name ?? match.groups?.empty ?? "").toLowerCase();
  const empty = VOID_ELEMENTS.has(name) || match[0].endsWith("/>");
  const form = empty ? "empty" : match.groups?.slash === "" ? "start" : "end";
  const by = PARAGRAPH_ELEMENTS.has(name) ? "\n\n" : LINE_ELEMENTS.has(name) ? "\v" : "";
  return { kind: "tag", start, end: start + match[0].length, by, name, form };
}

function referenceAt(text: string, start: number): MarkupToken | null {
  const match = matchAt(REFERENCE, text, start);
  if (match === null) return null;
  const { decimal, hex, name } = match.groups ?? {};
  const by =
    name === undefined
      ? character(Number.parseInt(decimal ?? hex ?? "0", decimal === undefined ? 16 : 10))
      : NAMED_REFERENCES.get(name);
  if (by === undefined) return null;
  return { kind: "reference", start, end: start + match[0].length, by, name: "", form: "empty" };
}

/** What has no place in a text is a space. */
function character(code: number): string {
  const unfit = code === 0 || code > 0x10ffff || (code >= 0xd800 && code < 0xe000) || code === 0xfffc;
  return unfit ? " " : String.fromCodePoint(code);
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

/** What is wrong with the tags of a plain text; `null` when they are balanced. */
export const checkMarkup = (text: string): MarkupIssue | null => findImbalance(scanHtml(text));

/** Whether the tags are balanced; `null` when they are. Void elements (`br`, `img` …) need no end tag. */
export function findImbalance(tokens: readonly MarkupToken[]): MarkupIssue | null {
  const open: { name: string; offset: number }[] = [];
  for (const { kind, name, form, start } of tokens) {
    if (kind !== "tag" || form === "empty") continue;
    const top = open.at(-1);
    if (form === "start") open.push({ name, offset: start });
    else if (top?.name === name) open.pop();
    else return { offset: start, message: endTagIssue(name, top) };
  }
  const unclosed = open.at(-1);
  if (unclosed === undefined) return null;
  const { name, offset } = unclosed;
  return {
    offset,
    message:
      `the tag ${shownTag(name, false)} is never closed: ` +
      `add ${shownTag(name, true)}, remove it, or write "&lt;" for a plain "<"`,
  };
}

function endTagIssue(name: string, top: { name: string; offset: number } | undefined): string {
  if (top === undefined) {
    return `the end tag ${shownTag(name, true)} closes nothing: remove it or add its start tag`;
  }
  return (
    `the end tag ${shownTag(name, true)} comes before ${shownTag(top.name, true)}, which closes the tag at offset ` +
    `${top.offset}: close tags in the opposite order of opening`
  );
}

const SHOWN_NAME_LENGTH = 32;

/** A tag as messages show it: a glimpse of a hostile name. */
function shownTag(name: string, closing: boolean): string {
  const short = name.length > SHOWN_NAME_LENGTH ? `${name.slice(0, SHOWN_NAME_LENGTH)}…` : name;
  return `<${closing ? "/" : ""}${short}>`;
}

const NAMED_REFERENCES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    amp: "&",
    lt: "<",
    gt: ">",
    quot: '"',
    apos: "'",
    nbsp: "\u00a0",
    shy: "\u00ad",
    ndash: "–",
    mdash: "—",
    hellip: "…",
    lsquo: "‘",
    rsquo: "’",
    ldquo: "“",
    rdquo: "”",
    laquo: "«",
    raquo: "»",
    bull: "•",
    middot: "·",
    deg: "°",
    plusmn: "±",
    times: "×",
    divide: "÷",
    micro: "µ",
    frac12: "½",
    sup2: "²",
    sup3: "³",
    copy: "©",
    reg: "®",
    trade: "™",
    euro: "€",
    pound: "£",
    yen: "¥",
    cent: "¢",
  }),
);
