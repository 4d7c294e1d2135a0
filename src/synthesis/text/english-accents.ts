/**
 * The last step from espeak-ng's English to Kokoro's: habits in which espeak-ng and the dictionaries that
 * Kokoro was trained with differ regularly. Each rule was kept because it brings more of the words of those
 * dictionaries (misaki 0.9.4, gold, 7,300 words found in running text) to the exact same phonemes: American
 * from 54 % (misaki's own fallback table) to 64 %, British from 66 % (espeak-ng's en-gb) to 79 %.
 */

type Substitution = readonly [pattern: RegExp, by: string];

const PREFIXES: readonly Substitution[] = [
  [/^ɛks(?=[pktʧ])/, "ɪks"],
  [/^ɛɡz/, "ɪɡz"],
  [/^ɪŋ(?=[kɡ])/, "ɪn"],
  [/^kəŋ(?=[kɡ])/, "kən"],
];

const AMERICAN: readonly Substitution[] = [
  [/ᵻ(?![dz])/g, "ə"],
  [/uᵊl/g, "uəl"],
  [/ᵊli/g, "əli"],
  [/jʊ(?!ɹ)/g, "jə"],
  [/ɪ(?=[ˈˌ][æɑɛɔəʌiuAIOWYQ]|[əæɑɔOAIu])/g, "i"],
  [/æɹ(?=[ɪəiᵻ])/g, "ɛɹ"],
  ...PREFIXES,
];

const BRITISH: readonly Substitution[] = [
  [/(?<=[tdszʃʒ])ən(?![ˈˌ])/g, "ᵊn"],
  [/(?<=[mpvkf])ən(?=t|$)/g, "ᵊn"],
  [/ᵊli/g, "əli"],
  [/æ/g, "a"],
  [/ɪ$/, "i"],
  ...PREFIXES,
];

const AMERICAN_VOWEL = /[əiʌæɑɔuAIOɛᵊɪɜʊWY]/;

/** A word of General American. */
export function americanHabits(word: string): string {
  return weakenVowels(substitute(word, AMERICAN));
}

/** A word of Received Pronunciation: one stress mark behind the main one is one too many. */
export function britishHabits(word: string): string {
  const rounded = substitute(word, BRITISH);
  const main = rounded.indexOf("ˈ");
  if (main === -1) return rounded;
  const tail = rounded.slice(main + 1);
  return rounded.slice(0, main + 1) + tail.replace("ˌ", "").replaceAll("juː", "jʊ");
}

function substitute(word: string, substitutions: readonly Substitution[]): string {
  return substitutions.reduce((result, [pattern, by]) => result.replace(pattern, by), word);
}

/** An unstressed ɪ before one consonant and another vowel is a schwa to Kokoro: "edit", "capital". */
function weakenVowels(word: string): string {
  const weak = /(?<=[bdfklmnpstvzɹʃʒʤʧθðɡ])ɪ(?=[btdmnlfs][ˈˌ]?[əiʌæɑɔuAIOɛᵊj])/g;
  return word.replace(weak, (vowel, offset: number) => (stressed(word, offset) ? vowel : "ə"));
}

/** Whether the vowel at `offset` is the first one behind a stress mark. */
function stressed(word: string, offset: number): boolean {
  for (let index = offset - 1; index >= 0; index -= 1) {
    const symbol = word.charAt(index);
    if (symbol === "ˈ" || symbol === "ˌ") return true;
    if (AMERICAN_VOWEL.test(symbol)) return false;
  }
  return false;
}

/**
 * Pairs of words that espeak-ng runs into one ("ɪnðə"), apart. Kokoro was trained with a space between words.
 * Found by asking it for the 60,000 most frequent pairs of a 30 MB English text; these are all that merge.
 */
