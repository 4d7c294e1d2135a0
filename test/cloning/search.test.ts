import { beforeAll, describe, expect, it } from "vitest";
import {
  type CloneMachinery,
  type CloneSpace,
  type CloneState,
  type CloneTarget,
  describeSample,
  measureSimilarity,
  mixNearest,
  nearestStock,
  openCloneSpace,
  refine,
} from "../../src/cloning/clone.ts";
import { drawPoint } from "../../src/cloning/draw.ts";
import { dot } from "../../src/cloning/linear.ts";
import { listen, speechAt16k } from "../../src/cloning/listen.ts";
import { mixPoint } from "../../src/cloning/mix.ts";
import { Random } from "../../src/cloning/random.ts";
import { JUDGING_SENTENCES, MEASURING_SENTENCES, SEARCH_SENTENCES } from "../../src/cloning/sentences.ts";
import { decodeSpace, encodeSpace } from "../../src/cloning/space.ts";
import { SPEECH_SAMPLE_RATE } from "../../src/inference/engine.ts";
import { realMachinery, realStockPacks, remembering } from "./machinery.ts";

/** Two judgements, and two generations between them. */
const FEW = 22;

let plain: CloneMachinery;
/** The same, which does nothing twice. */
let machinery: ReturnType<typeof remembering>;
let space: CloneSpace;
/** A voice that is none of the stock: the search has never heard it, and its sentences are not the search's. */
let target: CloneTarget;

/** What a voice says, joined, as a sample that somebody uploads. */
async function sampleOf(
  point: Float64Array,
  sentences: readonly { tokens: readonly number[] }[],
): Promise<Float32Array> {
  const parts: number[] = [];
  for (const { tokens } of sentences) {
    const style = space.styles.styleAt(point, tokens.length);
    const { samples } = await machinery.speak({ engine: "kokoro", voice: { style }, tokens, speed: 1 });
    parts.push(...(speechAt16k(samples, SPEECH_SAMPLE_RATE) ?? []));
  }
  return Float32Array.from(parts);
}

async function run(
  seed: number,
  speakers: CloneMachinery = machinery,
  budgetSeconds = 600,
): Promise<CloneState[]> {
  const states: CloneState[] = [];
  const options = { budgetSeconds, seed, signal: new AbortController().signal, mostEvaluations: FEW };
  for await (const state of refine(space, target, speakers, options)) states.push(state);
  return states;
}

beforeAll(async () => {
  plain = await realMachinery();
  machinery = remembering(plain);
  space = await openCloneSpace(await realStockPacks());
  target = await describeSample(
    await sampleOf(drawPoint(new Random(77), space.styles.voices), MEASURING_SENTENCES.slice(0, 2)),
    machinery,
  );
}, 300_000);

