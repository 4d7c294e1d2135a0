import { anyKey } from "../auth/scopes.ts";
import { builder } from "../graphql/builder.ts";
import { countVoicesByLanguage } from "../voices/voice.ts";
import { findLanguage, NATIVE_LANGUAGES, type NativeLanguage } from "./language.ts";

const LanguageTier = builder.enumType("LanguageTier", {
  description: "How well a language is spoken.",
  values: {
    NATIVE: { description: "The engine was trained on it, with voices of native speakers." },
  },
});

export const LanguageType = builder.objectRef<NativeLanguage>("Language").implement({
  authScopes: anyKey,
  description: "A language or accent that this service speaks now.",
  fields: (t) => ({
    code: t.exposeString("code", { description: "BCP-47 tag." }),
    name: t.exposeString("name", { description: "Its English name." }),
    nativeName: t.exposeString("nativeName", { description: "Its name in itself." }),
    tier: t.field({
      type: LanguageTier,
      description: "How well it is spoken.",
      resolve: () => "NATIVE" as const,
    }),
    engines: t.stringList({ description: "The engines that speak it.", resolve: () => ["kokoro"] }),
    voiceCount: t.int({
      description: "How many usable voices speak it.",
      resolve: async (language, _args, { loaders }) => await loaders.voiceCount.load(language.code),
    }),
  }),
});

/** The language of a voice; voices only ever hold tags of this table. */
export function languageOf(code: string): NativeLanguage {
  const language = findLanguage(code);
  if (language === null) throw new Error(`a voice of unknown language ${code}`);
  return language;
}

builder.queryField("languages", (t) =>
  t.field({
    type: [LanguageType],
    authScopes: anyKey,
    description:
      "Every language that this service truly speaks now: a front end, an engine and a voice are there.",
    args: { tier: t.arg({ type: LanguageTier, description: "Only languages spoken this well." }) },
    resolve: async (_root, _args, { resources, actor }) => {
      const counts = await countVoicesByLanguage(resources.db, actor.tenant);
      return NATIVE_LANGUAGES.filter(({ code }) => (counts.get(code) ?? 0) > 0);
    },
  }),
);

builder.queryField("language", (t) =>
  t.field({
    type: LanguageType,
    nullable: true,
    authScopes: anyKey,
    description: "One language; null when this service does not speak it.",
    args: { code: t.arg.string({ required: true, description: "BCP-47 tag; letter case does not matter." }) },
    resolve: async (_root, { code }, { resources, actor }) => {
      const language = findLanguage(code);
      const counts = await countVoicesByLanguage(resources.db, actor.tenant);
      return language !== null && (counts.get(language.code) ?? 0) > 0 ? language : null;
    },
  }),
);
