import { group, type Rule } from "./rule.ts";

/** How the signs of an address are read out. */
export interface WebWords {
  readonly at: string;
  readonly dot: string;
  readonly slash: string;
  readonly dash: string;
  readonly underscore: string;
}

function spell(address: string, words: WebWords): string {
  const names: Readonly<Record<string, string>> = {
    "@": words.at,
    ".": words.dot,
    "/": words.slash,
    "-": words.dash,
    _: words.underscore,
  };
  return address
    .replace(/[@./_-]/g, (sign) => ` ${names[sign] ?? sign} `)
    .replace(/[?&=#%+:;,~]+/g, " ")
    .replace(/\s+/g, " ")
    .trim();
}

/** Endings of hosts that are written without a scheme; countries of the languages that are normalised and a few more. */
const TOP_LEVEL =
  "com|org|net|edu|gov|io|dev|info|app|ai|eu|uk|us|ca|au|de|fr|es|it|br|pt|nl|be|pl|ru|se|dk|fi|cz|ch|jp|cn|mx|ar";

/** "ThrowbackThursday2024" in its words, an acronym as it stands. */
function tagWords(tag: string): string {
  const words = tag
    .replace(/_+/g, " ")
    .replace(/(?<=\p{Ll})(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})|(?<=\p{L})(?=\d)|(?<=\d)(?=\p{L})/gu, " ")
    .trim();
  return words
    .split(" ")
    .map((word) => (word.length > 1 && word === word.toUpperCase() ? word : word.toLowerCase()))
    .join(" ");
}

/**
 * E-mail addresses and URLs, read as they would be dictated; the scheme, a query and a fragment are not read.
 * The look-behinds let each run of address characters be tried from its first character only.
 */
export function webRules(words: WebWords): readonly Rule[] {
  return [
    {
      pattern: /(?<![\w.@/])(?:https?:\/\/|www\.)(?<rest>[^\s<>"“”()[\]{}]+)/gi,
      say: (match) => {
        const trailing = /[.,;:!?…'’]*$/.exec(match[0].slice(-8))?.[0] ?? "";
        const whole = match[0].slice(0, match[0].length - trailing.length).replace(/^https?:\/\//i, "");
        const path = whole.replace(/[?#].*$/s, "").replace(/(?<!\/)\/+$/, "");
        return `${spell(path, words)}${trailing}`;
      },
    },
    {
      pattern: /(?<![\w.%+@-])[\w.%+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}/g,
      say: (match) => spell(match[0], words),
    },
    {
      pattern: new RegExp(
        `(?<![\\w.@/-])(?<host>[a-z0-9-]{1,63}(?:\\.[a-z0-9-]{1,63}){0,6}\\.(?:${TOP_LEVEL}))(?<path>/[\\w./-]{0,200})?(?![\\w-])`,
        "gi",
      ),
      say: (match, text) => {
        const host = group(match, "host");
        const path = group(match, "path").replace(/[/.]+$/, "");
        // "end.In the": a forgotten space, not a host in India.
        if (/\.[A-Z][a-z]$/.test(host)) return null;
        const cut = group(match, "path").length - path.length;
        const tail = cut === 0 ? "" : group(match, "path").slice(-cut).replace(/\//g, "");
        const joined = /\p{L}/u.test(text.charAt(match.index + match[0].length)) ? " " : "";
        return `${spell(host + path, words)}${tail}${joined}`;
      },
    },
  ];
}

/** "#ThrowbackThursday" is "hashtag throwback thursday", "@ann_b" is "at ann b". */
export function tagRules(words: { readonly hashtag: string; readonly mention: string }): readonly Rule[] {
  return [
    {
      pattern: /(?<![\p{L}\p{N}#&/_])#(?<tag>(?:\d{1,6}(?=\p{L}{3}))?\p{L}[\p{L}\p{M}\p{N}_]{0,99})/gu,
      say: (match) => `${words.hashtag} ${tagWords(group(match, "tag"))}`,
    },
    {
      pattern: /(?<![\p{L}\p{N}@._-])@(?<name>[\p{L}\p{N}][\p{L}\p{M}\p{N}_]{0,49})(?!@|\.\p{L})/gu,
      say: (match) => `${words.mention} ${group(match, "name").replace(/_+/g, " ").trimEnd()}`,
    },
  ];
}
