import { needs } from "../auth/scopes.ts";
import { builder } from "../graphql/builder.ts";
import { LanguageType, languageOf } from "../languages/graphql.ts";
import { SynthesisJobType } from "./graphql.ts";
import { inputOf, voicesOf } from "./input.ts";
import { coverageOf, type SpokenStretch, spokenLanguages, spokenStretches, spokenWords } from "./records.ts";
import type { CoverageSpan, DropReason, NormalizedText } from "./text/utterance.ts";
import type { TimedMark } from "./timing/words.ts";

const START = "Where it begins in the job's `text`, in UTF-16 code units.";
const END = "Where it ends there: the position behind it.";
const WHILE_IT_RUNS = "While the job runs it is what has been spoken so far.";
const BEFORE = "Empty for jobs of before that was written down.";

export interface NormalizedPart {
  readonly part: NormalizedText["parts"][number];
  readonly text: string;
  readonly normalized: string;
}

export const NormalizationType = builder.objectRef<NormalizedPart>("Normalization").implement({
  authScopes: needs("synthesize"),
  description: "A part of a text that is spoken in other words than it is written in.",
  fields: (t) => ({
    text: t.exposeString("text", { description: 'As it was written, such as "$5".' }),
    start: t.int({ description: START, resolve: ({ part }) => part.start }),
    end: t.int({ description: END, resolve: ({ part }) => part.end }),
    normalized: t.exposeString("normalized", { description: 'As it is said: "five dollars". May be empty.' }),
    normalizedStart: t.int({
      description: "Where that begins in `normalizedText`, in UTF-16 code units.",
      resolve: ({ part }) => part.from,
    }),
    normalizedEnd: t.int({ description: END, resolve: ({ part }) => part.to }),
  }),
});

const MarkType = builder.objectRef<TimedMark>("SpokenMark").implement({
  authScopes: needs("synthesize"),
  description: "A place that the text named by `<mark name=…/>`, and when it is reached.",
  fields: (t) => ({
    name: t.exposeString("name", { description: "Its name; several places may share one." }),
    seconds: t.exposeFloat("seconds", {
      description: "Seconds from the start of the audio to the first word behind it.",
    }),
  }),
});

interface Stretch extends SpokenStretch {
  readonly text: string;
  readonly voiceReference: string;
}

const SpokenSegmentType = builder.objectRef<Stretch>("SpokenSegment").implement({
  authScopes: needs("synthesize"),
  description: "A stretch of a job's text that one voice speaks in one language.",
  fields: (t) => ({
    text: t.exposeString("text", { description: "As it was sent." }),
    start: t.exposeInt("start", { description: START }),
    end: t.exposeInt("end", { description: END }),
    voiceReference: t.exposeString("voiceReference", { description: "Who speaks it, as it was asked for." }),
    language: t.field({
      type: LanguageType,
      description: "What it is read as; of most of it where a sentence holds words of others.",
      resolve: ({ language }) => languageOf(language),
    }),
    startSeconds: t.exposeFloat("startSeconds", { description: "When its first sound is heard." }),
    endSeconds: t.exposeFloat("endSeconds", { description: "When its last sound ends." }),
  }),
});

const FATES = {
  spoken: "It is spoken as it is written.",
  normalised: "It is spoken in other words than it is written in.",
  dropped: "It is not spoken.",
  space: "White space.",
} as const satisfies Record<CoverageSpan["fate"], string>;

const REASONS = {
  markup: "A tag of SSML or HTML.",
  emoji: "An emoji, where they are not spoken.",
  invisible: "Characters that nobody sees.",
  comment: "A comment.",
  direction: "A direction, such as a pause, which was followed.",
  unreadable: "What nothing here can read.",
  silent:
    "Marks, which are heard as pauses and melody or not at all, and letters that a word does not sound.",
  object: "What became a pause or a mark.",
} as const satisfies Record<DropReason, string>;

