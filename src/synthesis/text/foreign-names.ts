/** Letters that of the languages of Europe one alone writes, or one before all others, and its voice of espeak-ng. */
const LETTERS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    cs: "řůě",
    sk: "ľĺŕ",
    pl: "łśźżńąę",
    hu: "őű",
    tr: "ğış",
    ro: "țșă",
    de: "ß",
    es: "ñ",
    "pt-br": "ãõ",
    sv: "å",
    nb: "ø",
    hr: "đ",
    lv: "ģķļņ",
    lt: "ėįų",
    is: "ðþ",
  }).flatMap(([voice, letters]) => [...letters].map((letter) => [letter, voice] as const)),
);

/**
 * The voice that reads a name which an English dictionary lacks by the rules of its own language; null for none. Words
 * that are no names are loanwords, which English says in its own way.
 */
export function voiceOfForeignName(word: string): string | null {
  if (!/^\p{Lu}/u.test(word)) return null;
  for (const letter of word.toLowerCase().normalize("NFC")) {
    const voice = LETTERS.get(letter);
    if (voice !== undefined) return voice;
  }
  return null;
}

/** A name without its English ending, and that ending's sound: "Dvořák's". */
export function withoutPossessive(word: string): readonly [name: string, ending: string] {
  const name = word.replace(/'s$/i, "");
  return [name, name === word ? "" : "z"];
}
