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
  return address
    .replace(/@/g, ` ${words.at} `)
    .replace(/\./g, ` ${words.dot} `)
    .replace(/\//g, ` ${words.slash} `)
    .replace(/-/g, ` ${words.dash} `)
    .replace(/_/g, ` ${words.underscore} `)
    .replace(/[?&=#%+:;,~]+/g, " ")
    .replace(/\s+/g, " ")
    .trim();
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
      pattern:
        /(?<![\w.@/-])(?<host>[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,6}\.(?:com|org|net|edu|gov|io|dev|info|app|ai|eu|uk|de|fr|es|it|br|jp|cn))(?<path>\/[\w./-]{0,200})?(?![\w-])/gi,
      say: (match) => {
        const path = group(match, "path").replace(/[/.]+$/, "");
        const cut = group(match, "path").length - path.length;
        const tail = cut === 0 ? "" : group(match, "path").slice(-cut).replace(/\//g, "");
        return `${spell(group(match, "host") + path, words)}${tail}`;
      },
    },
  ];
}
