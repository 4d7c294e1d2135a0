import { availableParallelism } from "node:os";
import { decodeAudio } from "../src/audio/decode.ts";
import { resample } from "../src/audio/resample.ts";
import { DNSMOS_SAMPLE_RATE, DnsmosEngine, type SpeechQuality } from "../src/inference/engines/dnsmos.ts";
import { weightFile } from "./models.ts";
import { type Section, tell } from "./report.ts";
import { type Service, withService } from "./service.ts";
import { HARVARD_SENTENCES } from "./texts.ts";

/** What the int8 model gave with nothing around it (design of the project): overall and P.808. */
const BASELINE = {
  af_heart: [3.33, 4.07],
  am_michael: [3.33, 3.99],
  bf_emma: [3.4, 4.02],
} as const;

/** Another choice of ten sentences moves a mean by more than this. */
const TOLERANCE = 0.05;

/** DNSMOS of what clients get: through the whole service and back out of its file. */
export async function benchQuality(): Promise<Section> {
  const dnsmos = await DnsmosEngine.load(
    {
      p835: await weightFile("dnsmos", "sig_bak_ovr.onnx"),
      p808: await weightFile("dnsmos", "model_v8.onnx"),
    },
    { threads: availableParallelism() },
  );
  const voices = Object.entries(BASELINE);
  const scores = await withService(async (service) => {
    const measured: SpeechQuality[] = [];
    for (const [voiceId] of voices) {
      measured.push(await meanQuality(service, dnsmos, voiceId));
      tell(`quality: ${voiceId}`);
    }
    return measured;
  });
  const at = (index: number) => scores[index] ?? { overall: 0, signal: 0, background: 0, p808: 0 };
  return {
    title: "Speech quality (DNSMOS)",
    notes: [
      `Mean of ${HARVARD_SENTENCES.length} Harvard sentences, each a job of its own whose WAV file is fetched, ` +
        "decoded, resampled to 16 kHz and scored.",
    ],
    columns: ["voice", "overall", "baseline", "P.808", "baseline", "signal", "background"],
    rows: voices.map(([voice, [overall, p808]], index) => {
      const score = at(index);
      const figures = [score.overall, overall, score.p808, p808, score.signal, score.background];
      return [voice, ...figures.map((figure) => figure.toFixed(2))];
    }),
    goals: voices.flatMap(([voice, [overall, p808]], index) => [
      goal(`DNSMOS overall of ${voice}`, at(index).overall, overall),
      goal(`DNSMOS P.808 of ${voice}`, at(index).p808, p808),
    ]),
  };
}

function goal(what: string, value: number, baseline: number) {
  return { what, value, bound: "at least", limit: Number((baseline - TOLERANCE).toFixed(2)) } as const;
}

async function meanQuality(service: Service, dnsmos: DnsmosEngine, voiceId: string): Promise<SpeechQuality> {
  const files = await Promise.all(
    HARVARD_SENTENCES.map(async (text) => {
      const { audio } = await service.speak({ text, voiceId, format: "WAV" });
      return new Uint8Array(await (await fetch(audio.url)).arrayBuffer());
    }),
  );
  const scores: SpeechQuality[] = [];
  for (const file of files) {
    const { channels, sampleRate } = await decodeAudio(file);
    scores.push(
      await dnsmos.score(resample(channels[0] ?? new Float32Array(), sampleRate, DNSMOS_SAMPLE_RATE)),
    );
  }
  const mean = (of: keyof SpeechQuality) => scores.reduce((sum, score) => sum + score[of], 0) / scores.length;
  return {
    overall: mean("overall"),
    signal: mean("signal"),
    background: mean("background"),
    p808: mean("p808"),
  };
}
