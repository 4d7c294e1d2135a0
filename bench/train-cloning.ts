// Learns how Kokoro's styles sound, and writes models/cloning.bin; see docs/cloning.md.
//   npm run train:cloning -- speak --work DIR [--draws 1440]    about forty minutes of one core; resumes where it stopped
//   npm run train:cloning -- fit --work DIR
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { drawPoint } from "../src/cloning/draw.ts";
import { meanDirection } from "../src/cloning/linear.ts";
import { listen, speechAt16k } from "../src/cloning/listen.ts";
import { Random } from "../src/cloning/random.ts";
import { SEARCH_SENTENCES } from "../src/cloning/sentences.ts";
import { encodeSpace, viewsOf } from "../src/cloning/space.ts";
import { collect, type Observation } from "../src/cloning/style-map.ts";
import { StyleSpace } from "../src/cloning/style-space.ts";
import { ANALYSIS_SAMPLE_RATE } from "../src/inference/analysis.ts";
import { KokoroEngine } from "../src/inference/engines/kokoro.ts";
import { SpeakerEncoder } from "../src/inference/engines/speaker-encoder.ts";
import { stockPacks, weightFile } from "./models.ts";
import { tell } from "./report.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { work: { type: "string" }, draws: { type: "string", default: "1440" } },
});
const [step] = positionals;
const { work } = values;
if (work === undefined || (step !== "speak" && step !== "fit")) {
  tell("speak --work DIR, then fit --work DIR");
  process.exit(2);
}

/** Each stock voice says as many sentences before random styles begin. */
const STOCK_ROUNDS = 6;
const FIRST_SEED = 0x5eed0000;
const ONE_THREAD = { threads: 1 } as const;

const space = new StyleSpace(await stockPacks());
const stockDraws = STOCK_ROUNDS * space.voices;

function pointOf(draw: number): Float64Array {
  const voice = space.ids[draw % space.voices];
  if (draw < stockDraws && voice !== undefined) return space.pointOf(voice);
  return drawPoint(new Random(FIRST_SEED + draw), space.voices);
}

function sentenceOf(draw: number): number {
  const first = draw < stockDraws ? 2 * Math.floor(draw / space.voices) : 0;
  return (first + draw) % SEARCH_SENTENCES.length;
}

/** Speaks the draws, each into a file of 16-bit samples at 16 kHz. */
async function speak(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const engine = await KokoroEngine.load(await weightFile("kokoro-82m-float32"), {
    provider: "cpu",
    ...ONE_THREAD,
  });
  for (let draw = 0; draw < Number(values.draws); draw += 1) {
    const path = join(folder, `${draw}.i16`);
    if (existsSync(path)) continue;
    const tokens = SEARCH_SENTENCES[sentenceOf(draw)]?.tokens ?? [];
    const style = space.styleAt(pointOf(draw), tokens.length);
    const { samples, sampleRate } = await engine.synthesize({
      engine: "kokoro",
      voice: { style },
      tokens,
      speed: 1,
    });
    const speech = speechAt16k(samples, sampleRate) ?? new Float32Array();
    const words = Int16Array.from(speech, (sample) => Math.round(Math.max(-1, Math.min(1, sample)) * 32_767));
    await writeFile(`${path}.part`, words);
    await rename(`${path}.part`, path);
    if (draw % 100 === 0) tell(`${draw} styles spoken`);
  }
}

/** Hears what was spoken and fits the map. */
async function fit(folder: string): Promise<void> {
  const encoder = await SpeakerEncoder.load(await weightFile("speaker-encoder"), ONE_THREAD);
  const machinery = { embed: async (samples: Float32Array) => (await encoder.embed(samples)).embedding };
  const draws = (await readdir(folder))
    .filter((name) => name.endsWith(".i16"))
    .map((name) => Number.parseInt(name, 10));
  const observations: Observation[] = [];
  const stock: Float32Array[][] = space.ids.map(() => []);
  for (const draw of draws.toSorted((a, b) => a - b)) {
    const bytes = await readFile(join(folder, `${draw}.i16`));
    const samples = Float32Array.from(new Int16Array(new Uint8Array(bytes).buffer), (word) => word / 32_767);
    const views = samples.length === 0 ? null : await listen(samples, ANALYSIS_SAMPLE_RATE, machinery);
    if (views === null) continue;
    const heard = Float32Array.from(views.flatMap((view) => [...view]));
    observations.push({ point: pointOf(draw), sentence: sentenceOf(draw), heard });
    if (draw < stockDraws) stock[draw % space.voices]?.push(heard);
    if (draw % 500 === 0) tell(`${draw} styles heard`);
  }
  const file = encodeSpace({
    styles: space,
    learnt: collect(observations, space.voices, false),
    stock: stock.map((all) => {
      const perUtterance = all.map(viewsOf);
      const means = perUtterance[0]?.map((_, view) =>
        meanDirection(perUtterance.map((views) => views[view] as Float32Array)),
      );
      return Float32Array.from((means ?? []).flatMap((view) => [...view]));
    }),
  });
  await writeFile(new URL("../models/cloning.bin", import.meta.url), file);
  tell(`${observations.length} utterances, ${file.length} bytes`);
}

await (step === "speak" ? speak : fit)(work);
