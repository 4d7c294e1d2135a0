import type { NativeLanguageCode } from "../../languages/language.ts";

/** What a voice says to be heard: a few seconds of everyday speech that fits every voice, whoever it is. */
export const PREVIEW_SENTENCES: Readonly<Record<NativeLanguageCode, string>> = {
  "en-US": "Hi there! It's so nice to meet you. This is how I sound when I read something out loud.",
  "en-GB": "Hello! Lovely to meet you. This is what I sound like when I'm reading aloud.",
  es: "¡Hola! Es un placer conocerte. Así suena mi voz cuando leo un texto en voz alta.",
  fr: "Bonjour ! Quel plaisir de faire votre connaissance. Voici ma voix, quand je lis un texte à voix haute.",
  hi: "नमस्ते! आपसे मिलकर बहुत अच्छा लगा। पढ़ते समय मेरी आवाज़ कुछ ऐसी सुनाई देती है।",
  it: "Ciao! È un piacere conoscerti. Ecco come suona la mia voce quando leggo un testo ad alta voce.",
  ja: "こんにちは。お会いできてうれしいです。文章を読むとき、私の声はこんなふうに聞こえます。",
  "pt-BR": "Olá! Que bom conhecer você. É assim que a minha voz soa quando leio um texto em voz alta.",
  zh: "你好！很高兴认识你。我朗读文章的时候，声音就是这样的。",
};
