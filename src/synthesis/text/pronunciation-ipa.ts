import { hasSound } from "./kokoro-phonemes.ts";
import { MARKS, toVocabulary } from "./vocabulary.ts";

/** Borders of syllables, links and optional sounds: they help a reader and are no sounds. */
const UNSOUNDED = /[.‿|‖()\u200b-\u200d\ufeff]/g;

/**
 * IPA as people write it, in the symbols that the readers work with: without the slashes or brackets around it and the
 * borders of syllables in it; what keyboards have in place of stress and length marks becomes those.
 */
export function plainIpa(ipa: string): string {
  return ipa
    .trim()
    .replace(/^(?:\/(?=.*\/$)|\[(?=.*\]$))/, "")
    .replace(/[/\]]$/, "")
    .replace(UNSOUNDED, "")
    .replace(/['’]/g, "ˈ")
    .replaceAll(":", "ː")
    .replaceAll("g", "ɡ")
    .replace(/\s+/g, " ")
    .trim();
}

/**
 * Why no model can say this IPA: the first symbol that none has a sound for, or that it holds no sound at all (`""`);
 * null when it can be said. Symbols that are merely near to one of a model's own are taken for that one.
 */
export function unspeakableIpa(ipa: string): string | null {
  const plain = plainIpa(ipa);
  for (const symbol of plain) if (MARKS.has(symbol)) return symbol;
  let unknown: string | null = null;
  const spoken = toVocabulary(plain, (symbol) => {
    unknown ??= symbol;
  });
  return unknown ?? (hasSound(spoken) ? null : "");
}
