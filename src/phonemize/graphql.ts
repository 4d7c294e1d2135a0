import { needs } from "../auth/scopes.ts";
import { UsedDictionaryType } from "../dictionaries/graphql.ts";
import { InvalidInputError } from "../errors.ts";
import { builder } from "../graphql/builder.ts";
import { LanguageType, languageOf } from "../languages/graphql.ts";
import { MAX_DICTIONARIES } from "../synthesis/request.ts";
import { EmojiEnum, NormalizeEnum, TextFormatEnum } from "../synthesis/request-graphql.ts";
import { kokoroToIpa } from "../synthesis/text/ipa.ts";
import type { VoiceTarget } from "../synthesis/text/target.ts";
import type { Utterance, UtteranceWord } from "../synthesis/text/utterance.ts";
import { CoverageType, NormalizationType } from "../synthesis/text-graphql.ts";
import { MAX_PREVIEW_CHARACTERS, type Phonemization } from "./phonemize.ts";

const SPEAK = needs("synthesize");

interface Spoken {
  readonly utterance: Utterance;
  readonly voice: Phonemization["voices"][number] | undefined;
}

/** Phonemes in the International Phonetic Alphabet; null for voices that read letters. */
function ipaOf(phonemes: string, target: VoiceTarget | undefined): string | null {
  if (target?.engine === "piper" && target.phonemeType === "text") return null;
  return target?.engine === "kokoro" ? kokoroToIpa(phonemes) : phonemes.normalize("NFC");
}

const WordType = builder
  .objectRef<{ readonly word: UtteranceWord; readonly spoken: Spoken }>("PhonemizedWord")
  .implement({
    authScopes: SPEAK,
    description: "A word of a text and how it would sound.",
    fields: (t) => ({
      text: t.string({ description: "As it was sent.", resolve: ({ word }) => word.text }),
      start: t.int({
        description: "Where it begins in the text, in UTF-16 code units.",
        resolve: ({ word }) => word.start,
      }),
      end: t.int({
        description: "Where it ends there: the position behind it.",
        resolve: ({ word }) => word.end,
      }),
      phonemes: t.string({
        description: "Its part of the utterance's `phonemes`.",
        resolve: ({ word, spoken }) => phonemesOf(word, spoken),
      }),
      ipa: t.string({
        nullable: true,
        description: "The same in the International Phonetic Alphabet; null for voices that read letters.",
        resolve: ({ word, spoken }) => ipaOf(phonemesOf(word, spoken), spoken.voice?.target),
      }),
    }),
  });

const phonemesOf = ({ tokenStart, tokenEnd }: UtteranceWord, { utterance }: Spoken): string =>
  utterance.phonemes.slice(tokenStart, tokenEnd);

const UtteranceType = builder.objectRef<Spoken>("PhonemizedUtterance").implement({
  authScopes: SPEAK,
  description: "A stretch of a text that would be spoken in one go: a sentence, or a clause of a long one.",
  fields: (t) => ({
    index: t.int({ description: "Its position, from 0.", resolve: ({ utterance }) => utterance.index }),
    text: t.string({ description: "As it was sent.", resolve: ({ utterance }) => utterance.text }),
    start: t.int({
      description: "Where it begins in the text, in UTF-16 code units.",
      resolve: ({ utterance }) => utterance.start,
    }),
    end: t.int({
      description: "Where it ends there: the position behind it.",
      resolve: ({ utterance }) => utterance.end,
    }),
    voiceReference: t.string({
      description: "The voice that would speak it, as it was asked for or chosen.",
      resolve: ({ voice }) => voice?.reference ?? "",
    }),
    language: t.field({
      type: LanguageType,
      description: "What it is read as; of most of it where it mixes languages.",
      resolve: ({ utterance }) => languageOf(utterance.language),
    }),
    normalizedText: t.string({
      description: "What is said, in words.",
      resolve: ({ utterance }) => utterance.normalized.text,
    }),
    normalization: t.field({
      type: [NormalizationType],
      description: "Where that differs from the text, in the order of speech.",
      resolve: ({ utterance: { text, start, normalized } }) =>
        normalized.parts.map((part) => ({
          part,
          text: text.slice(part.start - start, part.end - start),
          normalized: normalized.text.slice(part.from, part.to),
        })),
    }),
    phonemes: t.string({
      description: "Its sounds in the symbols of the voice: those of Kokoro, IPA, or letters.",
      resolve: ({ utterance }) => utterance.phonemes,
    }),
    ipa: t.string({
      nullable: true,
      description: "The same in the International Phonetic Alphabet; null for voices that read letters.",
      resolve: ({ utterance, voice }) => ipaOf(utterance.phonemes, voice?.target),
    }),
    words: t.field({
      type: [WordType],
      description: "Its words in the order of speech.",
      resolve: (spoken) => spoken.utterance.words.map((word) => ({ word, spoken })),
    }),
    pauseAfterSeconds: t.float({
      description: "Silence behind it; 0 for the last.",
      resolve: ({ utterance }) => utterance.pauseAfterSeconds,
    }),
  }),
});

