import { hasSound } from "./inventory.ts";
import { plainIpa } from "./ipa.ts";
import { foreignToIpa } from "./script/ipa.ts";
import { toVocabulary } from "./vocabulary.ts";

/**
 * IPA as dictionaries have it, in the symbols that the readers work with: what keyboards have in place of stress and
 * length marks becomes those, sounds in parentheses are said, and what only people read goes.
 */
export function dictionaryIpa(ipa: string): string {
  return plainIpa(ipa.replace(/[()]/g, "").replace(/['’]/g, "ˈ").replaceAll(":", "ː"));
}

/**
 * Why no model can say this IPA: the first symbol that is none of the IPA or has no sound in any model, or that there is
 * no sound at all (`""`); null when it can be said. Symbols that are near to one of a model's own are taken for that one.
 */
export function unspeakableIpa(ipa: string): string | null {
  const plain = dictionaryIpa(ipa);
  let unknown = foreignToIpa(plain);
  const spoken = toVocabulary(plain, (symbol) => {
    unknown ??= symbol;
  });
  return unknown ?? (hasSound(spoken) ? null : "");
}
