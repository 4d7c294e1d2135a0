import { describe, expect, it } from "vitest";
import { readMandarin } from "../../../src/synthesis/text/mandarin.ts";
import { spellMandarinNumbers } from "../../../src/synthesis/text/mandarin-numbers.ts";
import { readRun } from "../../../src/synthesis/text/mandarin-readings.ts";
import { applySandhi } from "../../../src/synthesis/text/mandarin-sandhi.ts";
import { syllablePhonemes } from "../../../src/synthesis/text/mandarin-syllable.ts";
import { VOCABULARY } from "../../../src/synthesis/text/vocabulary.ts";

const mandarinPhonemes: (...given: Parameters<typeof readMandarin>) => Promise<string> = async (...given) =>
  (await readMandarin(...given)).phonemes;

function spoken(text: string): string {
  const words = readRun(text, () => {});
  applySandhi(words);
  return words.map((word) => word.syllables.map(({ base, tone }) => `${base}${tone}`).join("")).join(" ");
}

const syllables = (text: string) => spoken(text).replace(/(?<=\d)(?=[a-zü])/g, " ");

describe("readings by context", () => {
  it.each([
    ["我在银行工作", "wo3 zai4 yin2 hang2 gong1 zuo4"],
    ["他行走在路上", "ta1 xing2 zou3 zai4 lu4 shang5"],
    ["重庆", "chong2 qing4"],
    ["很重要", "hen3 zhong4 yao4"],
    ["了解", "liao2 jie3"],
    ["我吃了", "wo3 chi1 le5"],
    ["忘不了", "wang4 bu5 liao3"],
    ["音乐让人快乐", "yin1 yue4 rang4 ren2 kuai4 le4"],
    ["睡觉", "shui4 jiao4"],
    ["觉得", "jue2 de5"],
    ["他跑得很快", "ta1 pao3 de5 hen3 kuai4"],
    ["你得走", "ni2 dei2 zou3"],
    ["高兴地说", "gao1 xing4 de5 shuo1"],
    ["这块地", "zhe4 kuai4 di4"],
    ["孩子长大了", "hai2 zi5 zhang3 da4 le5"],
    ["长城很长", "chang2 cheng2 hen3 chang2"],
    ["还钱", "huan2 qian2"],
    ["还有", "hai2 you3"],
    ["三只猫", "san1 zhi1 mao1"],
    ["我只会一点", "wo2 zhi3 hui4 yi4 dian3"],
    ["都市", "du1 shi4"],
    ["都是", "dou1 shi4"],
    ["便宜又方便", "pian2 yi5 you4 fang1 bian4"],
    ["头发", "tou2 fa5"],
    ["空调需要调整", "kong1 tiao2 xu1 yao4 tiao2 zheng3"],
    ["大夫", "dai4 fu5"],
    ["着急", "zhao2 ji2"],
    ["看着", "kan4 zhe5"],
    ["电子", "dian4 zi3"],
    ["目的", "mu4 di4"],
    ["项目的问题", "xiang4 mu4 de5 wen4 ti2"],
    ["银行行长", "yin2 hang2 hang2 zhang3"],
    ["参加和参差", "can1 jia1 he2 cen1 ci1"],
  ])("%s → %s", (text, expected) => {
    expect(syllables(text)).toBe(expected);
  });
});

describe("tone changes", () => {
  it.each([
    ["你好", "ni2 hao3"],
    ["很好", "hen2 hao3"],
    ["老虎跑", "lao2 hu2 pao3"],
    ["我买水果", "wo2 mai3 shui2 guo3"],
    ["一个人", "yi2 ge4 ren2"],
    ["一心一意", "yi4 xin1 yi2 yi4"],
    ["第一", "di4 yi1"],
    ["一月一日", "yi1 yue4 yi1 ri4"],
    ["看一看", "kan4 yi5 kan4"],
    ["二零一一年", "er4 ling2 yi1 yi1 nian2"],
    ["不是", "bu2 shi4"],
    ["不好", "bu4 hao3"],
    ["好不好", "hao3 bu5 hao3"],
    ["看不见", "kan4 bu5 jian4"],
  ])("%s → %s", (text, expected) => {
    expect(syllables(text)).toBe(expected);
  });
});

describe("numbers", () => {
  it.each([
    ["2024年3月5日", "二零二四年三月五日"],
    ["2024-03-05", "二零二四年三月五日"],
    ["8:05", "八点零五分"],
    ["2:00", "两点"],
    ["12.5%", "百分之十二点五"],
    ["-5℃".normalize("NFKC"), "零下五摄氏度"],
    ["¥1,234.50", "一千二百三十四点五零元"],
    ["$3亿", "三亿美元"],
    ["3/4", "四分之三"],
    ["2个苹果", "两个苹果"],
    ["第2个", "第二个"],
    ["2月2日", "二月二日"],
    ["20000人", "两万人"],
    ["10-20公里", "十到二十公里"],
    ["100001", "十万零一"],
    ["13812345678", "幺三八，幺二三四，五六七八"],
    ["007", "零零七"],
    ["3km", "三公里"],
    ["1.2.3", "一点二点三"],
    ["80年代", "八十年代"],
  ])("%s → %s", (text, expected) => {
    expect(spellMandarinNumbers(text)).toBe(expected);
  });
});

