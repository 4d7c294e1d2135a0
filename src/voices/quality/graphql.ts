import { needs } from "../../auth/scopes.ts";
import { builder } from "../../graphql/builder.ts";
import type { SpeechQuality, TimeSpan } from "../../inference/analysis.ts";
import { judge, type QUALITY_RATINGS, type QualityReport } from "./report.ts";

const QualityRatingEnum = builder.enumType("QualityRating", {
  description: "How good a voice a sample can make.",
  values: {
    EXCELLENT: { description: "Nothing stands in the way of a close and clean voice." },
    GOOD: { description: "Good enough; the advice says what would make it better." },
    FAIR: { description: "The voice will be further from its sample; better to record again." },
    POOR: { description: "The voice will hardly be recognised; record again." },
  } satisfies Record<(typeof QUALITY_RATINGS)[number], object>,
});

const TimeSpanType = builder.objectRef<TimeSpan>("TimeSpan").implement({
  authScopes: needs("voices:read"),
  description: "A stretch of a recording.",
  fields: (t) => ({
    startSeconds: t.exposeFloat("startSeconds", { description: "Where it begins." }),
    endSeconds: t.exposeFloat("endSeconds", { description: "Where it ends." }),
  }),
});

const HeardSpeakerType = builder
  .objectRef<NonNullable<QualityReport["speakers"]>[number]>("HeardSpeaker")
  .implement({
    authScopes: needs("voices:read"),
    description: "One of the voices that are heard in a sample.",
    fields: (t) => ({
      seconds: t.exposeFloat("seconds", { description: "For how long it is heard, roughly." }),
      spans: t.field({
        type: [TimeSpanType],
        description: "Where it is heard, to the half second or so, in order.",
        resolve: ({ spans }) => spans,
      }),
    }),
  });

const ListeningScoreType = builder.objectRef<SpeechQuality>("ListeningScore").implement({
  authScopes: needs("voices:read"),
  description: "How listeners would rate the sound from 1 (bad) to 5 (excellent), estimated by DNSMOS.",
  fields: (t) => ({
    overall: t.exposeFloat("overall", { description: "The sound as a whole (ITU-T P.835)." }),
    signal: t.exposeFloat("signal", { description: "The speech alone (P.835)." }),
    background: t.exposeFloat("background", { description: "How little the background disturbs (P.835)." }),
    p808: t.exposeFloat("p808", { description: "The sound as a whole in a crowd test (ITU-T P.808)." }),
  }),
});

export const VoiceQualityType = builder.objectRef<QualityReport>("VoiceQuality").implement({
  authScopes: needs("voices:read"),
  description: "What was measured on the sample that a voice was made from.",
  fields: (t) => ({
    rating: t.field({
      type: QualityRatingEnum,
      description: "The worst of what the measures say.",
      resolve: (report) => judge(report).rating,
    }),
    advice: t.stringList({
      description: "What would make a better voice, in English, for people; empty when nothing would.",
      resolve: (report) => judge(report).advice,
    }),
    durationSeconds: t.exposeFloat("durationSeconds", { description: "How long the sample is." }),
    speechSeconds: t.exposeFloat("speechSeconds", { description: "For how long someone speaks in it." }),
    speechShare: t.float({
      description: "The share of it that is speech, 0 to 1.",
      resolve: ({ speechSeconds, durationSeconds }) => speechSeconds / durationSeconds,
    }),
    signalToNoiseDecibels: t.exposeFloat("signalToNoiseDecibels", {
      nullable: true,
      description:
        "How far speech rises above the noise of the pauses, from -10 to 60; null when nobody speaks. Noise that is " +
        "there only while someone speaks is not seen.",
    }),
    clippedShare: t.exposeFloat("clippedShare", {
      description: "The share of the sample that is cut off at full level, 0 to 1.",
    }),
    loudnessLufs: t.exposeFloat("loudnessLufs", {
      nullable: true,
      description: "Integrated loudness (ITU-R BS.1770-4); null for silence.",
    }),
    dnsmos: t.expose("dnsmos", {
      type: ListeningScoreType,
      nullable: true,
      description:
        "How listeners would rate the sound; null until it has been estimated, shortly after the rest.",
    }),
    speakers: t.field({
      type: [HeardSpeakerType],
      nullable: true,
      description:
        "The voices heard, the one that speaks most first. More than one is a warning. Null until they have been " +
        "counted, shortly after the rest.",
      resolve: ({ speakers }) => speakers,
    }),
  }),
});
