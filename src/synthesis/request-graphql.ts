import { SAMPLE_RATES } from "../audio/format.ts";
import { needs } from "../auth/scopes.ts";
import { ConflictError, InvalidInputError, QueueFullError, QuotaExceededError } from "../errors.ts";
import { builder } from "../graphql/builder.ts";
import { JobPriorityEnum } from "../jobs/graphql.ts";
import { AudioFormatEnum, SynthesisJobType } from "./graphql.ts";
import { MAX_SPEED, MAX_TEXT_CHARACTERS, MIN_SPEED } from "./input.ts";
import {
  MAX_DICTIONARIES,
  MAX_LOUDNESS_LUFS,
  MAX_SEGMENTS,
  MAX_VOICES,
  MIN_LOUDNESS_LUFS,
  type SynthesisRequest,
  synthesisRequest,
} from "./request.ts";
import { requestSynthesis } from "./synthesis.ts";

/** Shared with the preview of phonemes: both read texts in the same way. */
export const TextFormatEnum = builder.enumType("TextFormat", {
  description: "How a text is written.",
  values: {
    AUTO: { value: "auto", description: "SSML where it begins with `<speak`, else as PLAIN." },
    PLAIN: {
      value: "plain",
      description:
        "As people write: tags of HTML are not spoken, `[pause:1.2s]` and `[word](/IPA/)` are followed.",
    },
    SSML: {
      value: "ssml",
      description: "SSML; a text that is not is refused. Its elements are told in docs/ssml.md.",
    },
  } as const,
});

export const NormalizeEnum = builder.enumType("Normalize", {
  description: "Whether numbers, dates, amounts, abbreviations and signs are put into words.",
  values: {
    AUTO: { value: "auto", description: "As a person would read them." },
    OFF: {
      value: "off",
      description: "The text is spoken as it stands; what has no sound then is left out.",
    },
  } as const,
});

export const EmojiEnum = builder.enumType("Emoji", {
  description: "What becomes of emoji.",
  values: {
    DROP: { value: "drop", description: "They are not spoken." },
    SPEAK: { value: "speak", description: "They are spoken by their names." },
  } as const,
});

const SynthesizeSegment = builder
  .inputRef<NonNullable<SynthesisRequest["segments"]>[number]>("SynthesizeSegment")
  .implement({
    description: "A part of a dialogue. What is left out is as for the whole.",
    fields: (t) => ({
      text: t.string({ required: true, description: "What is spoken, plain or SSML, whole in itself." }),
      voiceId: t.id({ description: "Who speaks it: an id or an inline mix." }),
      language: t.string({ description: "BCP-47 tag of a language that this voice speaks." }),
      speed: t.float({ description: `Pace from ${MIN_SPEED} to ${MAX_SPEED}.` }),
    }),
  });

const SynthesizeInput = builder.inputRef<SynthesisRequest>("SynthesizeInput").implement({
  description: "What is to be spoken, and how.",
  fields: (t) => ({
    text: t.string({
      description:
        `1 to ${MAX_TEXT_CHARACTERS} characters (Unicode code points), fewer where the operator says so; see ` +
        "`serverInfo.limits`. Markup counts. Needed where there are no `segments`.",
    }),
    segments: t.field({
      type: [SynthesizeSegment],
      description:
        `A dialogue in place of \`text\`: 1 to ${MAX_SEGMENTS} parts in the order of speech, up to ${MAX_VOICES} voices. ` +
        "Together they hold as many characters as a text may.",
    }),
    textFormat: t.field({
      type: TextFormatEnum,
      description: "How the text is written; AUTO when left out.",
    }),
    voiceId: t.id({
      description:
        "The voice, by the `id` that the query `voices` gives, with `#` and the speaker for one of several; or an inline " +
        "mix with weights, such as `af_heart(2)+af_sky(1)` or `af_heart+af_sky(-0.3)`, which is spoken and not kept. A " +
        "weight left out is 1; up to 16 parts, weights from -10 to 10 that do not take away more than `createVoiceMix` " +
        "allows. Left out, a voice of the language.",
    }),
    language: t.string({
      description:
        "BCP-47 tag of a language that the voice speaks. Left out, that of each sentence is found out by voices that " +
        "speak several, and others speak their own.",
    }),
    format: t.field({ type: AudioFormatEnum, description: "The format of the audio; MP3 when left out." }),
    speed: t.float({ description: `Pace from ${MIN_SPEED} to ${MAX_SPEED}; 1 when left out.` }),
    normalize: t.field({
      type: NormalizeEnum,
      description: "Whether numbers and signs are put into words; AUTO when left out.",
    }),
    emoji: t.field({ type: EmojiEnum, description: "What becomes of emoji; DROP when left out." }),
    dictionaryIds: t.idList({
      description:
        `Up to ${MAX_DICTIONARIES} pronunciation dictionaries; an earlier one wins over a later one. The job keeps their ` +
        "present versions, whatever becomes of them.",
    }),
    loudnessLufs: t.float({
      description:
        `Integrated loudness that the audio is brought to (EBU R 128), ${MIN_LOUDNESS_LUFS} to ${MAX_LOUDNESS_LUFS} LUFS: ` +
        "-16 is usual for podcasts, -23 for broadcasts. Left out, as the voice speaks. Listeners to a running job then " +
        "hear it when it is whole.",
    }),
    sampleRate: t.int({
      description:
        `Samples a second of the audio: ${SAMPLE_RATES.join(", ")}. Opus has 8000, 12000, ` +
        "16000, 24000 and 48000 of them. 24000, the engines' own, when left out.",
    }),
    cache: t.boolean({
      description:
        "Whether what was spoken before may be used: the same request again is answered at once with the same bytes, " +
        "and sentences that were spoken in another text are not spoken anew. True when left out. False speaks all " +
        "of it, and nothing of it is used for later requests.",
    }),
    priority: t.field({
      type: JobPriorityEnum,
      description: "How urgently it is wanted; INTERACTIVE when left out. Ask for BATCH where nobody waits.",
    }),
    cancelOnDisconnect: t.boolean({
      description:
        "Whether the job is cancelled when the client that listens to it while it runs goes away before its end. False " +
        "when left out.",
    }),
    idempotencyKey: t.string({
      description:
        "1 to 255 printable ASCII characters. The same key with the same request gives the job that it gave " +
        "before; with a different request it is a ConflictError.",
    }),
  }),
});

builder.mutationField("synthesize", (t) =>
  t.errorUnionField({
    types: [SynthesisJobType, InvalidInputError, ConflictError, QueueFullError, QuotaExceededError],
    union: { name: "SynthesizeResult", description: "The accepted job, or why it was not accepted." },
    authScopes: needs("synthesize"),
    description: "Has a text spoken. Answers at once with the job; follow it with `jobProgress`.",
    args: {
      input: t.arg({
        type: SynthesizeInput,
        required: true,
        description: "What is to be spoken, and how.",
        validate: { schema: synthesisRequest },
      }),
    },
    resolve: (_root, { input }, { resources, actor }) => requestSynthesis(resources.synthesis, actor, input),
  }),
);
