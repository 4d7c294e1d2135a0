// Figures behind the default size of the pool (docs/inference.md): a lone utterance and a batch, for several
// numbers of members and threads and both precisions. The best of each is kept: other load only slows.
//   npx tsx bench/pool-size.ts [--repeat 3] [--sizes 1x2,2x1,2x2] [--precisions int8,float32]
import { homedir } from "node:os";
import { parseArgs } from "node:util";
import type { KokoroFiles, ModelFile, Precision } from "../src/inference/contract.ts";
import { createInferencePool } from "../src/inference/pool.ts";
import { PROBE_UTTERANCE } from "../src/inference/probe.ts";
import { defaultModelsDir } from "../src/models/paths.ts";
import { ModelStore } from "../src/models/store.ts";

const BATCH = 6;
const DEADLINE_MS = 120_000;

interface Figures {
  lone: number;
  batch: number;
  residentMegabytes: number;
  firstStartMs: number;
}

const { values } = parseArgs({
  options: {
    repeat: { type: "string", default: "3" },
    sizes: { type: "string", default: "1x2,2x1,2x2" },
    precisions: { type: "string", default: "int8,float32" },
  },
});

/** Seconds of work for each second of audio: one utterance alone, and `BATCH` of them at once. */
async function measure(kokoro: KokoroFiles, size: string, precision: Precision): Promise<Figures> {
  const [members = 1, threads = 1] = size.split("x").map(Number);
  let allReady: () => void = () => undefined;
  const ready = new Promise<void>((resolve) => {
    allReady = resolve;
  });
  const pool = createInferencePool({
    members,
    threads,
    providers: ["cpu"],
    precision,
    queueLimit: BATCH,
    engines: { kokoro },
    decisionFile: null,
    logger: {
      info: () => {
        if (pool.status().members.filter(({ state }) => state === "ready").length === members) allReady();
      },
      warn: () => undefined,
    },
  });
  const startedAt = performance.now();
  await pool.start();
  const firstStartMs = performance.now() - startedAt;
  await ready;
  const say = async (): Promise<number> => {
    const options = { group: "bench", deadlineMs: DEADLINE_MS };
    const { samples, sampleRate } = await pool.synthesize(PROBE_UTTERANCE, options);
    return samples.length / sampleRate;
  };
  const realTimeFactor = async (count: number): Promise<number> => {
    const from = performance.now();
    const seconds = await Promise.all(Array.from({ length: count }, say));
    return (performance.now() - from) / 1000 / seconds.reduce((sum, value) => sum + value, 0);
  };
  const lone = Math.min(await realTimeFactor(1), await realTimeFactor(1));
  const batch = await realTimeFactor(BATCH);
  const resident = pool.status().members.map(({ residentBytes }) => residentBytes ?? 0);
  await pool.close({ drainMs: 0 });
  return { lone, batch, residentMegabytes: Math.max(...resident) / 1e6, firstStartMs };
}

const store = new ModelStore({ dir: defaultModelsDir(process.platform, homedir(), process.env) });

async function modelFile(id: string): Promise<ModelFile> {
  const files = await store.ensure(id);
  const [file] = store.manifest.models.find((model) => model.id === id)?.files ?? [];
  return { path: files.file(file?.path ?? ""), sha256: file?.sha256 ?? "" };
}

const kokoro = { int8: await modelFile("kokoro-82m-int8"), float32: await modelFile("kokoro-82m-float32") };
const best = new Map<string, Figures>();
for (let round = 0; round < Number(values.repeat); round += 1) {
  for (const precision of values.precisions.split(",") as Precision[]) {
    for (const size of values.sizes.split(",")) {
      const figures = await measure(kokoro, size, precision);
      const key = `${precision} ${size}`;
      const before = best.get(key) ?? figures;
      best.set(key, {
        lone: Math.min(before.lone, figures.lone),
        batch: Math.min(before.batch, figures.batch),
        residentMegabytes: Math.max(before.residentMegabytes, figures.residentMegabytes),
        firstStartMs: Math.min(before.firstStartMs, figures.firstStartMs),
      });
    }
  }
}
process.stdout.write(
  "precision members×threads | lone RTF | batch RTF | resident MB each | first start ms\n",
);
for (const [key, { lone, batch, residentMegabytes, firstStartMs }] of best) {
  const cells = [lone.toFixed(3), batch.toFixed(3), residentMegabytes.toFixed(0), firstStartMs.toFixed(0)];
  process.stdout.write(`${key} | ${cells.join(" | ")}\n`);
}