function enumOf<Value extends string>(values: Readonly<Record<Value, string>>) {
  const entries = Object.entries<string>(values).map(([value, description]) => [
    value.toUpperCase(),
    { value, description },
  ]);
  return Object.fromEntries(entries) as { [V in Value as Uppercase<V>]: { value: V; description: string } };
}

const Fate = builder.enumType("CoverageFate", {
  description: "What became of a stretch of a text.",
  values: enumOf(FATES),
});

const Reason = builder.enumType("CoverageReason", {
  description: "Why a stretch of a text is not spoken.",
  values: enumOf(REASONS),
});

export const CoverageType = builder.objectRef<CoverageSpan>("CoverageSpan").implement({
  authScopes: needs("synthesize"),
  description: "What became of a stretch of a text.",
  fields: (t) => ({
    start: t.exposeInt("start", { description: START }),
    end: t.exposeInt("end", { description: END }),
    fate: t.expose("fate", { type: Fate, description: "What became of it." }),
    reason: t.field({
      type: Reason,
      nullable: true,
      description: "Why it was dropped; null otherwise.",
      resolve: ({ reason }) => reason ?? null,
    }),
    utterance: t.int({
      nullable: true,
      description: "Index of the utterance that speaks it, as in `AudioChunk.index`; null where none does.",
      resolve: ({ utterance }) => utterance ?? null,
    }),
  }),
});

builder.objectFields(SynthesisJobType, (t) => ({
  normalizedText: t.string({
    nullable: true,
    description: `What is said, in words. ${WHILE_IT_RUNS} Null for jobs of before that was written down.`,
    resolve: async (job, _args, { loaders }) =>
      spokenWords(inputOf(job).text, await loaders.spoken.load(job.id))?.text ?? null,
  }),
  normalization: t.field({
    type: [NormalizationType],
    description: `Where that differs from the text, in the order of speech. ${WHILE_IT_RUNS} ${BEFORE}`,
    resolve: async (job, _args, { loaders }) => {
      const source = inputOf(job).text;
      const said = spokenWords(source, await loaders.spoken.load(job.id));
      return (said?.parts ?? []).map((part) => ({
        part,
        text: source.slice(part.start, part.end),
        normalized: said?.text.slice(part.from, part.to) ?? "",
      }));
    },
  }),
  marks: t.field({
    type: [MarkType],
    description: `Places that the text named, in the order in which they are reached. ${WHILE_IT_RUNS}`,
    resolve: async ({ id }, _args, { loaders }) =>
      (await loaders.spoken.load(id)).flatMap(({ marks }) => marks ?? []),
  }),
  coverage: t.field({
    type: [CoverageType],
    description: `What became of every character of the text, once and in order. ${WHILE_IT_RUNS} ${BEFORE}`,
    resolve: async (job, _args, { loaders }) =>
      coverageOf(inputOf(job).text, await loaders.spoken.load(job.id), job.status === "SUCCEEDED"),
  }),
  segments: t.field({
    type: [SpokenSegmentType],
    description: `Who speaks what when, in the order of speech. ${WHILE_IT_RUNS}`,
    resolve: async (job, _args, { loaders }) => {
      const input = inputOf(job);
      const voices = voicesOf(input);
      const stretches = spokenStretches(
        await loaders.spoken.load(job.id),
        input.segments ?? [],
        input.language,
      );
      return stretches.map((stretch) => ({
        ...stretch,
        text: input.text.slice(stretch.start, stretch.end),
        voiceReference: voices[stretch.voice]?.voiceId ?? input.voiceId,
      }));
    },
  }),
  languages: t.field({
    type: [LanguageType],
    description: `The languages that are spoken, the one of most of the text first. ${WHILE_IT_RUNS} ${BEFORE}`,
    resolve: async ({ id }, _args, { loaders }) =>
      spokenLanguages(await loaders.spoken.load(id)).map(languageOf),
  }),
}));
