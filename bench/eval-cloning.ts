// How much clones sound like their speakers; see docs/cloning.md.
//   npm run eval:cloning -- [--corpus DIR] [--budget S] [--evaluations N] [--speakers A,B] [--seed N] [--out DIR]
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { encodeToFile } from "../src/audio/encode.ts";
import { resample } from "../src/audio/resample.ts";
import {
  type CloneMachinery,
  describeSample,
  measureSimilarity,
  mixNearest,
  nearestStock,
  openCloneSpace,
  refine,
} from "../src/cloning/clone.ts";
import { dot } from "../src/cloning/linear.ts";
import { speechAt16k } from "../src/cloning/listen.ts";
import { ANALYSIS_SAMPLE_RATE } from "../src/inference/analysis.ts";
import { SPEECH_SAMPLE_RATE } from "../src/inference/engine.ts";
import { createInferencePool } from "../src/inference/pool.ts";
import { lexiconPaths } from "../src/speech-engine.ts";
import { createTextFrontEnd, type Utterance } from "../src/synthesis/text/front-end.ts";
import { mean, median, readCorpus, type Speaker, yardstickOf } from "./cloning-corpus.ts";
import { benchModelStore, modelFile, stockPacks, weightFile } from "./models.ts";
import { print, table, tell } from "./report.ts";
import { PARAGRAPH } from "./texts.ts";

const { values } = parseArgs({
  options: {
    corpus: { type: "string", default: "../shared/speech/librispeech" },
    budget: { type: "string", default: "180" },
    evaluations: { type: "string" },
    speakers: { type: "string" },
    seed: { type: "string", default: "1" },
    members: { type: "string", default: "2" },
    out: { type: "string" },
  },
});

const RUN = { group: "evaluation", deadlineMs: 300_000 } as const;
/** Sentences that are written for listening. */
const LISTENING = 2;

const pool = createInferencePool({
  members: Number(values.members),
  threads: 1,
  providers: ["cpu"],
  precision: "float32",
  queueLimit: 64,
  engines: {
    kokoro: {
      int8: await modelFile("kokoro-82m-int8"),
      int8Vnni: await modelFile("kokoro-82m-int8-vnni"),
      float32: await modelFile("kokoro-82m-float32"),
    },
  },
  analysis: async () => ({
    speakerEncoder: await weightFile("speaker-encoder"),
    voiceActivity: await weightFile("silero-vad"),
    dnsmos: {
      p835: await weightFile("dnsmos", "sig_bak_ovr.onnx"),
      p808: await weightFile("dnsmos", "model_v8.onnx"),
    },
  }),
  decisionFile: null,
});

const machinery: CloneMachinery = {
  speak: (request) => pool.synthesize(request, RUN),
  embed: async (samples) => (await pool.analyse({ kind: "embedding", samples }, RUN)).embedding,
  rate: async (samples) => (await pool.analyse({ kind: "quality", samples }, RUN)).overall,
  parallel: Number(values.members),
};

interface Scored {
  /** Mean cosine of the sentences with the centroid of the speaker's unseen clips. */
  readonly cosine: number;
  readonly quality: number;
  readonly audio: readonly Float32Array[];
}

/** Speaks text that no search has seen, as the service would, and compares it with clips that it has not heard. */
async function score(
  pack: Float32Array,
  utterances: readonly Utterance[],
  speaker: Speaker,
): Promise<Scored> {
  const spoken = await Promise.all(
    utterances.map(async ({ tokens }) => {
      const { samples } = await machinery.speak({ engine: "kokoro", voice: { pack }, tokens, speed: 1 });
      const speech = speechAt16k(samples, SPEECH_SAMPLE_RATE) ?? new Float32Array(ANALYSIS_SAMPLE_RATE);
      return {
        samples,
        cosine: dot(await machinery.embed(speech), speaker.centroid),
        quality: (await machinery.rate?.(resample(samples, SPEECH_SAMPLE_RATE, ANALYSIS_SAMPLE_RATE))) ?? 0,
      };
    }),
  );
  return {
    cosine: mean(spoken.map(({ cosine }) => cosine)),
    quality: mean(spoken.map(({ quality }) => quality)),
    audio: spoken.map(({ samples }) => samples),
  };
}

async function keep(name: string, { audio }: Scored): Promise<void> {
  if (values.out === undefined) return;
  await mkdir(values.out, { recursive: true });
  for (const [index, samples] of audio.slice(0, LISTENING).entries()) {
    const chunks = (async function* () {
      yield samples;
    })();
    const path = join(values.out, `${name}-${index + 1}.wav`);
    await encodeToFile(chunks, { format: "wav", sampleRate: SPEECH_SAMPLE_RATE, path });
  }
}

