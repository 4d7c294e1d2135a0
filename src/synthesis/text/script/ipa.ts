/**
 * What IPA is written with (chart of 2020 and its extensions): letters, some of them ASCII, modifiers, suprasegmentals,
 * and diacritics, which are marks of their own once a text is decomposed.
 */
const IPA = /[a-zæðøħŋœǀ-ǃɐ-˿βθχᴀ-ᶿⱱꜛꜜ↑↓→↗↘‿‖|. ]|[\u0300-\u036f]/u;

/** The first character of a transcription that is not of the IPA; null when all are. */
export function foreignToIpa(transcription: string): string | null {
  for (const character of transcription.normalize("NFD")) if (!IPA.test(character)) return character;
  return null;
}
