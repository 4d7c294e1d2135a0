/**
 * The voices of espeak-ng by the language they read, BCP-47: which of its 140 it takes for a language that has
 * several. Left out are those that only spell their script out (Cherokee, Hakka, Shan, Japanese, whose kanji it calls
 * letters), private inventions without a tag, and accents that no tag names.
 */
export const ESPEAK_VOICES: Readonly<Record<string, string>> = {
  ...sameName(
    "af am an ar as az ba be bg bn bpy bs ca cs cv cy da de el eo es et eu fa fi fo fr ga gd gn grc gu haw he hi hr ht " +
      "hu hy hyw ia id io is it jbo ka kaa kk kl kn ko kok ku ky la lb lfn lt ltg lv mi mk ml mr ms mt mto my nb " +
      "nci ne nl nog om or pa pap pl qu quc ro ru sd si sjn sk sl smj sq sr sv sw ta te th ti tk tn tr tt ug uk " +
      "ur uz vi yue qya",
  ),
  "en-029": "en-029",
  "en-GB": "en-gb-x-rp",
  "en-GB-scotland": "en-gb-scotland",
  "en-US": "en-us",
  "es-419": "es-419",
  "es-AR": "es-419",
  "es-MX": "es-419",
  "fr-BE": "fr-be",
  "fr-CH": "fr-ch",
  "nl-BE": "nl",
  "pt-BR": "pt-br",
  "pt-PT": "pt",
  tlh: "piqd",
  zh: "cmn",
};

/** Every language that espeak-ng turns into sounds, also where its own voice would only spell. */
export const ESPEAK_READERS: Readonly<Record<string, string>> = { ...ESPEAK_VOICES, ja: "ja" };

function sameName(codes: string): Record<string, string> {
  return Object.fromEntries(codes.split(" ").map((code) => [code, code]));
}
