import { z } from "zod";

const span = z.object({ startSeconds: z.number(), endSeconds: z.number() });

const qualityReport = z.object({
  durationSeconds: z.number(),
  speechSeconds: z.number(),
  signalToNoiseDecibels: z.number().nullable(),
  clippedShare: z.number(),
  loudnessLufs: z.number().nullable(),
  /** Estimated mean opinion scores; null until they have been estimated. */
  dnsmos: z
    .object({ overall: z.number(), signal: z.number(), background: z.number(), p808: z.number() })
    .nullable(),
  /** The voices heard, the one that speaks most first; null until they have been counted. */
  speakers: z.array(z.object({ seconds: z.number(), spans: z.array(span) })).nullable(),
});

/** What was measured on the sample of a voice. */
export type QualityReport = z.infer<typeof qualityReport>;

/** The report as it was stored; null while there is none. */
export function parseQuality(stored: unknown): QualityReport | null {
  return stored === null ? null : qualityReport.parse(stored);
}

export const QUALITY_RATINGS = ["EXCELLENT", "GOOD", "FAIR", "POOR"] as const;
export type QualityRating = (typeof QUALITY_RATINGS)[number];

/** What a measure means for the voice, and what to do about it. */
interface Finding {
  readonly rating: QualityRating;
  readonly advice: string | null;
}

/** The rating is the worst of all findings; the advice names those that are not EXCELLENT. */
export function judge(report: QualityReport): { rating: QualityRating; advice: string[] } {
  const findings = [length, noise, clipping, naturalness, loudness, pauses, speakers].map((rule) =>
    rule(report),
  );
  const worst = Math.max(...findings.map(({ rating }) => QUALITY_RATINGS.indexOf(rating)));
  return {
    rating: QUALITY_RATINGS[worst] ?? "POOR",
    advice: findings.flatMap(({ advice }) => (advice === null ? [] : [advice])),
  };
}

/**
 * Rates a figure by the least that each rating asks for.
 *
 * @param least of EXCELLENT, GOOD and FAIR
 */
function rate(value: number, least: readonly [number, number, number], advice: string): Finding {
  const step = least.findIndex((limit) => value >= limit);
  const rating = QUALITY_RATINGS[step] ?? "POOR";
  return { rating, advice: rating === "EXCELLENT" ? null : advice };
}

const FINE: Finding = { rating: "EXCELLENT", advice: null };

function length({ speechSeconds }: QualityReport): Finding {
  const heard = `${speechSeconds.toFixed(1)} s of speech`;
  return rate(speechSeconds, [15, 8, 5], `The sample holds ${heard}; 15 s or more make a closer voice.`);
}

function noise({ signalToNoiseDecibels: ratio }: QualityReport): Finding {
  if (ratio === null) return FINE;
  return rate(
    ratio,
    [30, 20, 10],
    `Speech is only ${Math.round(ratio)} dB above the noise; record in a quiet room, close to the microphone.`,
  );
}

function clipping({ clippedShare }: QualityReport): Finding {
  const percent = (100 * clippedShare).toFixed(1);
  return rate(
    -clippedShare,
    [-0.001, -0.003, -0.01],
    `${percent} % of the sample is cut off at full level; turn the recording level down.`,
  );
}

function naturalness({ dnsmos }: QualityReport): Finding {
  if (dnsmos === null) return FINE;
  const cause = dnsmos.background < dnsmos.signal ? "background noise" : "distortion, echo or compression";
  return rate(
    dnsmos.overall,
    [3, 2.5, 2],
    `Listeners would rate the sound ${dnsmos.overall.toFixed(1)} of 5, mostly for ${cause}.`,
  );
}

function loudness({ loudnessLufs }: QualityReport): Finding {
  if (loudnessLufs === null || loudnessLufs > -40) return FINE;
  return {
    rating: "FAIR",
    advice: `The sample is very quiet (${Math.round(loudnessLufs)} LUFS); turn the recording level up.`,
  };
}

function pauses({ speechSeconds, durationSeconds }: QualityReport): Finding {
  const share = speechSeconds / durationSeconds;
  if (share >= 0.4) return FINE;
  return {
    rating: "GOOD",
    advice: `Only ${Math.round(100 * share)} % of the sample is speech; cut the rest away.`,
  };
}

function speakers({ speakers: heard }: QualityReport): Finding {
  if (heard === null) return FINE;
  const times = heard
    .slice(1)
    .flatMap(({ spans }) => spans)
    .sort((a, b) => a.startSeconds - b.startSeconds)
    .map(({ startSeconds, endSeconds }) => `${startSeconds.toFixed(1)} to ${endSeconds.toFixed(1)} s`);
  if (times.length === 0) return FINE;
  const named = times.length > 3 ? `${times.slice(0, 3).join(", ")} and elsewhere` : times.join(", ");
  return {
    rating: "FAIR",
    advice: `${heard.length} voices are heard; the lesser speaks at ${named}. Keep one speaker only.`,
  };
}
