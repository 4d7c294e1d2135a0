import { ScriptError, shown } from "./error.ts";

interface Where {
  readonly source: string;
  /** Behind the last tag that was understood. */
  readonly from: number;
  /** Where the parser stopped. */
  readonly position: number;
  /** Elements that are open, from the outside. */
  readonly open: readonly { readonly name: string; readonly start: number }[];
}

/** A reference as XML has them, at its "&". */
const REFERENCE = /&(?:#\d+|#x[\da-fA-F]+|[A-Za-z][\w.-]*);/y;
const PREFIX = /^\d+:\d+: /;

/** Says what an XML parser's message is about, where it is and how to mend it. */
export function explainXmlError(message: string, { source, from, position, open }: Where): ScriptError {
  const bare = bareAmpersand(source, from, position);
  if (bare >= 0) return new ScriptError(bare, 'a plain "&" is written as "&amp;" in SSML');
  const problem = message.replace(PREFIX, "").replace(/\.$/, "");
  const end = source.lastIndexOf("<", Math.max(from, position - 1));
  const tag = Math.max(from, end);
  if (problem.startsWith("unclosed tag") || ENDS_EARLY.has(problem))
    return unclosed(source.length, open, from);
  if (problem.startsWith("unexpected close tag") || problem.startsWith("unmatched closing tag")) {
    return wrongEnd(tag, open);
  }
  if (problem === "undefined entity") {
    const entity = source.lastIndexOf("&", position - 1);
    return new ScriptError(
      Math.max(from, entity),
      "XML knows the entities &amp; &lt; &gt; &quot; &apos; and numbers such as &#233; alone: write the character itself",
    );
  }
  if (problem === "malformed character entity") {
    return new ScriptError(
      Math.max(from, source.lastIndexOf("&", position - 1)),
      "the number of a character reference names no character that XML allows",
    );
  }
  if (problem.startsWith("duplicate attribute")) {
    return new ScriptError(tag, "an attribute is there twice: leave one of them");
  }
  if (problem === "text data outside of root node" || problem === "documents may contain only one root") {
    return new ScriptError(
      from + Math.max(0, source.slice(from).search(/\S/)),
      "SSML is one <speak> element: put everything inside it",
    );
  }
  const known = PROBLEMS.get(problem);
  return new ScriptError(
    ABOUT_TAGS.test(problem) ? tag : Math.max(from, position - 1),
    known ?? `the SSML is not well-formed XML: ${shown(problem)}`,
  );
}

const PROBLEMS: ReadonlyMap<string, string> = new Map([
  [
    "disallowed character",
    'a character stands here that XML does not allow: leave it out, or write "&lt;" for a plain "<"',
  ],
  ["disallowed character in tag name", 'a "<" begins a tag: write "&lt;" for a plain one'],
  ["disallowed character in attribute name", 'an attribute needs a name and a value in quotes: name="value"'],
  ["attribute without value", 'an attribute needs a value in quotes: name="value"'],
  ["unquoted attribute value", 'the value of an attribute stands in quotes: name="value"'],
  ["no whitespace between attributes", "attributes are parted by spaces"],
  ['the string "]]>" is disallowed in char data', 'write "]]&gt;" for "]]>"'],
]);

/** A document that is no document begins as one, or it would have been taken for plain text. */
const ENDS_EARLY: ReadonlySet<string> = new Set(["unexpected end", "document must contain a root element"]);

/** Problems that are told at the "<" of the tag that has them. */
const ABOUT_TAGS = /tag name|attribute/;

/** The first "&" that begins no reference, or -1. */
function bareAmpersand(source: string, from: number, until: number): number {
  for (let at = source.indexOf("&", from); at >= 0 && at < until; at = source.indexOf("&", at + 1)) {
    REFERENCE.lastIndex = at;
    if (!REFERENCE.test(source)) return at;
  }
  return -1;
}

function unclosed(end: number, open: Where["open"], from: number): ScriptError {
  const last = open.at(-1);
  if (last === undefined)
    return new ScriptError(
      Math.min(from, end),
      "the SSML ends inside a tag, a comment or a section: close it",
    );
  return new ScriptError(last.start, `<${shown(last.name)}> is never closed: add </${shown(last.name)}>`);
}

function wrongEnd(offset: number, open: Where["open"]): ScriptError {
  const last = open.at(-1);
  if (last === undefined)
    return new ScriptError(offset, "the end tag closes nothing: remove it or add its start tag");
  return new ScriptError(
    offset,
    `the end tag does not close <${shown(last.name)}>, which was opened last (offset ${last.start}): ` +
      "close elements in the opposite order of opening",
  );
}
