import { availableParallelism } from "node:os";
import { decodeAudio } from "../src/audio/decode.ts";
import { resample } from "../src/audio/resample.ts";
import type { SpeechQuality } from "../src/inference/analysis.ts";
import { DNSMOS_SAMPLE_RATE, DnsmosEngine } from "../src/inference/engines/dnsmos.ts";
import { KokoroEngine } from "../src/inference/engines/kokoro.ts";
import { createTextFrontEnd } from "../src/synthesis/text/front-end.ts";
import { meanQuality } from "../src/voices/quality/measure.ts";
import { kokoroFile, weightFile } from "./models.ts";
import { type Section, tell } from "./report.ts";
import { type Service, withService } from "./service.ts";
import { HARVARD_SENTENCES } from "./texts.ts";

/** Measured when the model was chosen, on ten Harvard sentences: overall and P.808. */
const BASELINE = [
  { voice: "af_heart", language: "en-US", overall: 3.33, p808: 4.07 },
  { voice: "am_michael", language: "en-US", overall: 3.33, p808: 3.99 },
  { voice: "bf_emma", language: "en-GB", overall: 3.4, p808: 4.02 },
] as const;

/** A tenth of a second more or less of silence around a sentence moves a mean by this much. */
const TOLERANCE = 0.05;

type Baseline = (typeof BASELINE)[number];

/** DNSMOS of what clients get, through the whole service and back out of its file, beside the model alone. */
export async function benchQuality(): Promise<Section> {
  const scorer = await DnsmosEngine.load(
    {
      p835: await weightFile("dnsmos", "sig_bak_ovr.onnx"),
      p808: await weightFile("dnsmos", "model_v8.onnx"),
    },
    { threads: availableParallelism() },
  );
  const measured = await withService(async (service) => {
    const voices: { baseline: Baseline; served: SpeechQuality; alone: SpeechQuality }[] = [];
    for (const baseline of BASELINE) {
      const served = await scoreOf(scorer, await speakByService(service, baseline));
      const alone = await scoreOf(scorer, await speakByModel(baseline));
      voices.push({ baseline, served, alone });
      tell(`quality: ${baseline.voice}`);
    }
    return voices;
  });
  return {
    title: "Speech quality (DNSMOS)",
    notes: [
      `Mean of ${HARVARD_SENTENCES.length} Harvard sentences. Service: each a job of its own, whose WAV file is ` +
        "fetched, decoded, resampled to 16 kHz and scored. Model alone: what the float32 weights give for the same token " +
        "ids, its own silence around it included.",
    ],
    columns: ["voice", "overall", "model alone", "baseline", "P.808", "model alone", "baseline"],
    rows: measured.map(({ baseline, served, alone }) => [
      baseline.voice,
      ...[served.overall, alone.overall, baseline.overall, served.p808, alone.p808, baseline.p808].map(
        (figure) => figure.toFixed(2),
      ),
    ]),
    goals: measured.flatMap(({ baseline, served }) => [
      goal(`DNSMOS overall of ${baseline.voice}`, served.overall, baseline.overall),
      goal(`DNSMOS P.808 of ${baseline.voice}`, served.p808, baseline.p808),
    ]),
  };
}

function goal(what: string, value: number, baseline: number) {
  return { what, value, bound: "at least", limit: Number((baseline - TOLERANCE).toFixed(2)) } as const;
}

interface Recording {
  readonly samples: Float32Array;
  readonly sampleRate: number;
}

async function speakByService(service: Service, { voice }: Baseline): Promise<Recording[]> {
  return await Promise.all(
    HARVARD_SENTENCES.map(async (text) => {
      const { audio } = await service.speak({ text, voiceId: voice, format: "WAV" });
      const file = new Uint8Array(await (await fetch(audio.url)).arrayBuffer());
      const { channels, sampleRate } = await decodeAudio(file);
      return { samples: channels[0] ?? new Float32Array(), sampleRate };
    }),
  );
}

/** In float32, whatever the service computes with: what int8 costs is seen too. */
async function speakByModel({ voice, language }: Baseline): Promise<Recording[]> {
  const threads = availableParallelism();
  const engine = await KokoroEngine.load(await kokoroFile("float32"), { provider: "cpu", threads });
  const reference = { key: voice, path: await weightFile("kokoro-voices", `${voice}.bin`) };
  const frontEnd = createTextFrontEnd();
  const recordings: Recording[] = [];
  try {
    for (const text of HARVARD_SENTENCES) {
      for (const { tokens } of (await frontEnd.plan(text, { language })).utterances) {
        recordings.push(await engine.synthesize({ engine: "kokoro", voice: reference, tokens, speed: 1 }));
      }
    }
    return recordings;
  } finally {
    await frontEnd.close();
  }
}

async function scoreOf(scorer: DnsmosEngine, recordings: readonly Recording[]): Promise<SpeechQuality> {
  const scores: SpeechQuality[] = [];
  for (const { samples, sampleRate } of recordings) {
    scores.push(await scorer.score(resample(samples, sampleRate, DNSMOS_SAMPLE_RATE)));
  }
  return meanQuality(scores);
}
