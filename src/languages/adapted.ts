import type { NativeLanguageCode } from "./native.ts";

/**
 * Languages that Kokoro was not trained on and speaks from their sounds, with the accent of the language behind each: the
 * one whose voice speaks it when nobody names another. Chosen by the share of espeak-ng's symbols that Kokoro has (93 % and
 * more, the rest have a near one; docs/languages.md); none in which tones tell words apart.
 */
export const ADAPTED_LANGUAGES: Readonly<Record<string, NativeLanguageCode>> = {
  ...towards(
    "en-US",
    "af be bg bs cs cy da de el eo et fi hr hu hy id is ka kk la lt lv mk ms mt nb nl nl-BE pl ro ru sk sl sq sr " +
      "sv sw tr uk",
  ),
  ...towards("en-GB", "en-029 en-GB-scotland"),
  ...towards("es", "ca es-419 es-AR es-MX eu ia io lfn pap"),
  ...towards("fr", "fr-BE fr-CH ht lb"),
  ...towards("hi", "bn gu mr ne pa ur"),
  ...towards("pt-BR", "pt-PT"),
};

function towards(native: NativeLanguageCode, codes: string): Record<string, NativeLanguageCode> {
  return Object.fromEntries(codes.split(" ").map((code) => [code, native]));
}
