import { ADAPTED_LANGUAGES } from "../languages/adapted.ts";
import type { Language, LanguageTier, NATIVE_LANGUAGES } from "../languages/language.ts";
import { PIPER_QUALITIES, PIPER_VOICES } from "../models/piper-voices.ts";
import { espeakVoiceId, installedVoicesOf, PIPER_STOCK_VOICES, type StockVoice } from "./stock.ts";

/** Kokoro's best voice of each of its languages, by the grades of its model card and by ear where it gives none. */
const NATIVE_VOICES: Readonly<Record<(typeof NATIVE_LANGUAGES)[number]["code"], string>> = {
  "en-US": "af_heart",
  "en-GB": "bf_emma",
  es: "ef_dora",
  fr: "ff_siwis",
  hi: "hf_alpha",
  it: "if_sara",
  ja: "jf_alpha",
  "pt-BR": "pf_dora",
  zh: "zf_xiaobei",
};

/** A voice by its id, and how well it speaks the language that it was chosen for. */
export interface ChosenVoice {
  readonly voiceId: string;
  readonly tier: LanguageTier;
}

/**
 * The voice of a language for requests that name none: the best that can speak at once.
 *
 * @param installed Piper voices whose weights are here
 */
export function defaultVoice(language: Language, installed: ReadonlySet<string>): ChosenVoice {
  const { code, tiers } = language;
  for (const tier of tiers) {
    const voiceId = voiceOf(tier, code, installed);
    if (voiceId !== null) return { voiceId, tier };
  }
  throw new Error(`nothing speaks ${code}`);
}

function voiceOf(tier: LanguageTier, code: string, installed: ReadonlySet<string>): string | null {
  switch (tier) {
    case "NATIVE":
      return NATIVE_VOICES[code as keyof typeof NATIVE_VOICES];
    case "VOICE":
      return bestPiperVoice(code, installed);
    case "ADAPTED":
      return NATIVE_VOICES[ADAPTED_LANGUAGES[code] ?? "en-US"];
    case "BASIC":
      return espeakVoiceId(code);
  }
}

const qualities = new Map(PIPER_VOICES.map(({ id, quality }) => [id, PIPER_QUALITIES.indexOf(quality)]));

function bestPiperVoice(code: string, installed: ReadonlySet<string>): string | null {
  return byQuality(installedVoicesOf(code, installed))[0]?.id ?? null;
}

/** The Piper voices of a language, those of the highest quality first, equal ones by name. */
export function piperVoicesOf(language: Language): StockVoice[] {
  return byQuality(PIPER_STOCK_VOICES.filter((voice) => voice.language === language.code));
}

function byQuality(voices: readonly StockVoice[]): StockVoice[] {
  const rank = ({ id }: StockVoice) => qualities.get(id) ?? 0;
  return [...voices].sort((one, other) => rank(other) - rank(one));
}
