import { describe, expect, it } from "vitest";
import { readJapanese } from "../../../src/synthesis/text/japanese.ts";
import { kanaPhonemes } from "../../../src/synthesis/text/japanese-kana.ts";
import { normaliseJapanese } from "../../../src/synthesis/text/japanese-normalise.ts";
import { japaneseWords } from "../../../src/synthesis/text/japanese-words.ts";
import { VOCABULARY } from "../../../src/synthesis/text/vocabulary.ts";

const japanesePhonemes: (...given: Parameters<typeof readJapanese>) => Promise<string> = async (...given) =>
  (await readJapanese(...given)).phonemes;

const kana = (text: string) =>
  japaneseWords(normaliseJapanese(text))
    .map((word) => ("kana" in word ? word.kana : `<${word.unknown}>`))
    .join(" ");

describe("readings", () => {
  it.each([
    ["今日は東京へ行く", "キョー ワ トーキョー エ イク"],
    ["学校", "ガッコー"],
    ["きって", "キッテ"],
    ["小さい子供", "チーサイ コドモ"],
    ["大きい家", "オーキー イエ"],
    ["おいしい", "オイシー"],
    ["先生と学生", "センセー ト ガクセー"],
    ["映画を見ました", "エーガ ヲ ミマシタ"],
    ["毛糸", "ケイト"],
    ["本を読んでいます", "ホン ヲ ヨンデ イマス"],
    ["本を読んだり書いたりした", "ホン ヲ ヨンダリ カイタリ シタ"],
    ["行きましょう", "イキマショー"],
    ["食べたくなかった", "タベタクナカッタ"],
    ["こんにちは", "コンニチワ"],
    ["私は学生です", "ワタシ ワ ガクセー デス"],
    ["日本へ行こうと言った", "ニホン エ イコー ト イッタ"],
    ["何ですか", "ナン デス カ"],
    ["何を食べますか", "ナニ ヲ タベマス カ"],
    ["昨日と明日", "キノー ト アシタ"],
    ["お父さんとお母さん", "オトーサン ト オカーサン"],
    ["上手と下手", "ジョーズ ト ヘタ"],
    ["人々は時々", "ヒトビト ワ トキドキ"],
    ["値は負の数", "アタイ ワ フ ノ カズ"],
    ["大人が二人", "オトナ ガ フタリ"],
    ["音楽を勉強しています", "オンガク ヲ ベンキョー シテ イマス"],
    ["新聞と雑誌", "シンブン ト ザッシ"],
    ["京都に住んでいる", "キョート ニ スンデ イル"],
    ["寿司ー", "スシー"],
    ["それについて", "ソレ ニ ツイテ"],
    ["言うでしょう", "ユー デショー"],
  ])("%s → %s", (text, expected) => {
    expect(kana(text)).toBe(expected);
  });
});

describe("numbers and counters", () => {
  it.each([
    ["一人で", "ヒトリ デ"],
    ["2人と3人と4人", "フタリ ト サンニン ト ヨニン"],
    ["二十日に", "ハツカ ニ"],
    ["1日と4月1日", "イチニチ ト シガツ ツイタチ"],
    ["3月25日", "サンガツ ニジューゴ ニチ"],
    ["2024年", "ニセンニジューヨネン"],
    ["四時七時九時", "ヨジ シチジ クジ"],
    ["10:30", "ジュージ サンジュップン"],
    ["八時十分", "ハチジ ジュップン"],
    ["十分です", "ジューブン デス"],
    ["三本の鉛筆と八匹の犬", "サンボン ノ エンピツ ト ハッピキ ノ イヌ"],
    ["1本2本6本10本", "イッポン ニホン ロッポン ジュッポン"],
    ["3分4分", "サンプン ヨンプン"],
    ["三階の一回目", "サンガイ ノ イッカイメ"],
    ["何人と何本", "ナンニン ト ナンボン"],
    ["20歳", "ハタチ"],
    ["8歳", "ハッサイ"],
    ["百円三百円六百円八百円", "ヒャク エン サンビャク エン ロッピャク エン ハッピャク エン"],
    ["三千円と八千円", "サンゼン エン ト ハッセン エン"],
    ["1,234円", "センニヒャクサンジューヨエン"],
    ["12345678", "センニヒャクサンジューヨンマン ゴセンロッピャクナナジューハチ"],
    ["3つ", "ミッツ"],
    ["8%", "ハチパーセント"],
    ["5km", "ゴキロメートル"],
    ["-5℃", "マイナス ゴド"],
    ["3/4", "ヨン ブン ノ サン"],
    ["2泊3日", "ニハク ミッカ"],
    ["100ページ", "ヒャク ページ"],
    ["50%", "ゴジュッパーセント"],
    ["一二百", "イチニヒャク"],
    ["3〜5人", "サン カラ ゴニン"],
    ["03-1234-5678", "ゼロサン ノ イチニサンヨン ノ ゴロクナナハチ"],
  ])("%s → %s", (text, expected) => {
    expect(kana(text)).toBe(expected);
  });
});

