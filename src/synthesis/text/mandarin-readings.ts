import { Jieba, type TaggedWord } from "@node-rs/jieba";
import { dict } from "@node-rs/jieba/dict.js";
import { pinyin } from "pinyin-pro";
import type { MandarinWord } from "./mandarin-sandhi.ts";
import type { Syllable } from "./mandarin-syllable.ts";
import type { Range } from "./mapped-text.ts";

/** A word and where it stands in its run. */
export interface PlacedWord extends MandarinWord, Range {}

let segmenter: Jieba | undefined;

/** Cuts a run of Chinese characters into words with part-of-speech tags; loads the dictionary on first use. */
function cut(run: string): TaggedWord[] {
  segmenter ??= Jieba.withDict(dict);
  return segmenter.tag(run, true);
}

function toSyllable(numbered: string): Syllable | undefined {
  const match = /^([a-zêü]+)([0-5])$/.exec(numbered.replace("v", "ü"));
  if (!match?.[1]) return undefined;
  return { base: match[1], tone: (Number(match[2]) || 5) as Syllable["tone"] };
}

function read(text: string): (Syllable | undefined)[] {
  return pinyin(text, { toneType: "num", type: "array", toneSandhi: false }).map(toSyllable);
}

/** What stands around a one-character word. */
interface Surroundings {
  readonly before: TaggedWord | undefined;
  readonly after: TaggedWord | undefined;
}

const COUNTED = /[一二两三四五六七八九十百千万亿几数半多每这那哪各某]$/;
const verbal = (word: TaggedWord | undefined) =>
  /^[vai]|^z(?!g)|^l/.test(word?.tag ?? "") || word?.tag === "zg";

/**
 * Readings of characters that a phrase dictionary gets wrong when they stand alone as a word: grammatical
 * particles, measure words and modal verbs. Found by comparing with two other readers on running text.
 */
const LONE: Readonly<Record<string, (around: Surroundings) => string>> = {
  的: () => "de5",
  了: () => "le5",
  着: ({ before }) => (verbal(before) ? "zhe5" : "zhao2"),
  过: ({ before }) => (/^v/.test(before?.tag ?? "") ? "guo5" : "guo4"),
  得: ({ before, after }) => {
    if (/^[了过出到]/.test(after?.word ?? "") && !/^v/.test(before?.tag ?? "")) return "de2";
    if (verbal(before) || before?.tag === "x") return "de5";
    return after && verbal(after) ? "dei3" : "de2";
  },
  地: ({ before, after }) =>
    before && after && /^[adzil]/.test(before.tag) && verbal(after) ? "de5" : "di4",
  吗: () => "ma5",
  嘛: () => "ma5",
  呢: () => "ne5",
  吧: () => "ba5",
  啊: ({ before }) => (before ? "a5" : "a1"),
  呀: ({ before }) => (before ? "ya5" : "ya1"),
  啦: () => "la5",
  哇: ({ before }) => (before ? "wa5" : "wa1"),
  么: () => "me5",
  们: () => "men5",
  只: ({ before }) => (COUNTED.test(before?.word ?? "") ? "zhi1" : "zhi3"),
  种: ({ before, after }) => (COUNTED.test(before?.word ?? "") || !after ? "zhong3" : "zhong4"),
  行: ({ before }) => (COUNTED.test(before?.word ?? "") ? "hang2" : "xing2"),
  还: ({ after }) => (/^[钱书债款清给账贷]/.test(after?.word ?? "") ? "huan2" : "hai2"),
  长: ({ before, after }) =>
    /^[得大出高成满着了]/.test(after?.word ?? "") && !/[很太]$/.test(before?.word ?? "")
      ? "zhang3"
      : "chang2",
  重: ({ before, after }) =>
    /^v/.test(after?.tag ?? "") && !/[很太更最]$/.test(before?.word ?? "") ? "chong2" : "zhong4",
  应: () => "ying1",
  量: ({ after }) => (/^[体血身尺]/.test(after?.word ?? "") ? "liang2" : "liang4"),
  当: () => "dang1",
  将: () => "jiang1",
  夹: () => "jia1",
  教: ({ after }) => (after ? "jiao1" : "jiao4"),
  都: () => "dou1",
  为: ({ after }) => (/^(?:[我你您他她它谁此何]|这|那|人|了)/.test(after?.word ?? "") ? "wei4" : "wei2"),
  和: () => "he2",
  与: () => "yu3",
  没: () => "mei2",
  给: () => "gei3",
};

