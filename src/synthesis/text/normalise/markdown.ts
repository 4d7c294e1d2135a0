import { group, type Rule } from "./rule.ts";

/** A table's or a page's ruler: "|---|:--:|", "---". Two hyphens and more have been folded into a dash. */
const RULER = /(?<=^|[\n\v])[ ]{0,8}\|?[ ]?:?(?:-{2,}|—)[-—:| ]{0,400}(?=$|\n|\v)/g;

/**
 * Markdown that people paste, understood: links by their text, images by their description, lists and tables line by
 * line, code without its fences. "\v" is a line end that is surely meant.
 */
export const MARKDOWN: readonly Rule[] = [
  // Fences with the language's name go, the code between them stays.
  { pattern: /(?<=^|[\n\v])[ ]{0,8}(?:`{3,}|~{3,})[\w+#.-]{0,30}[ ]*(?=$|\n|\v)/g, say: "\v" },
  { pattern: RULER, say: "\v" },
  {
    pattern: /!\[(?<alt>[^[\]\n]{0,300})\]\([^()\s]{0,2000}(?: [“"'][^()\n]{0,200})?\)/g,
    say: (match) => group(match, "alt"),
  },
  { pattern: /!\[(?<alt>[^[\]\n]{0,300})\]\[[^[\]\n]{0,100}\]/g, say: (match) => group(match, "alt") },
  {
    pattern:
      /\[(?<text>[^[\]\n]{1,500})\]\([^()\s]{0,2000}(?:\([^()\s]{0,200}\))?[^()\s]{0,200}(?: [“"'][^()\n]{0,200})?\)/g,
    say: (match) => group(match, "text"),
  },
  { pattern: /\[(?<text>[^[\]\n]{1,500})\]\[[^[\]\n]{0,100}\]/g, say: (match) => group(match, "text") },
  { pattern: /(?<=^|[\n\v])[ ]{0,3}\[[^[\]\n]{1,100}\]: ?<?https?:[^\s]{1,2000}/g, say: "" },
  { pattern: /\[\^[\w-]{1,20}\]:?/g, say: "" },
  {
    pattern: /<(?<address>(?:https?:|mailto:)[^<>\s]{1,2000})>/g,
    say: (match) => group(match, "address").replace(/^mailto:/, ""),
  },
  // A table's line: its cells, with a pause between them.
  {
    pattern: /(?<=^|[\n\v])[ ]{0,8}\|(?<cells>[^\n\v]{1,2000})(?=$|\n|\v)/g,
    say: (match) => `\v${cells(group(match, "cells"))}`,
  },
  { pattern: /(?<=^|[\n\v])[ ]{0,8}[-*+] \[(?<done>[ xX])\] /g, say: "\v" },
  { pattern: /(?<=^|[\n\v])[ ]{0,8}(?:#{1,6}|[-*+•◦▪‣·]|>{1,3})[ ]+/g, say: "\v" },
  { pattern: /(?<=^|[\n\v])[ ]{0,8}(?:[-*_] ?){3,}(?=$|\n|\v)/g, say: "\v" },
  { pattern: /~~(?=\S)|(?<=\S)~~/g, say: "" },
  { pattern: /(?<![\p{L}\p{N}*])\*{1,3}(?=\S)|(?<=\S)\*{1,3}(?![\p{L}\p{N}*])/gu, say: "" },
  { pattern: /(?<![\p{L}\p{N}_])_{1,2}(?=\p{L})|(?<=[\p{L}\p{P}])_{1,2}(?![\p{L}\p{N}_])/gu, say: "" },
  { pattern: /`/g, say: "" },
  { pattern: /[_*=~#|\\^]{3,}/g, say: " " },
];

function cells(line: string): string {
  const parts = line
    .split("|")
    .map((cell) => cell.trim())
    .filter((cell) => cell !== "");
  return parts
    .map((cell, index) => (index === parts.length - 1 || /[,.;:!?]$/.test(cell) ? cell : `${cell},`))
    .join(" ");
}
