/** Soft hyphens, zero-width characters and controls of direction: no part of a word as it is looked up. */
const INVISIBLE = /\u034f|[\ufe00-\ufe0f]|[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/;
const ALL_INVISIBLE = new RegExp(INVISIBLE, "g");

/** Of scripts that put no space between words: a word of theirs may begin and end anywhere. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

const OTHER = 0;
const LETTER = 1;
const DIGIT = 2;
const UNSPACED_LETTER = 3;
const MARK = 4;
/** Korean writes its particles behind a word without a space: one may end before them. */
const HANGUL = 5;

/** Languages that run an article or a preposition into its noun: "l'Oréal", "dell'arte". */
const ELIDING: ReadonlySet<string> = new Set("fr it ca oc co fur lmo pms scn vec wa".split(" "));
/** Languages that put an apostrophe between a name and its endings: "Ankara'da". */
const SUFFIXING: ReadonlySet<string> = new Set(["tr", "az"]);

/** Apostrophes, hyphens and white space each become one character; every character stays one. */
function foldSigns(text: string): string {
  return text
    .replace(/[‘’‚‛ʼ′´＇]/g, "'")
    .replace(/[‐‑﹣−]/g, "-")
    .replace(/\s/g, " ");
}

/** Lower case that keeps every character at its place. */
export function foldCase(text: string): string {
  // The one letter that becomes two; and the one that depends on what follows.
  return text.replaceAll("İ", "i").toLowerCase().replaceAll("ς", "σ");
}

/** A grapheme as it is compared where the case matters. */
export function foldGrapheme(grapheme: string): string {
  return foldSigns(grapheme.normalize("NFC").replace(ALL_INVISIBLE, "")).replace(/ {2,}/g, " ").trim();
}

/** A text as words are looked up in it: folded, without what cannot be seen, with the bounds of its words. */
export class PronunciationView {
  /** Signs folded, the case as it is. */
  readonly exact: string;
  /** `exact` in lower case, of the same length. */
  readonly folded: string;
  readonly #kinds: Uint8Array;
  /** Offsets of the text for each of the view, one more for the end; null where both are the same. */
  readonly #offsets: Uint32Array | null;
  readonly #length: number;

  constructor(text: string) {
    let visible = text;
    this.#offsets = null;
    this.#length = text.length;
    if (INVISIBLE.test(text)) {
      const offsets = new Uint32Array(text.length);
      let count = 0;
      for (let index = 0; index < text.length; index += 1) {
        if (!INVISIBLE.test(text.charAt(index))) offsets[count++] = index;
      }
      this.#offsets = offsets.subarray(0, count);
      visible = text.replace(ALL_INVISIBLE, "");
    }
    this.exact = foldSigns(visible);
    this.folded = foldCase(this.exact);
    this.#kinds = kindsOf(this.exact);
  }

  get length(): number {
    return this.exact.length;
  }

  /** Offset in the text of the character at `index` of the view. */
  offset(index: number): number {
    return this.#offsets === null ? index : (this.#offsets[index] ?? this.#length);
  }

  /** Offset in the text just behind the character before `index`: what cannot be seen behind it is left out. */
  offsetBehind(index: number): number {
    return index === 0 ? 0 : this.offset(index - 1) + 1;
  }

  /** Index in the view of the first character at or behind an offset of the text. */
  indexOf(offset: number): number {
    if (this.#offsets === null) return offset;
    let low = 0;
    let high = this.#offsets.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#offsets[middle] ?? 0) < offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Whether a word of a text in this language may begin at this index. */
  startsWord(index: number, language: string): boolean {
    const inside = this.#kinds[index - 1] === HANGUL && this.#kinds[index] === HANGUL;
    return !inside && this.#apart(index) && !this.#joined(index, -1, language);
  }

  /** Whether a word of a text in this language may end before this index. */
  endsWord(index: number, language: string): boolean {
    return this.#apart(index) && !this.#joined(index - 1, 1, language);
  }

  /** False between two letters of a word that has spaces around it, and before what belongs to a letter. */
  #apart(index: number): boolean {
    const before = this.#kinds[index - 1] ?? OTHER;
    const after = this.#kinds[index] ?? OTHER;
    if (after === MARK) return before === OTHER;
    if (before === OTHER || after === OTHER) return true;
    if (before === HANGUL && after === HANGUL) return true;
    return before === UNSPACED_LETTER || after === UNSPACED_LETTER;
  }

  /** Whether a sign ties the word whose edge is at `edge` to what is beyond the sign: "Node.js", "don't", "1,000". */
  #joined(edge: number, step: 1 | -1, language: string): boolean {
    const kind = this.#kinds[edge] ?? OTHER;
    const beyond = this.#kinds[edge + 2 * step] ?? OTHER;
    if (kind === OTHER || beyond === OTHER) return false;
    const sign = this.exact[edge + step];
    if (sign === "." || sign === "@" || sign === "_") return true;
    if (sign === "," || sign === ":") return kind === DIGIT && beyond === DIGIT;
    if (sign !== "'") return false;
    const primary = language.split("-", 1)[0] ?? "";
    if (step === -1) return !ELIDING.has(primary);
    if (SUFFIXING.has(primary)) return false;
    // The genitive: "Siobhan's".
    const alone = (this.#kinds[edge + 3] ?? OTHER) === OTHER;
    return !(alone && this.folded[edge + 2] === "s");
  }
}

function kindsOf(text: string): Uint8Array {
  const kinds = new Uint8Array(text.length);
  let index = 0;
  for (const character of text) {
    const kind = kindOf(character);
    kinds.fill(kind, index, index + character.length);
    index += character.length;
  }
  return kinds;
}

function kindOf(character: string): number {
  if (character < "\u0080") {
    if (character >= "0" && character <= "9") return DIGIT;
    return (character >= "a" && character <= "z") || (character >= "A" && character <= "Z") ? LETTER : OTHER;
  }
  if (/\p{M}/u.test(character)) return MARK;
  if (/\p{N}/u.test(character)) return DIGIT;
  if (!/\p{L}/u.test(character)) return OTHER;
  if (/\p{Script=Hangul}/u.test(character)) return HANGUL;
  return UNSPACED.test(character) ? UNSPACED_LETTER : LETTER;
}