const packs = await stockPacks();
const space = await openCloneSpace(packs);

async function evaluate(speaker: Speaker, all: readonly Speaker[], utterances: readonly Utterance[]) {
  const startedAt = performance.now();
  const seconds = () => (performance.now() - startedAt) / 1000;
  const speech = speaker.enrolled.flatMap((clip) => [...(speechAt16k(clip, ANALYSIS_SAMPLE_RATE) ?? [])]);
  const target = await describeSample(Float32Array.from(speech), machinery);
  const mix = await mixNearest(space, target, machinery);
  const toMix = seconds();
  let best = mix;
  for await (const state of refine(space, target, machinery, {
    budgetSeconds: Number(values.budget),
    seed: Number(values.seed),
    signal: new AbortController().signal,
    ...(values.evaluations !== undefined && { mostEvaluations: Number(values.evaluations) }),
  })) {
    if (state.similarity !== best.similarity) {
      tell(`${speaker.name}: ${state.similarity.toFixed(3)} after ${state.evaluations} utterances`);
    }
    best = state;
  }
  const total = seconds();
  const reported = await measureSimilarity(best.pack, target, machinery);

  const { same, stranger } = yardstickOf(speaker, all);
  const normalised = (cosine: number) => (cosine - stranger) / (same - stranger);
  const stock = nearestStock(space, target);
  const stockPack = packs.find(({ id }) => id === stock.id)?.pack ?? new Float32Array();
  const asStock = await score(stockPack, utterances, speaker);
  const asMix = await score(mix.pack, utterances, speaker);
  const asRefined = await score(best.pack, utterances, speaker);
  await keep(`${speaker.name}-stock`, asStock);
  await keep(`${speaker.name}-mix`, asMix);
  await keep(`${speaker.name}-refined`, asRefined);
  return {
    name: speaker.name,
    nearest: stock.id,
    same,
    stranger,
    stock: normalised(asStock.cosine),
    mix: normalised(asMix.cosine),
    refined: normalised(asRefined.cosine),
    reported: reported.normalised,
    stockQuality: asStock.quality,
    mixQuality: asMix.quality,
    refinedQuality: asRefined.quality,
    evaluations: best.evaluations,
    toMix,
    total,
  };
}

const frontEnd = createTextFrontEnd({ lexicon: await lexiconPaths(benchModelStore(), { warn: () => {} }) });
try {
  await Promise.all([pool.start(), frontEnd.start()]);
  // The first recording loads the models of analysis; a service that has enrolled before has them.
  await machinery.embed(new Float32Array(ANALYSIS_SAMPLE_RATE));
  const { utterances } = await frontEnd.plan(PARAGRAPH, { language: "en-US" });
  const all = await readCorpus(values.corpus, machinery.embed);
  const wanted = values.speakers?.split(",") ?? all.map(({ name }) => name);
  const rows: Awaited<ReturnType<typeof evaluate>>[] = [];
  for (const speaker of all.filter(({ name }) => wanted.includes(name))) {
    tell(speaker.name);
    rows.push(await evaluate(speaker, all, utterances));
  }
  type Row = (typeof rows)[number];
  const figures = (of: (row: Row) => number, digits: number) => ({ of, digits });
  const columns = {
    same: figures((row) => row.same, 3),
    stranger: figures((row) => row.stranger, 3),
    "nearest stock": figures((row) => row.stock, 2),
    mix: figures((row) => row.mix, 2),
    refined: figures((row) => row.refined, 2),
    reported: figures((row) => row.reported, 2),
    "DNSMOS stock": figures((row) => row.stockQuality, 2),
    "DNSMOS mix": figures((row) => row.mixQuality, 2),
    "DNSMOS refined": figures((row) => row.refinedQuality, 2),
    utterances: figures((row) => row.evaluations, 0),
    "s to mix": figures((row) => row.toMix, 2),
    "s in all": figures((row) => row.total, 0),
  };
  const cells = Object.values(columns);
  print(
    table(
      ["speaker", "nearest", ...Object.keys(columns)],
      [
        ...rows.map((row) => [
          row.name,
          row.nearest,
          ...cells.map(({ of, digits }) => of(row).toFixed(digits)),
        ]),
        ["median", "", ...cells.map(({ of, digits }) => median(rows.map(of)).toFixed(digits))],
      ],
    ),
  );
} finally {
  await Promise.all([pool.close({ drainMs: 0 }), frontEnd.close()]);
}