describe("sounds", () => {
  it.each([
    ["zhong", 1, "ꭧʊ→ŋ"],
    ["guo", 2, "kwo↗"],
    ["hao", 3, "xau↓"],
    ["shi", 4, "ʂɨ↘"],
    ["zi", 5, "ʦɨ"],
    ["ju", 2, "ʨy↗"],
    ["xue", 2, "ɕɥe↗"],
    ["quan", 2, "ʨʰɥɛ↗n"],
    ["nü", 3, "ny↓"],
    ["lüe", 4, "lɥe↘"],
    ["you", 3, "jou↓"],
    ["wen", 4, "wə↘n"],
    ["yin", 2, "i↗n"],
    ["yun", 2, "y↗n"],
    ["yuan", 2, "ɥɛ↗n"],
    ["liu", 4, "ljou↘"],
    ["dui", 4, "twei↘"],
    ["lun", 2, "lwə↗n"],
    ["xiong", 2, "ɕjʊ↗ŋ"],
    ["er", 4, "ɚ↘"],
    ["ri", 4, "ɻɨ↘"],
    ["bo", 1, "pwo→"],
  ] as const)("%s%i → %s", (base, tone, expected) => {
    expect(syllablePhonemes({ base, tone })).toBe(expected);
  });

  it("refuses what is no syllable", () => {
    expect(syllablePhonemes({ base: "xyz", tone: 1 })).toBeUndefined();
  });

  it("writes a sentence as the voices were trained: words apart, marks attached", async () => {
    expect(await mandarinPhonemes("你好，世界！")).toBe("ni↗xau↓, ʂɨ↘ʨje↘!");
    expect(await mandarinPhonemes("花儿很美，儿子说：“好”。")).toBe("xwa→ɚ xə↗n mei↓, ɚ↗ʦɨ ʂwo→: “xau↓”.");
    expect(await mandarinPhonemes("臺灣的銀行，他看著我。")).toBe("tʰai↗wa→n tɤ i↗nxa↗ŋ, tʰa→ kʰa↘nꭧɤ wo↓.");
  });
});

describe("other scripts and the unspeakable", () => {
  const latin = async (word: string) => (word === "iPhone" ? "ˈIfˌOn" : "");

  it("speaks Latin words by the callback and spells them when it has no answer", async () => {
    expect(await mandarinPhonemes("我用iPhone", { latin })).toBe("wo↓jʊ↘ŋ ˈIfˌOn");
    expect(await mandarinPhonemes("AI", { latin })).toBe("ˈA ˈI");
    expect(await mandarinPhonemes("AI", { latin: () => Promise.reject(new Error("lost")) })).toBe("ˈA ˈI");
  });

  it("speaks kana and reports what nobody can read", async () => {
    const unread: string[] = [];
    const report = { unread: (text: string) => unread.push(text) };
    expect(await mandarinPhonemes("ひらがな", report)).toBe("çiɾaɡana");
    expect(unread).toEqual([]);
    expect(await mandarinPhonemes("𪚥好🙂녕", report)).toBe("xau↓");
    expect(unread).toEqual(["𪚥", "🙂", "녕"]);
  });

  it.each([
    "2024年1月1日上午08:30，气温-3.5℃～5℃；湿度80%！（晴）……",
    "他说：「價格￥1,980/㎡，比去年低３成」——真的？",
    "\u0000\ud800\udc00〇〇々〆",
    "好".repeat(300),
    "9".repeat(300),
    "饕餮魑魅魍魉犇猋骉鱻",
    "嗯哼哦噢呣嗯诶欸哟喔",
    "اللغة العربية и русский 和 Ελληνικά",
    "👩‍👩‍👧‍👦🇨🇳①㈱㎏½",
  ])("speaks only Kokoro's symbols: %s", async (text) => {
    const phonemes = await mandarinPhonemes(text, { latin: async () => "wˈɜɹd" });
    expect([...phonemes].filter((symbol) => !VOCABULARY.has(symbol))).toEqual([]);
  });

  it("gives every common character of a page a syllable", async () => {
    const unread: string[] = [];
    const page = Array.from({ length: 3000 }, (_, i) => String.fromCodePoint(0x4e00 + i * 6));
    for (let at = 0; at < page.length; at += 50) {
      await mandarinPhonemes(page.slice(at, at + 50).join("，"), { unread: (text) => unread.push(text) });
    }
    expect(unread.length / page.length).toBeLessThan(0.01);
  });

  it("answers nothing for nothing", async () => {
    expect(await mandarinPhonemes("")).toBe("");
    expect(await mandarinPhonemes(" \n\t")).toBe("");
  });
});
