import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { InferencePool } from "../../src/inference/contract.ts";
import type { PiperUtterance } from "../../src/inference/engine.ts";
import { createSession, floatTensor, integerTensor, numbersOf } from "../../src/inference/onnx.ts";
import { createInferencePool } from "../../src/inference/pool.ts";
import { decodeModel, encodeModel, INT64 } from "../../src/models/prepare/onnx.ts";
import { PIPER_DURATIONS, PIPER_NOISE, preparePiper } from "../../src/models/prepare/piper.ts";
import { testModelStore } from "../helpers/models.ts";

const JOE = "en_US-joe-medium";
const PHONEMES = "ðə kwˈɪk bɹˈaʊn fˈɑːks.";

let path: string;
let tokens: number[];
let pool: InferencePool;
beforeAll(async () => {
  path = (await testModelStore().ensure(JOE)).file(`${JOE}.onnx`);
  const { phoneme_id_map } = JSON.parse(await readFile(`${path}.json`, "utf8"));
  tokens = [...PHONEMES.normalize("NFD")].map((symbol) => phoneme_id_map[symbol][0]);
  pool = createInferencePool({
    ...{ members: 1, threads: 2, providers: ["cpu"], precision: "auto", queueLimit: 10, engines: {} },
    decisionFile: null,
  });
  await pool.start();
}, 600_000);
afterAll(() => pool.close({ drainMs: 0 }));

const options = { group: "test", deadlineMs: 60_000 };
const utterance = (more: Partial<PiperUtterance> = {}): PiperUtterance => ({
  ...{ engine: "piper", model: { key: JOE, path }, modelSampleRate: 22_050, speaker: null, speed: 1 },
  tokens,
  ...more,
});
const sum = (values: Float32Array) => values.reduce((total, value) => total + value, 0);

test("the altered network gives the original's samples, and the frames of every id", async () => {
  const cpu = { provider: "cpu", threads: 2 } as const;
  const [original, altered] = await Promise.all([
    createSession(path, cpu),
    createSession(preparePiper(await readFile(path)), cpu),
  ]);
  const ids = [1, 0, ...tokens.flatMap((token) => [token, 0]), 2];
  // Without chance, so that both can be compared.
  const feeds = {
    input: integerTensor(ids, [1, ids.length]),
    input_lengths: integerTensor([ids.length], [1]),
    scales: floatTensor(Float32Array.of(0, 1, 0), [3]),
  };
  const noise = floatTensor(new Float32Array([0.5, -0.5, 1]), [3]);
  const [plain, outputs] = [await original.run(feeds), await altered.run({ ...feeds, [PIPER_NOISE]: noise })];
  expect(numbersOf(outputs.output)).toEqual(numbersOf(plain.output));
  const frames = numbersOf(outputs[PIPER_DURATIONS]);
  expect(frames).toHaveLength(ids.length);
  expect(sum(frames) * 256).toBe(numbersOf(outputs.output).length);
  await Promise.all([original.release(), altered.release()]);
});

test("speaks at the service's rate with the time of every token, the same each time", async () => {
  const [spoken, again] = await Promise.all([
    pool.synthesize(utterance(), options),
    pool.synthesize(utterance(), options),
  ]);
  expect(again.samples).toEqual(spoken.samples);
  const seconds = spoken.samples.length / 24_000;
  expect(seconds).toBeGreaterThan(0.8);
  expect(seconds).toBeLessThan(3);
  expect(Math.sqrt(sum(spoken.samples.map((sample) => sample ** 2)) / spoken.samples.length)).toBeGreaterThan(
    0.01,
  );
  const times = spoken.tokenDurationsSeconds ?? new Float32Array();
  expect(times).toHaveLength(tokens.length + 2);
  expect(sum(times)).toBeCloseTo(seconds, 3);
});

test("keeps to the pace, and sounds alive: chance is not left out", async () => {
  const [plain, fast] = await Promise.all([
    pool.synthesize(utterance(), options),
    pool.synthesize(utterance({ speed: 2 }), options),
  ]);
  expect(plain.samples.length / fast.samples.length).toBeGreaterThan(1.6);
  const flat = await pool.synthesize(utterance({ tokens: [...tokens, ...tokens] }), options);
  const half = flat.samples.slice(0, plain.samples.length / 2);
  expect(half).not.toEqual(plain.samples.slice(0, half.length));
});

test("a network of another export speaks too, without times, and is told which speaker is wanted", async () => {
  const model = decodeModel(await readFile(path));
  // Which of the two rounds the durations cannot be told.
  const [ceil] = model.graph.node.filter(({ opType }) => opType === "Ceil");
  if (ceil === undefined) throw new Error("no Ceil");
  model.graph.node.push({ ...ceil, name: "/other", output: ["/other"] });
  // This network calls a table of weights so; as an input it is refused without a value.
  const renamed = (name: string) => (name === "sid" ? "table" : name);
  for (const tensor of model.graph.initializer) tensor.name = renamed(tensor.name);
  for (const node of model.graph.node) node.input = node.input.map(renamed);
  const shape = { dim: [{ dimValue: 1 }] };
  model.graph.input.push({ name: "sid", type: { tensorType: { elemType: INT64, shape } } });
  expect(() => preparePiper(encodeModel(model))).toThrow("not where they should be");
  const folder = await mkdtemp(join(tmpdir(), "speaker-piper-"));
  try {
    const other = join(folder, "other.onnx");
    await writeFile(other, encodeModel(model));
    await copyFile(`${path}.json`, `${other}.json`);
    const asked = utterance({ model: { key: "other", path: other }, speaker: 1 });
    const spoken = await pool.synthesize(asked, options);
    expect(spoken.samples.length).toBeGreaterThan(24_000 * 0.8);
    expect(spoken.tokenDurationsSeconds).toBeNull();
  } finally {
    await rm(folder, { recursive: true });
  }
});

test.each([
  ["no tokens", { tokens: [] }],
  ["a pace of nothing", { speed: 0 }],
  ["a file that is not there", { model: { key: "missing", path: "/none/such.onnx" } }],
])("refuses %s, and goes on", async (_what, broken) => {
  await expect(pool.synthesize(utterance(broken), options)).rejects.toMatchObject({
    code: "INFERENCE_FAILED",
  });
  expect((await pool.synthesize(utterance(), options)).samples.length).toBeGreaterThan(0);
});
