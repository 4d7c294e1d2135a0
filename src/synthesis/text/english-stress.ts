/**
 * Stress in the notation of misaki's dictionaries, whose rules these are (misaki 0.9.4, `apply_stress` and
 * `resolve_tokens`): Kokoro was trained on their outcome.
 */

const PRIMARY = "ˈ";
const SECONDARY = "ˌ";
const VOWEL = /[AIOQWYaiuæɑɒɔəɛɜɪʊʌᵻ]/;
const CONSONANT = /[bdfhjklmnpstvwzðŋɡɹɾʃʒʤʧθ]/;
const HEAVY = /[AIOQWYʤʧ]/g;

/** Sounds that only names of other languages begin with. */
const FOREIGN_VOWEL = /[eoyøœɯɨ]/;
const FOREIGN_CONSONANT = /[crxçɕɟɣɲɻʁʂʈʎʣʦʨχβɸ]/;

/** Whether the first sound is a vowel; null when there is none that decides. */
export function beginsWithVowel(phonemes: string): boolean | null {
  for (const symbol of phonemes) {
    if (VOWEL.test(symbol) || FOREIGN_VOWEL.test(symbol)) return true;
    if (CONSONANT.test(symbol) || FOREIGN_CONSONANT.test(symbol)) return false;
  }
  return null;
}

const hasPrimary = (phonemes: string): boolean => phonemes.includes(PRIMARY);
const hasStress = (phonemes: string): boolean => hasPrimary(phonemes) || phonemes.includes(SECONDARY);

/** "but" at the head of a sentence: a word without stress gets a weak one. */
export function secondaryAtLeast(phonemes: string): string {
  return hasStress(phonemes) ? phonemes : beforeVowel(phonemes, SECONDARY);
}

/** A word in capitals: a weak stress becomes the main one, none at all too. */
export function primaryAtLeast(phonemes: string): string {
  if (hasPrimary(phonemes)) return phonemes;
  if (hasStress(phonemes)) return phonemes.replaceAll(SECONDARY, PRIMARY);
  return beforeVowel(phonemes, PRIMARY);
}

/** The main stress becomes the only one, and weak. */
function weaken(phonemes: string): string {
  if (!hasPrimary(phonemes)) return phonemes;
  return phonemes.replaceAll(SECONDARY, "").replaceAll(PRIMARY, SECONDARY);
}

function beforeVowel(phonemes: string, mark: string): string {
  const at = phonemes.search(VOWEL);
  return at === -1 ? phonemes : phonemes.slice(0, at) + mark + phonemes.slice(at);
}

/** Letters said one by one: the last has the main stress. */
export function spelled(letters: readonly string[]): string {
  const weak = weaken(letters.join(""));
  const last = weak.lastIndexOf(SECONDARY);
  return last === -1 ? weak : weak.slice(0, last) + PRIMARY + weak.slice(last + 1);
}

/**
 * The parts of a compound ("well-known", "JavaScript"), which are one word: of several main stresses only the
 * heavier half stays. Behind a single letter ("T-shirt") the rest is weak.
 */
export function compound(parts: readonly { readonly text: string; readonly phonemes: string }[]): string {
  const sounded = parts.filter(({ phonemes }) => phonemes !== "");
  const [first, second] = sounded;
  const weak = new Set<(typeof sounded)[number]>();
  const stressed = sounded.filter(({ phonemes }) => hasPrimary(phonemes)).length;
  if (sounded.length === 2 && first?.text.length === 1 && second !== undefined) {
    weak.add(second);
  } else if (sounded.length > 1 && stressed > Math.floor((sounded.length + 1) / 2)) {
    const byWeight = sounded
      .map((part) => ({ part, primary: hasPrimary(part.phonemes) ? 1 : 0, weight: weightOf(part.phonemes) }))
      .sort((a, b) => a.primary - b.primary || a.weight - b.weight);
    for (const { part } of byWeight.slice(0, Math.floor(sounded.length / 2))) weak.add(part);
  }
  return sounded.map((part) => (weak.has(part) ? weaken(part.phonemes) : part.phonemes)).join("");
}

function weightOf(phonemes: string): number {
  return phonemes.length + (phonemes.match(HEAVY)?.length ?? 0);
}
