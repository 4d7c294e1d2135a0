/** A language or accent that Kokoro was trained on. `code` is BCP-47. */
export interface NativeLanguage {
  readonly code: string;
  readonly name: string;
  readonly nativeName: string;
  /** First letter of the stock voices that speak it (Kokoro's own naming). */
  readonly voicePrefix: string;
}

/** Kokoro's nine languages and accents, in the order of its model card. */
export const NATIVE_LANGUAGES = [
  { code: "en-US", name: "English (United States)", nativeName: "English (United States)", voicePrefix: "a" },
  {
    code: "en-GB",
    name: "English (United Kingdom)",
    nativeName: "English (United Kingdom)",
    voicePrefix: "b",
  },
  { code: "es", name: "Spanish", nativeName: "Español", voicePrefix: "e" },
  { code: "fr", name: "French", nativeName: "Français", voicePrefix: "f" },
  { code: "hi", name: "Hindi", nativeName: "हिन्दी", voicePrefix: "h" },
  { code: "it", name: "Italian", nativeName: "Italiano", voicePrefix: "i" },
  { code: "ja", name: "Japanese", nativeName: "日本語", voicePrefix: "j" },
  { code: "pt-BR", name: "Portuguese (Brazil)", nativeName: "Português (Brasil)", voicePrefix: "p" },
  { code: "zh", name: "Chinese (Mandarin)", nativeName: "中文（普通话）", voicePrefix: "z" },
] as const satisfies readonly NativeLanguage[];

export type NativeLanguageCode = (typeof NATIVE_LANGUAGES)[number]["code"];
