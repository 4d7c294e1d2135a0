import { needs } from "../auth/scopes.ts";
import { builder } from "../graphql/builder.ts";
import { AudioType, SynthesisJobType } from "./graphql.ts";
import { inputOf } from "./input.ts";
import type { AudioAssetRow } from "./table.ts";
import {
  jobWords,
  type TimedPhoneme,
  type TimedText,
  timedPhonemes,
  timedSentences,
  timedTexts,
} from "./timing/timeline.ts";

const HOW_EXACT =
  "Seconds from the start of the audio. At pauses they follow its silences; elsewhere the model's own durations, of " +
  "25 ms each. With an engine that tells no durations they are an estimate.";

const SpokenTextType = builder.objectRef<TimedText>("SpokenText").implement({
  authScopes: needs("synthesize"),
  description: "A part of a job's text, and when it is heard.",
  fields: (t) => ({
    text: t.exposeString("text", {
      description: 'As it was written: "$5.50" is one word, though several are said.',
    }),
    start: t.exposeInt("start", {
      description: "Where it begins in the job's `text`, in UTF-16 code units.",
    }),
    end: t.exposeInt("end", { description: "Where it ends there: the position behind it." }),
    startSeconds: t.exposeFloat("startSeconds", { description: `When it begins to be heard. ${HOW_EXACT}` }),
    endSeconds: t.exposeFloat("endSeconds", {
      description: "When it ends; never after the next one begins.",
    }),
  }),
});

const SpokenPhonemeType = builder.objectRef<TimedPhoneme>("SpokenPhoneme").implement({
  authScopes: needs("synthesize"),
  description: "A symbol of the phonemes that the model was given, and when it is heard.",
  fields: (t) => ({
    symbol: t.exposeString("symbol", {
      description:
        "One symbol of the voice's alphabet: IPA, of Kokoro with its own signs; stress marks have a time too.",
    }),
    startSeconds: t.exposeFloat("startSeconds", { description: HOW_EXACT }),
    endSeconds: t.exposeFloat("endSeconds", { description: "When it ends." }),
  }),
});

const WHILE_IT_RUNS =
  "While the job runs it is what has been spoken so far, and grows at its end only. Empty for jobs of before words " +
  "were written down.";

builder.objectFields(SynthesisJobType, (t) => ({
  words: t.field({
    type: [SpokenTextType],
    description: `The words in the order of speech. Marks between words belong to none. ${WHILE_IT_RUNS}`,
    resolve: async (job, _args, { loaders }) =>
      timedTexts(inputOf(job).text, jobWords(await loaders.spoken.load(job.id))),
  }),
  sentences: t.field({
    type: [SpokenTextType],
    description:
      "The sentences, each from its first word to its last. The last one of a running job ends where its words so far " +
      `do. ${WHILE_IT_RUNS}`,
    resolve: async (job, _args, { loaders }) =>
      timedSentences(inputOf(job).text, jobWords(await loaders.spoken.load(job.id))),
  }),
  phonemes: t.field({
    type: [SpokenPhonemeType],
    description: `The sounds of all words, without the marks and pauses between. ${WHILE_IT_RUNS}`,
    resolve: async ({ id }, _args, { loaders }) => (await loaders.spoken.load(id)).flatMap(timedPhonemes),
  }),
}));

const SubtitlesType = builder.objectRef<AudioAssetRow>("Subtitles").implement({
  authScopes: needs("synthesize"),
  description:
    "Where to fetch subtitles of the audio by GET, signed like `Audio.url`: cues of at most two lines of 42 columns and " +
    "seven seconds, which begin with sentences and clauses.",
  fields: (t) => ({
    srt: t.string({
      description: "As SubRip.",
      resolve: ({ jobId }, _args, { fileUrl, actor }) => fileUrl(`/audio/${jobId}.srt`, actor.tenant),
    }),
    vtt: t.string({
      description: "As WebVTT; with `words=1` added to its query each word has a timestamp inside its cue.",
      resolve: ({ jobId }, _args, { fileUrl, actor }) => fileUrl(`/audio/${jobId}.vtt`, actor.tenant),
    }),
  }),
});

builder.objectField(AudioType, "subtitles", (t) =>
  t.field({ type: SubtitlesType, description: "Subtitles of it.", resolve: (asset) => asset }),
);
