import { PIPER_VOICES } from "../models/piper-voices.ts";
import { ADAPTED_LANGUAGES } from "./adapted.ts";
import { ESPEAK_READERS, ESPEAK_VOICES } from "./espeak-voices.ts";
import { NATIVE_LANGUAGES } from "./native.ts";
import { lookUp } from "./tags.ts";

export { NATIVE_LANGUAGES, type NativeLanguageCode } from "./native.ts";

/** How well a language is spoken, best first. */
const LANGUAGE_TIERS = ["NATIVE", "VOICE", "ADAPTED", "BASIC"] as const;
export type LanguageTier = (typeof LANGUAGE_TIERS)[number];

/** The engine that speaks a language so. */
export const TIER_ENGINES = {
  NATIVE: "kokoro",
  VOICE: "piper",
  ADAPTED: "kokoro",
  BASIC: "espeak",
} as const satisfies Record<LanguageTier, string>;

/** A language or accent that this service speaks. */
export interface Language {
  /** BCP-47: bare where one region is meant, with a region where several are told apart. */
  readonly code: string;
  /** In English. */
  readonly name: string;
  /** In itself; in English where Unicode's tables have no name. */
  readonly nativeName: string;
  /** Every way in which it can be spoken, best first. */
  readonly tiers: readonly LanguageTier[];
}

/** Names that Unicode's tables do not have. */
const NAMES: Readonly<Record<string, string>> = {
  hyw: "Western Armenian",
  mto: "Totontepec Mixe",
  nci: "Classical Nahuatl",
  qya: "Quenya",
  sjn: "Sindarin",
  tlh: "Klingon",
};

class ServedLanguage implements Language {
  readonly code: string;
  readonly tiers: readonly LanguageTier[];
  #names: readonly [string, string] | null = null;

  constructor(code: string, tiers: readonly LanguageTier[]) {
    this.code = code;
    this.tiers = tiers;
  }

  get name(): string {
    return this.#both()[0];
  }

  get nativeName(): string {
    return this.#both()[1];
  }

  /** Made when first asked for: the tables of a hundred languages take their time. */
  #both(): readonly [string, string] {
    const native = NATIVE_LANGUAGES.find(({ code }) => code === this.code);
    this.#names ??= native ? [native.name, native.nativeName] : namesOf(this.code);
    return this.#names;
  }
}

function namesOf(code: string): readonly [string, string] {
  const known = NAMES[code];
  if (known !== undefined) return [known, known];
  const style = { type: "language", languageDisplay: "standard", fallback: "none" } as const;
  const english = new Intl.DisplayNames("en", style).of(code) ?? code;
  const own = new Intl.DisplayNames([code, "en"], style).of(code) ?? english;
  // Many languages write their names small; in a list they stand alone. Georgian has no capitals to begin with.
  const initial = /^\p{Script=Georgian}/u.test(own) ? own.charAt(0) : own.charAt(0).toLocaleUpperCase(code);
  return [english, initial + own.slice(1)];
}

/** Piper writes a region with every language; here it stands only where there are several. */
const PIPER_REGIONS: Readonly<Record<string, string>> = {
  en_GB: "en-GB",
  en_US: "en-US",
  es_AR: "es-AR",
  es_MX: "es-MX",
  nl_BE: "nl-BE",
  no_NO: "nb",
  pt_BR: "pt-BR",
  pt_PT: "pt-PT",
};

/** The language of a locale as Piper writes it, such as `de_DE`. */
export function languageOfPiper(locale: string): string {
  return PIPER_REGIONS[locale] ?? locale.split("_")[0] ?? locale;
}

/** Every language served: Kokoro's own in the order of its model card, then the others by their tags. */
export const LANGUAGES: readonly Language[] = servedLanguages();

function servedLanguages(): Language[] {
  const native: readonly string[] = NATIVE_LANGUAGES.map(({ code }) => code);
  const voiced = new Set(PIPER_VOICES.map(({ locale }) => languageOfPiper(locale)));
  const codes = new Set([...voiced, ...Object.keys(ADAPTED_LANGUAGES), ...Object.keys(ESPEAK_VOICES)]);
  for (const code of native) codes.delete(code);
  return [...native, ...[...codes].sort()].map((code) => {
    const has: Record<LanguageTier, boolean> = {
      NATIVE: native.includes(code),
      VOICE: voiced.has(code),
      ADAPTED: code in ADAPTED_LANGUAGES,
      BASIC: code in ESPEAK_VOICES,
    };
    return new ServedLanguage(
      code,
      LANGUAGE_TIERS.filter((tier) => has[tier]),
    );
  });
}

const byCode = new Map(LANGUAGES.map((language) => [language.code.toLowerCase(), language]));

/**
 * The language that serves a BCP-47 tag best: itself, or what is nearest of its regions (`es-ES` is `es`, `en-AU` is
 * `en-GB`, `de-AT` is `de`). Letter case does not matter. Null for what is no tag, and for languages that nothing
 * here speaks.
 */
export function findLanguage(tag: string): Language | null {
  return byCode.get(tag.toLowerCase()) ?? lookUp(tag, (candidate) => byCode.get(candidate) ?? null);
}

/** The voice of espeak-ng that reads a language; null where it has none, or nothing here speaks it. */
export function espeakVoiceOf(tag: string): string | null {
  const language = findLanguage(tag);
  return language === null ? null : (ESPEAK_READERS[language.code] ?? null);
}

/** A voice as far as its languages go. */
export interface SpeakingVoice {
  readonly kind: "STOCK" | "CLONED" | "MIXED";
  readonly engine: string;
  /** Its own. */
  readonly language: string;
}

/**
 * The language in which a voice speaks what is asked for in a tag, and how well; null when it does not. A bare language
 * is the voice's own accent of it: a voice of `en-GB` speaks `en` so. Kokoro's voices speak all languages that it was
 * trained on and those that it is adapted to; a stock voice speaks others than its own with the accent of its own, and so
 * as one that is adapted. All other voices speak their own alone.
 */
export function speaks(
  { kind, engine, language: own }: SpeakingVoice,
  tag: string,
): { readonly language: Language; readonly tier: LanguageTier } | null {
  const language = findLanguage(tag.toLowerCase() === own.split("-")[0] ? own : tag);
  if (language === null) return null;
  const is = (tier: LanguageTier) => (language.tiers.includes(tier) ? { language, tier } : null);
  if (engine === TIER_ENGINES.VOICE) return language.code === own ? is("VOICE") : null;
  if (engine === TIER_ENGINES.BASIC) return language.code === own ? is("BASIC") : null;
  if (kind === "STOCK" && language.code !== own) {
    return language.tiers.includes("NATIVE") ? { language, tier: "ADAPTED" } : is("ADAPTED");
  }
  return is("NATIVE") ?? is("ADAPTED");
}