/** Words that the phrase dictionary reads wrongly, or that jieba glues together. */
const WORDS: Readonly<Record<string, string>> = {
  长得: "zhang3 de5",
  长大: "zhang3 da4",
  一行: "yi1 hang2",
  第一行: "di4 yi1 hang2",
  地说: "de5 shuo1",
  银行行长: "yin2 hang2 hang2 zhang3",
  数据量: "shu4 ju4 liang4",
  似的: "shi4 de5",
  重启: "chong2 qi3",
  重试: "chong2 shi4",
  重载: "chong2 zai4",
  载入: "zai4 ru4",
  挂载: "gua4 zai4",
  文件夹: "wen2 jian4 jia1",
  只会: "zhi3 hui4",
  只能: "zhi3 neng2",
  应为: "ying1 wei2",
  常量: "chang2 liang4",
  变量: "bian4 liang4",
  调出: "diao4 chu1",
  主要是: "zhu3 yao4 shi4",
};

/** 子 keeps its third tone where it still means child, master or particle. */
const FULL_ZI =
  /(?:[电分原量离质中粒光女男才弟君父母孔孟庄老学王太皇孝游浪赤独精卵因种莲瓜松棋]|公|臣|天|民)子$/;

/** 儿 is a syllable of its own in these; after any other word it only colours the vowel, without a tone. */
const FULL_ER = /(?:[女婴幼孤男少胎健患宠弃孩小生]|混血|幸运|托|乞|产|育|低能|弄潮|新生|早产)儿$|^儿/;

function readWord(word: string, inClause: readonly (Syllable | undefined)[]): (Syllable | undefined)[] {
  const fixed = WORDS[word];
  const syllables = fixed ? fixed.split(" ").map(toSyllable) : read(word);
  // A clause gives more context than a word of one or of unknown length; a known word knows itself best.
  return syllables.length === inClause.length ? syllables : [...inClause];
}

function particleEnding(characters: readonly string[], syllables: (Syllable | undefined)[]): void {
  const last = characters.length - 1;
  const character = characters[last];
  if (last === 0 || character === undefined) return;
  const word = characters.join("");
  if (character === "儿" && !FULL_ER.test(word)) syllables[last] = { base: "er", tone: 5 };
  if (word.endsWith("意思")) syllables[last] = { base: "si", tone: 5 };
  if (character === "了" && !/(?:[不得]|^[明末终私罢为除])了$/.test(word))
    syllables[last] = { base: "le", tone: 5 };
  if (character === "子" && FULL_ZI.test(word)) syllables[last] = { base: "zi", tone: 3 };
  if (character === "的" && !/目的$/.test(word)) syllables[last] = { base: "de", tone: 5 };
}

/** The words of a run with the citation readings of their characters; unread ones are left to `unread`. */
export function readRun(run: string, unread: (character: string) => void): PlacedWord[] {
  const words = cut(run);
  const clause = read(run);
  let at = 0;
  let offset = 0;
  return words.map((tagged, i) => {
    const start = offset;
    offset += tagged.word.length;
    const characters = [...tagged.word];
    const inClause = clause.slice(at, at + characters.length);
    at += characters.length;
    const lone = characters.length === 1 ? LONE[tagged.word] : undefined;
    const syllables = lone
      ? [toSyllable(lone({ before: words[i - 1], after: words[i + 1] }))]
      : characters.length === 1
        ? inClause
        : readWord(tagged.word, inClause);
    particleEnding(characters, syllables);
    const kept = characters.filter((_, k) => syllables[k] !== undefined);
    for (const [k, character] of characters.entries()) if (!syllables[k]) unread(character);
    return { characters: kept, syllables: syllables.filter((s) => s !== undefined), start, end: offset };
  });
}
