/** A syllable of Mandarin: pinyin without a tone mark (`lü`, not `lv`) and its tone, 5 for the neutral tone. */
export interface Syllable {
  readonly base: string;
  readonly tone: 1 | 2 | 3 | 4 | 5;
}

const INITIALS: Readonly<Record<string, string>> = {
  b: "p",
  p: "pʰ",
  m: "m",
  f: "f",
  d: "t",
  t: "tʰ",
  n: "n",
  l: "l",
  g: "k",
  k: "kʰ",
  h: "x",
  j: "ʨ",
  q: "ʨʰ",
  x: "ɕ",
  zh: "ꭧ",
  ch: "ꭧʰ",
  sh: "ʂ",
  r: "ɻ",
  z: "ʦ",
  c: "ʦʰ",
  s: "s",
};

/** Finals with `0` where the tone mark goes: after the vowel, before a final nasal. */
const FINALS: Readonly<Record<string, string>> = {
  a: "a0",
  ai: "ai0",
  an: "a0n",
  ang: "a0ŋ",
  ao: "au0",
  e: "ɤ0",
  ei: "ei0",
  en: "ə0n",
  eng: "ə0ŋ",
  i: "i0",
  ia: "ja0",
  ian: "jɛ0n",
  iang: "ja0ŋ",
  iao: "jau0",
  ie: "je0",
  in: "i0n",
  ing: "i0ŋ",
  io: "jɔ0",
  iong: "jʊ0ŋ",
  iou: "jou0",
  o: "wo0",
  ong: "ʊ0ŋ",
  ou: "ou0",
  u: "u0",
  ua: "wa0",
  uai: "wai0",
  uan: "wa0n",
  uang: "wa0ŋ",
  uei: "wei0",
  uen: "wə0n",
  ueng: "wə0ŋ",
  uo: "wo0",
  ü: "y0",
  üan: "ɥɛ0n",
  üe: "ɥe0",
  ün: "y0n",
};

/** Syllables without initial and final: interjections, syllabic nasals, and the rhotic `er`. */
const WHOLE: Readonly<Record<string, string>> = {
  er: "ɚ0",
  r: "ɚ0",
  o: "ɔ0",
  yo: "jɔ0",
  ê: "ɛ0",
  m: "m0",
  n: "n0",
  ng: "ŋ0",
  hm: "hm0",
  hng: "hŋ0",
};

const TONES = { 1: "→", 2: "↗", 3: "↓", 4: "↘", 5: "" } as const;

/** `wo`, `you`, `yuan` spell a final without an initial; this gives the final's own name. */
function spelledFinal(base: string): string {
  if (base.startsWith("yu")) return `ü${base.slice(2)}`;
  if (base.startsWith("yi")) return base.slice(1);
  if (base === "you") return "iou";
  if (base.startsWith("y")) return `i${base.slice(1)}`;
  if (base === "wu") return "u";
  if (base === "wei") return "uei";
  if (base === "wen") return "uen";
  if (base.startsWith("w")) return `u${base.slice(1)}`;
  return base;
}

function writtenFinal(initial: string, rest: string): string {
  if ("jqx".includes(initial) && rest.startsWith("u")) return `ü${rest.slice(1)}`;
  if (rest === "iu") return "iou";
  if (rest === "ui") return "uei";
  if (rest === "un") return "uen";
  return rest.replace("ue", "üe").replace("v", "ü");
}

/**
 * The phonemes of one syllable in the inventory that Kokoro's Mandarin voices were trained on: initials and
 * finals as in pinyin-to-ipa and misaki (which name Duanmu 2007 and Lin 2007), the contour tones 55, 35, 214, 51 as `→ ↗ ↓ ↘`, the apical
 * vowels of `zi` and `zhi` both as `ɨ`. `undefined` when the pinyin is not a syllable of Mandarin.
 */
export function syllablePhonemes({ base, tone }: Syllable): string | undefined {
  const mark = TONES[tone];
  const whole = WHOLE[base];
  if (whole !== undefined) return whole.replace("0", mark);
  const initial = /^(?:[zcs]h|[bpmfdtnlgkhjqxrzcs])/.exec(base)?.[0];
  if (initial === undefined) return FINALS[spelledFinal(base)]?.replace("0", mark);
  const rest = base.slice(initial.length);
  const final = rest === "i" && /^[zcsr]/.test(initial) ? "ɨ0" : FINALS[writtenFinal(initial, rest)];
  return final === undefined ? undefined : `${INITIALS[initial]}${final.replace("0", mark)}`;
}