const AMERICAN_PAIRS =
  "ɪn ðə, ʌv ðə, fɚ ðə, wɪð ðə, dʌz nˈɑːt, ɔn ðə, duː nˈɑːt, fɚɹ ə, hˈæz biːn, fɹʌm ðə, əv ə, ðɛɹ ˈɪz, " +
  "dɪd nˈɑːt, ðɛɹ ˈɑːɹ, ðæt ðə, ˌaʊɾ əv, hɐv bɪn, fɚɹ ən, nˌɑːɾ ə, ˌæz ˌɪz, fjˈuː mˌɔːɹ, ðæt ˈɪt, " +
  "əv ən, ɪn wˌɪtʃ, nˈɑːt hæv, æɾ ə, ðˌæɾ ə, ðɛɹ wˈʌz, mˈeɪ hɐv, ʃˈʊd hæv, fɔːɹ wˈʌn, hɐz nˈɑːt, " +
  "hˈæz tuː, ʌv wˈɪtʃ, wˈʊd hæv, wʌz ɐ, mˈʌst hæv, nˈoʊ mˌɔːɹ, wʌz ðə, mˈɛnɪ əv, ðˌæn ə, ðˈɪs wˌʌn, " +
  "ðˈæt wˌʌn, hˈæd tuː, kˈʊd hæv, hɐv nˈɑːt, ɐt wˈʌns, ðɛɹ wˈɜː, hɐd bɪn, mˈaɪt hɐv, ðˌæn ən, ˈæɾ ɪt, " +
  "hˈæd wʌn, fˈɑːɹ mˌɔːɹ, nˈoʊ wˈʌn";
const BRITISH_PAIRS =
  "ɪn ðə, ɒv ðə, fə ðə, wɪð ðə, dʌz nˈɒt, ɒn ðə, duː nˈɒt, fəɹ ɐ, hˈæz biːn, fɹʌm ðə, əv ɐ, ðeəɹ ˈɪz, " +
  "dɪd nˈɒt, ðeəɹ ˈɑː, ðæt ðə, ˌaʊt əv, hɐv bɪn, fəɹ ən, nˌɒt ɐ, ˌæz ˌɪz, fjˈuː mˌɔː, ðæt ˈɪt, əv ən, " +
  "ɪn wˌɪtʃ, nˈɒt hæv, æt ɐ, ðˌæt ɐ, ðeə wˈɒz, mˈeɪ hɐv, ʃˈʊd hæv, fɔː wˈɒn, hɐz nˈɒt, hˈæz tuː, " +
  "ɒv wˈɪtʃ, wˈʊd hæv, wʌz ɐ, mˈʌst hæv, nˈəʊ mˌɔː, wʌz ðə, mˈɛnɪ əv, ðˌæn ɐ, ðˈɪs wˌɒn, ðˈæt wˌɒn, " +
  "hˈæd tuː, kˈʊd hæv, hɐv nˈɒt, ɐt wˈɒns, ðeə wˈɜː, hɐd bɪn, mˈaɪt hɐv, ðˌæn ən, ˈæt ɪt, hˈæd wɒn, " +
  "fˈɑː mˌɔː, nˈəʊ wˈɒn";

function apart(pairs: string): ReadonlyMap<string, string> {
  const list = pairs.split(", ");
  // "the" before a vowel merges in the same way.
  const beforeVowel = list.filter((pair) => pair.endsWith(" ðə")).map((pair) => `${pair.slice(0, -1)}ɪ`);
  return new Map([...list, ...beforeVowel].map((pair) => [pair.replace(" ", ""), pair]));
}

const PAIRS = { american: apart(AMERICAN_PAIRS), british: apart(BRITISH_PAIRS) } as const;

/** Words of espeak-ng's raw notation, without the "_", where it merged two into one. */
export function separateWords(word: string, accent: keyof typeof PAIRS): string {
  const plain = word.replaceAll("_", "");
  const pair = PAIRS[accent].get(plain);
  if (pair !== undefined) return insertSpace(word, pair.indexOf(" "));
  const hundred = plain.indexOf("hˈʌndɹɪd");
  return hundred > 0 ? insertSpace(word, hundred) : word;
}

/** Puts a space behind `count` symbols of a word, not counting its "_". */
function insertSpace(word: string, count: number): string {
  let seen = 0;
  for (let index = 0; index < word.length; index += 1) {
    if (word.charAt(index) === "_") continue;
    if (seen === count) return `${word.slice(0, index)} ${word.slice(index)}`;
    seen += 1;
  }
  return word;
}