describe("a search for a voice", { timeout: 600_000 }, () => {
  it("starts close by a mix, climbs, keeps the best, and is the same for a seed", async () => {
    const stock = nearestStock(space, target);
    const mix = await mixNearest(space, target, machinery);
    expect(mix.similarity).toBeGreaterThan(stock.similarity);

    const states = await run(1);
    const similarities = states.map(({ similarity }) => similarity);
    expect(similarities).toEqual(similarities.toSorted((a, b) => a - b));
    expect(states.at(-1)?.similarity).toBeGreaterThan(states[0]?.similarity ?? 1);
    expect(states.at(-1)).toMatchObject({ stage: "REFINE", evaluations: FEW, progress: 1 });
    for (const { pack } of states) expect(pack.every(Number.isFinite)).toBe(true);

    const spoken = machinery.spoken();
    const again = await run(1);
    expect(machinery.spoken()).toBe(spoken);
    expect(again.map(({ similarity }) => similarity)).toEqual(similarities);
    expect(again.at(-1)?.pack).toEqual(states.at(-1)?.pack);

    const measured = await measureSimilarity(states.at(-1)?.pack ?? mix.pack, target, machinery);
    expect(measured.cosine).toBeGreaterThan(stock.similarity);
    expect(measured.normalised).toBeGreaterThan(0.5);
    expect(measured.method).toContain("did not use");
  });

  it("stops when it is told to, in the middle of a generation", async () => {
    const stop = new AbortController();
    let spoken = 0;
    const counting: CloneMachinery = {
      ...machinery,
      speak: async (request) => {
        spoken += 1;
        if (spoken === JUDGING_SENTENCES.length + 2) stop.abort(new Error("enough"));
        return await machinery.speak(request);
      },
    };
    const options = { budgetSeconds: 600, seed: 1, signal: stop.signal, mostEvaluations: FEW };
    const search = refine(space, target, counting, options);
    await expect(
      (async () => {
        for await (const _state of search);
      })(),
    ).rejects.toThrow("enough");
    expect(spoken).toBe(JUDGING_SENTENCES.length + 2);
  });

  it("ends with a usable pack when there is no time at all", async () => {
    const states = await run(1, machinery, 0.001);
    expect(states.at(-1)).toMatchObject({ progress: 1, evaluations: JUDGING_SENTENCES.length });
    expect(states.at(-1)?.pack).toHaveLength(510 * 256);
  });

  it("goes back towards the mean voice when listeners would not like what it finds", async () => {
    const loud = (pack: Float32Array) => pack.reduce((sum, value) => sum + value ** 2, 0);
    const untamed = (await run(1, machinery, 0.001)).at(-1)?.pack ?? new Float32Array();
    let rated = 0;
    const start = mixPoint(space, target);
    // The stock voice is heard first, and everything after it sounds worse; what it sounds like then does not matter.
    const critical: CloneMachinery = {
      ...machinery,
      speak(request) {
        const style = space.styles.styleAt(start, request.tokens.length);
        return machinery.speak({ ...request, voice: { style } });
      },
      rate: async () => (rated++ < JUDGING_SENTENCES.length ? 4 : 2),
    };
    const tame = (await run(1, critical, 0.001)).at(-1)?.pack ?? new Float32Array();
    const mean = space.styles.packAt(new Float64Array(space.styles.dimensions));
    const fromMean = (pack: Float32Array) => loud(pack.map((value, i) => value - (mean[i] ?? 0)));
    expect(Math.sqrt(fromMean(tame) / fromMean(untamed))).toBeCloseTo(0.7, 3);
  });
});

describe("the model", { timeout: 300_000 }, () => {
  it("says the same in the same way every time", async () => {
    const { tokens = [] } = SEARCH_SENTENCES[0] ?? {};
    const voice = { style: space.styles.styleAt(space.styles.pointOf("af_heart"), tokens.length) };
    const once = await machinery.speak({ engine: "kokoro", voice, tokens, speed: 1 });
    const again = await plain.speak({ engine: "kokoro", voice, tokens, speed: 1 });
    expect(again).not.toBe(once);
    expect(again.samples).toEqual(once.samples);
  });
});

describe("the encoder", { timeout: 300_000 }, () => {
  it("tells synthetic voices apart on different sentences", async () => {
    const [a, b] = SEARCH_SENTENCES;
    const heard = async (id: string, sentence: { tokens: readonly number[] } | undefined) =>
      (
        await listen(await sampleOf(space.styles.pointOf(id), sentence ? [sentence] : []), 16_000, machinery)
      )?.[0] ?? new Float32Array(256);
    const ids = ["af_heart", "am_michael", "bf_emma"];
    const first: Float32Array[] = [];
    const second: Float32Array[] = [];
    for (const id of ids) {
      first.push(await heard(id, a));
      second.push(await heard(id, b));
    }
    const same = ids.map((_, i) => dot(first[i] ?? [], second[i] ?? []));
    const different = ids.flatMap((_, i) =>
      ids.flatMap((_id, j) => (i === j ? [] : dot(first[i] ?? [], second[j] ?? []))),
    );
    expect(Math.min(...same)).toBeGreaterThan(Math.max(...different) + 0.1);
  });

  it("hears nothing in silence", async () => {
    expect(await listen(new Float32Array(48_000), 24_000, machinery)).toBeNull();
    expect(await listen(new Float32Array(48_000).fill(Number.NaN), 24_000, machinery)).toBeNull();
    await expect(describeSample(new Float32Array(16_000), machinery)).rejects.toThrow("no speech");
  });
});

describe("the learnt map", () => {
  it("comes back from its file as it was, and a damaged file is noticed", async () => {
    const packs = await realStockPacks();
    const file = encodeSpace(space);
    const copy = decodeSpace(file, packs.toReversed());
    expect(copy.styles.ids).toEqual(space.styles.ids);
    expect(copy.learnt).toEqual(space.learnt);
    expect(copy.stock).toEqual(space.stock);
    expect(() => decodeSpace(file.subarray(0, file.length - 4), packs)).toThrow("damaged");
    expect(() => decodeSpace(file, packs.slice(1))).toThrow("missing");
  });
});
