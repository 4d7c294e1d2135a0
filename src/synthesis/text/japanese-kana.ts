/** Phonemes of one-kana moras, in katakana, row by row: consonant and vowel as Kokoro's voices know them. */
const MORAS: Readonly<Record<string, string>> = {
  ア: "a",
  イ: "i",
  ウ: "ɯ",
  エ: "e",
  オ: "o",
  カ: "ka",
  キ: "kʲi",
  ク: "kɯ",
  ケ: "ke",
  コ: "ko",
  ガ: "ɡa",
  ギ: "ɡʲi",
  グ: "ɡɯ",
  ゲ: "ɡe",
  ゴ: "ɡo",
  サ: "sa",
  シ: "ɕi",
  ス: "sɨ",
  セ: "se",
  ソ: "so",
  ザ: "ʣa",
  ジ: "ʥi",
  ズ: "zɨ",
  ゼ: "ʣe",
  ゾ: "ʣo",
  タ: "ta",
  チ: "ʨi",
  ツ: "ʦɨ",
  テ: "te",
  ト: "to",
  ダ: "da",
  ヂ: "ʥi",
  ヅ: "zɨ",
  デ: "de",
  ド: "do",
  ナ: "na",
  ニ: "ɲi",
  ヌ: "nɯ",
  ネ: "ne",
  ノ: "no",
  ハ: "ha",
  ヒ: "çi",
  フ: "ɸɯ",
  ヘ: "he",
  ホ: "ho",
  バ: "ba",
  ビ: "bʲi",
  ブ: "bɯ",
  ベ: "be",
  ボ: "bo",
  パ: "pa",
  ピ: "pʲi",
  プ: "pɯ",
  ペ: "pe",
  ポ: "po",
  マ: "ma",
  ミ: "mʲi",
  ム: "mɯ",
  メ: "me",
  モ: "mo",
  ヤ: "ja",
  ユ: "jɯ",
  ヨ: "jo",
  ラ: "ɾa",
  リ: "ɾʲi",
  ル: "ɾɯ",
  レ: "ɾe",
  ロ: "ɾo",
  ワ: "βa",
  ヰ: "i",
  ヱ: "e",
  ヲ: "o",
  ヴ: "vɯ",
  ヷ: "va",
  ヸ: "vʲi",
  ヹ: "ve",
  ヺ: "vo",
};

/** Consonants in front of a small kana: palatal (キャ), labial (クァ) and the foreign ones (ティ, ファ). */
const PALATAL: Readonly<Record<string, string>> = {
  キ: "kʲ",
  ギ: "ɡʲ",
  シ: "ɕ",
  ジ: "ʥ",
  チ: "ʨ",
  ヂ: "ʥ",
  ニ: "ɲ",
  ヒ: "ç",
  ビ: "bʲ",
  ピ: "pʲ",
  ミ: "mʲ",
  リ: "ɾʲ",
  テ: "tʲ",
  デ: "dʲ",
  フ: "ɸʲ",
  ヴ: "bʲ",
  ウ: "βʲ",
  ツ: "ʦʲ",
  ス: "sʲ",
  ズ: "zʲ",
};
const LABIAL: Readonly<Record<string, string>> = {
  ウ: "β",
  ク: "kᵝ",
  グ: "ɡᵝ",
  ツ: "ʦ",
  フ: "ɸ",
  ヴ: "v",
  イ: "j",
  ト: "t",
  ド: "d",
  ス: "s",
  ズ: "z",
};
const SMALL: Readonly<Record<string, string>> = {
  ァ: "a",
  ィ: "i",
  ゥ: "ɯ",
  ェ: "e",
  ォ: "o",
  ヮ: "a",
  ャ: "a",
  ュ: "ɨ",
  ョ: "o",
};

