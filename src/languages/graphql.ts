import { anyKey } from "../auth/scopes.ts";
import { builder } from "../graphql/builder.ts";
import { installedVoicesOf } from "../voices/stock.ts";
import { findLanguage, LANGUAGES, type Language, type LanguageTier, TIER_ENGINES } from "./language.ts";

export const LanguageTierEnum = builder.enumType("LanguageTier", {
  description: "How well a language is spoken, best first.",
  values: {
    NATIVE: { description: "Kokoro was trained on it, with voices of native speakers." },
    VOICE: {
      description:
        "By a Piper voice: a small network that was trained on one native speaker or a few of them.",
    },
    ADAPTED: {
      description:
        "By Kokoro, which was not trained on it, from its sounds: understandable, and with a foreign accent.",
    },
    BASIC: { description: "By espeak-ng's own formant voice: understandable, and mechanical." },
  } satisfies Record<LanguageTier, object>,
});

const LanguageTierInfo = builder
  .objectRef<{ readonly language: Language; readonly tier: LanguageTier }>("LanguageTierInfo")
  .implement({
    authScopes: anyKey,
    description: "One of the ways in which a language is spoken.",
    fields: (t) => ({
      tier: t.expose("tier", { type: LanguageTierEnum, description: "How well." }),
      engine: t.string({
        description: "The engine that speaks it so.",
        resolve: ({ tier }) => TIER_ENGINES[tier],
      }),
      voiceCount: t.int({
        description:
          "How many usable voices speak it so: for ADAPTED all of Kokoro's, else those whose own it is.",
        resolve: async ({ language, tier }, _args, { loaders }) => {
          const counts = await loaders.voiceCounts();
          return tier === "ADAPTED" ? counts.all("kokoro") : counts.of(language.code, TIER_ENGINES[tier]);
        },
      }),
      installed: t.boolean({
        description:
          "Whether it can be spoken so at once. False for a Piper language whose voices have not been fetched yet: the " +
          "first request for one of them does that, and so does `speaker models pull`.",
        resolve: async ({ language, tier }, _args, { resources }) =>
          tier !== "VOICE" || installedVoicesOf(language.code, await resources.installed.voices()).length > 0,
      }),
    }),
  });

export const LanguageType = builder.objectRef<Language>("Language").implement({
  authScopes: anyKey,
  description: "A language or accent that this service speaks now.",
  fields: (t) => ({
    code: t.exposeString("code", { description: "BCP-47 tag." }),
    name: t.exposeString("name", { description: "Its English name." }),
    nativeName: t.exposeString("nativeName", {
      description: "Its name in itself; in English where Unicode's tables have none.",
    }),
    tier: t.field({
      type: LanguageTierEnum,
      description: "How well it is spoken at best, with what is installed on the node that answers.",
      resolve: async (language, _args, { resources }) =>
        bestTier(language, await resources.installed.voices()),
    }),
    tiers: t.field({
      type: [LanguageTierInfo],
      description: "Every way in which it can be spoken, best first.",
      resolve: (language) => language.tiers.map((tier) => ({ language, tier })),
    }),
    engines: t.stringList({
      description: "The engines that speak it, the best first.",
      resolve: ({ tiers }) => [...new Set(tiers.map((tier) => TIER_ENGINES[tier]))],
    }),
    voiceCount: t.int({
      description: "How many usable voices have it as their own language.",
      resolve: async ({ code }, _args, { loaders }) => (await loaders.voiceCounts()).of(code),
    }),
  }),
});

/** @param installed ids of the Piper voices whose weights are here */
function bestTier(language: Language, installed: ReadonlySet<string>): LanguageTier {
  const here = language.tiers.find(
    (tier) => tier !== "VOICE" || installedVoicesOf(language.code, installed).length > 0,
  );
  return here ?? "VOICE";
}

/** The language of a voice; voices only ever hold tags of the table. */
export function languageOf(code: string): Language {
  const language = findLanguage(code);
  if (language === null) throw new Error(`a voice of unknown language ${code}`);
  return language;
}

builder.queryField("languages", (t) =>
  t.field({
    type: [LanguageType],
    authScopes: anyKey,
    description:
      "Every language that this service speaks now: Kokoro's own, then the others in the order of their tags.",
    args: {
      tier: t.arg({ type: LanguageTierEnum, description: "Only languages whose best tier is this one." }),
    },
    resolve: async (_root, { tier }, { resources }) => {
      if (tier == null) return LANGUAGES;
      const installed = await resources.installed.voices();
      return LANGUAGES.filter((language) => bestTier(language, installed) === tier);
    },
  }),
);

builder.queryField("language", (t) =>
  t.field({
    type: LanguageType,
    nullable: true,
    authScopes: anyKey,
    description:
      "The language that serves a tag best: itself, or its nearest accent (`es-ES` is `es`, `en-AU` is `en-GB`); null when " +
      "this service does not speak it.",
    args: { code: t.arg.string({ required: true, description: "BCP-47 tag; letter case does not matter." }) },
    resolve: (_root, { code }) => findLanguage(code),
  }),
);