describe("sounds", () => {
  it.each([
    ["シャシン", "ɕaɕiɴ"],
    ["キュウリョウ", "kʲɨɯɾʲoɯ"],
    ["ガッコー", "ɡaʔkoː"],
    ["さんぽ", "sampo"],
    ["ぎんこう", "ɡʲiŋkoɯ"],
    ["こんにゃく", "koɲɲakɯ"],
    ["ほんだな", "hondana"],
    ["ティッシュ", "tʲiʔɕɨ"],
    ["ファッション", "ɸaʔɕoɴ"],
    ["ウィーク", "βiːkɯ"],
    ["チェック", "ʨeʔkɯ"],
    ["クォーツ", "kᵝoːʦɨ"],
    ["みすゞ", "mʲisɨzɨ"],
    ["ひつじ", "çiʦɨʥi"],
    ["づつみ", "zɨʦɨmʲi"],
  ])("%s → %s", (text, expected) => {
    expect(kanaPhonemes(text)).toBe(expected);
  });

  it("writes a sentence as the voices were trained: words apart, marks attached, no gap around ʔ", async () => {
    expect(await japanesePhonemes("切手を買った、と「彼」が言った。")).toBe(
      "kʲiʔte o kaʔta, to “kaɾe” ɡa iʔta.",
    );
    expect(await japanesePhonemes("えっ！？本当ですか……")).toBe("eʔ!? hontoː desɨ ka…");
    expect(await japanesePhonemes("ｶﾀｶﾅもＯＫ！！！")).toBe("katakana mo oːkeː!");
  });

  it("knows a sound for every kana", () => {
    const all = Array.from({ length: 0x30fa - 0x30a1 + 1 }, (_, i) => String.fromCodePoint(0x30a1 + i));
    expect(all.filter((character) => kanaPhonemes(`ア${character}`).length < 2)).toEqual([]);
  });
});

describe("other scripts and the unspeakable", () => {
  const latin = async (word: string) => (word === "coffee" ? "kˈɔfi" : "");

  it("speaks Latin words by the callback, initialisms by letter, and spells when there is no answer", async () => {
    expect(await japanesePhonemes("coffeeを飲む", { latin })).toBe("kˈɔfi o nomɯ");
    expect(await japanesePhonemes("NHKのニュース", { latin })).toBe("enɯeiʨikeː no ɲɨːsɨ");
    expect(await japanesePhonemes("abc", { latin })).toBe("eːbʲiːɕiː");
    const failing = () => Promise.reject(new Error("lost"));
    expect(await japanesePhonemes("abc", { latin: failing })).toBe("eːbʲiːɕiː");
  });

  it("reads kanji variants as their usual form and reports what nobody can read", async () => {
    const unread: string[] = [];
    const report = { unread: (text: string) => unread.push(text) };
    expect(await japanesePhonemes("𠮷野家と髙橋さん", report)).toBe("joɕinoja to takahaɕi saɴ");
    expect(unread).toEqual([]);
    expect(await japanesePhonemes("龘と安녕🙂", report)).toBe("to jasɨ");
    expect(unread).toEqual(["龘", "녕", "🙂"]);
    expect(await japanesePhonemes("ヾ", report)).toBe("");
    expect(unread).toHaveLength(4);
  });

  it.each([
    "今日、2024/03/05は「晴れ」——気温は12.5℃！（予報：雨）？～",
    "\u0000\ud800々ゝヾㇰ゛ﾟ",
    "価格は￥1,980〜＄20／100ｇ…©®",
    "あ".repeat(300),
    "9".repeat(300),
    "鬱蒼とした薔薇と麒麟と饕餮",
    "ヷヸヹヺヿゟ㍻㌔㌢㍿①②③",
    "اللغة العربية и русский と Ελληνικά",
    "ーーっっッんンゃぁ",
    "𪜈𛀀㋿",
  ])("speaks only Kokoro's symbols: %s", async (text) => {
    const phonemes = await japanesePhonemes(text, { latin: async () => "wˈɜɹd" });
    expect([...phonemes].filter((symbol) => !VOCABULARY.has(symbol))).toEqual([]);
  });

  it("answers nothing for nothing", async () => {
    expect(await japanesePhonemes("")).toBe("");
    expect(await japanesePhonemes("  \n ")).toBe("");
  });
});