/** Small kana of Ainu spelling and their full-size forms. */
const AINU: Readonly<Record<string, string>> = {
  ㇰ: "ク",
  ㇱ: "シ",
  ㇲ: "ス",
  ㇳ: "ト",
  ㇴ: "ヌ",
  ㇵ: "ハ",
  ㇶ: "ヒ",
  ㇷ: "フ",
  ㇸ: "ヘ",
  ㇹ: "ホ",
  ㇺ: "ム",
  ㇻ: "ラ",
  ㇼ: "リ",
  ㇽ: "ル",
  ㇾ: "レ",
  ㇿ: "ロ",
  ヵ: "カ",
  ヶ: "ケ",
};

/** Hiragana as katakana; everything else unchanged. */
export function toKatakana(text: string): string {
  return text.replace(/[ぁ-ゖゝゞ]/g, (kana) => String.fromCodePoint((kana.codePointAt(0) ?? 0) + 0x60));
}

const VOICED = "カガキギクグケゲコゴサザシジスズセゼソゾタダチヂツヅテデトドハバヒビフブヘベホボ";

/** Writes iteration marks out: ヽ repeats the kana before it, ヾ repeats it voiced. */
function expandMarks(kana: string): string[] {
  const out: string[] = [];
  for (const character of kana) {
    const last = out.at(-1) ?? "";
    const at = last === "" ? -1 : VOICED.indexOf(last);
    if (character === "ヽ") out.push(last);
    else if (character === "ヾ") out.push(at >= 0 && at % 2 === 0 ? VOICED.charAt(at + 1) : last);
    else out.push(AINU[character] ?? character);
  }
  return out;
}

function digraph(kana: string, small: string): string | undefined {
  const vowel = SMALL[small];
  if (vowel === undefined) return undefined;
  if ("ャュョ".includes(small)) {
    const consonant = PALATAL[kana];
    return consonant && consonant + vowel;
  }
  if (small === "ィ" && "テデフツヴ".includes(kana)) return `${kana === "ヴ" ? "vʲ" : PALATAL[kana]}i`;
  if (small === "ェ" && PALATAL[kana] && "キギシジチヂニヒビピミリ".includes(kana))
    return `${PALATAL[kana]}e`;
  if (kana === "ト" || kana === "ド") return small === "ゥ" ? `${LABIAL[kana]}ɯ` : undefined;
  if (kana === "イ") return small === "ェ" ? "je" : undefined;
  const consonant = LABIAL[kana];
  return consonant && consonant + vowel;
}

/** ン takes the place of the consonant that follows it. */
function nasal(next: string): string {
  if (/^[mpb]/.test(next)) return "m";
  if (/^[kɡ]/.test(next)) return "ŋ";
  if (/^[ɲʨʥ]/.test(next)) return "ɲ";
  if (/^[ntdɾz]/.test(next)) return "n";
  return "ɴ";
}

/** The moras of a kana string as phonemes; ン still stands as `N` until its neighbour is known. */
function moras(kana: readonly string[]): string[] {
  const out: string[] = [];
  for (let i = 0; i < kana.length; i++) {
    const character = kana[i] ?? "";
    const pair = digraph(character, kana[i + 1] ?? "");
    if (pair) {
      out.push(pair);
      i++;
    } else if (character === "ン") out.push("N");
    else if (character === "ッ") out.push("ʔ");
    else if (character === "ー") out.push("ː");
    else
      out.push(
        MORAS[character] ??
          (/[ャュョ]/.test(character)
            ? `j${character === "ュ" ? "ɯ" : SMALL[character]}`
            : (SMALL[character] ?? "")),
      );
  }
  return out;
}

/**
 * Phonemes of kana (either script) as they sound, in the inventory of Kokoro's Japanese voices: ッ is `ʔ`, ー is
 * `ː`, ン follows its neighbour, no marks for pitch or devoicing. Characters that are not kana are skipped.
 */
export function kanaPhonemes(kana: string): string {
  const sounds = moras(expandMarks(toKatakana(kana)));
  return sounds.map((sound, i) => (sound === "N" ? nasal(sounds[i + 1] ?? "") : sound)).join("");
}