const CountType = builder.objectRef<readonly [name: string, count: number]>("PhonemizeCount").implement({
  authScopes: SPEAK,
  description: "Something that a text holds, and how often.",
  fields: (t) => ({
    name: t.string({ description: "What it is.", resolve: ([name]) => name }),
    count: t.int({ description: "How often.", resolve: ([, count]) => count }),
  }),
});

const PhonemizationType = builder.objectRef<Phonemization>("Phonemization").implement({
  authScopes: SPEAK,
  description: "How a text would be said.",
  isTypeOf: (value) => !(value instanceof Error) && "plan" in (value as object),
  fields: (t) => ({
    utterances: t.field({
      type: [UtteranceType],
      description: "What would be spoken, in order; empty when nothing of the text can be.",
      resolve: ({ plan, voices }) =>
        plan.utterances.map((utterance) => ({ utterance, voice: voices[utterance.voice] })),
    }),
    languages: t.field({
      type: [LanguageType],
      description: "The languages that it is read as, the one of most of it first.",
      resolve: ({ plan }) => plan.languages.map(languageOf),
    }),
    coverage: t.field({
      type: [CoverageType],
      description: "What becomes of every character of the text, once and in order.",
      resolve: ({ plan }) => [...plan.coverage],
    }),
    unknownPhonemes: t.field({
      type: [CountType],
      description: "Phonemes that the voice has no symbol for, not even a near one.",
      resolve: ({ plan }) => Object.entries(plan.notes.unknownPhonemes),
    }),
    dropped: t.field({
      type: [CountType],
      description: "Kinds of characters that have no sound and are left out, such as `emoji`.",
      resolve: ({ plan }) => Object.entries(plan.notes.dropped),
    }),
    dictionaries: t.field({
      type: [UsedDictionaryType],
      description: "The dictionaries that it is read with, the first to win first.",
      resolve: ({ dictionaries }) => [...dictionaries],
    }),
  }),
});

builder.queryField("phonemize", (t) =>
  t.errorUnionField({
    types: [PhonemizationType, InvalidInputError],
    union: {
      name: "PhonemizeResult",
      description: "How the text would be said, or why it would be refused.",
    },
    authScopes: SPEAK,
    description:
      "Shows how a text would be said, and speaks nothing: its sentences, words and sounds, what it is put into, what " +
      "is left out. A `synthesize` with the same input says the same. Any node that answers does it, without a worker.",
    args: {
      text: t.arg.string({
        required: true,
        description: `1 to ${MAX_PREVIEW_CHARACTERS} characters (Unicode code points). Markup counts.`,
      }),
      textFormat: t.arg({ type: TextFormatEnum, description: "How it is written; AUTO when left out." }),
      voiceId: t.arg.id({
        description: "Who would speak it, as for `synthesize`; left out, a voice of the language.",
      }),
      language: t.arg.string({
        description: "BCP-47 tag of a language that the voice speaks; left out, it is found out.",
      }),
      normalize: t.arg({
        type: NormalizeEnum,
        description: "Whether numbers and signs are put into words; AUTO when left out.",
      }),
      emoji: t.arg({ type: EmojiEnum, description: "What becomes of emoji; DROP when left out." }),
      dictionaryIds: t.arg.idList({
        description: `Up to ${MAX_DICTIONARIES} pronunciation dictionaries; an earlier one wins over a later one.`,
      }),
    },
    resolve: (_root, args, { resources, actor }) => resources.phonemes.phonemize(actor.tenant, args),
  }),
);
