import * as fs from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { beforeAll, describe, expect, it } from "vitest";
import { multipliesExactly } from "../../src/inference/vnni.ts";
import { exposeDurations } from "../../src/models/prepare/durations.ts";
import { toFloat32 } from "../../src/models/prepare/float32.ts";
import { GraphEditor } from "../../src/models/prepare/graph-editor.ts";
import { type Activations, fastConvolutions } from "../../src/models/prepare/integer-convolution.ts";
import { type PreparedKokoro, prepareKokoro } from "../../src/models/prepare/kokoro.ts";
import {
  decodeModel,
  type Graph,
  keepTensor,
  type LazyTensor,
  writeModel,
} from "../../src/models/prepare/onnx.ts";
import { ModelStore } from "../../src/models/store.ts";
import { testModelStore } from "../helpers/models.ts";

/** "Hello world." in Kokoro's vocabulary: həlˈoʊ wˈɜːld. */
const TOKENS = [0, 50, 83, 54, 156, 57, 135, 16, 65, 156, 87, 158, 54, 46, 4, 0];
const FRAME_SAMPLES = 600;
const STYLE_SIZE = 256;

interface Speech {
  readonly audio: Float32Array;
  readonly durations: readonly number[];
}

const store = testModelStore();
let paths: PreparedKokoro;
let original: Speech;
let int8: Speech;

beforeAll(async () => {
  paths = await prepareKokoro(store);
  const published = (await store.ensure("kokoro-82m")).file("kokoro-v1.0.int8.onnx");
  original = await withModel(published, (session) => speak(session, "af_heart"));
  int8 = await withModel(paths.int8, (session) => speak(session, "af_heart"));
});

async function style(voice: string): Promise<Float32Array> {
  const bytes = await fs.readFile((await store.ensure("kokoro-voices")).file(`${voice}.bin`));
  const row = TOKENS.length - 2;
  return new Float32Array(Uint8Array.from(bytes).buffer).slice(row * STYLE_SIZE, (row + 1) * STYLE_SIZE);
}

async function speak(session: InferenceSession, voice: string): Promise<Speech> {
  const outputs = await session.run({
    tokens: new Tensor("int64", BigInt64Array.from(TOKENS.map(BigInt)), [1, TOKENS.length]),
    style: new Tensor("float32", await style(voice), [1, STYLE_SIZE]),
    speed: new Tensor("float32", Float32Array.of(1), [1]),
  });
  return {
    audio: outputs.audio?.data as Float32Array,
    durations: [...((outputs.durations?.data ?? []) as Float32Array)],
  };
}

async function withModel<T>(path: string, work: (session: InferenceSession) => Promise<T>): Promise<T> {
  const session = await InferenceSession.create(path, { intraOpNumThreads: 2 });
  try {
    return await work(session);
  } finally {
    await session.release();
  }
}

/** Mean power spectrum of each token in dB, in 60 bands of 120 Hz: what it sounds like, whatever its phase. */
function tokenSpectra({ audio, durations }: Speech): number[][] {
  let frame = 0;
  return durations.map((frames) => {
    const power = new Array<number>(60).fill(1e-4);
    for (const end = frame + frames; frame < end; frame++) {
      for (let band = 0; band < power.length; band++) {
        const omega = (2 * Math.PI * (band + 1) * 3) / FRAME_SAMPLES;
        let [real, imaginary] = [0, 0];
        for (let index = 0; index < FRAME_SAMPLES; index++) {
          const window = 0.5 - 0.5 * Math.cos((2 * Math.PI * index) / FRAME_SAMPLES);
          const sample = (audio[frame * FRAME_SAMPLES + index] ?? 0) * window;
          real += sample * Math.cos(omega * index);
          imaginary += sample * Math.sin(omega * index);
        }
        power[band] = (power[band] ?? 0) + (real * real + imaginary * imaginary) / frames;
      }
    }
    return power.map((value) => 10 * Math.log10(value));
  });
}

/** Log-spectral distance in dB, averaged over the tokens. */
function distance(one: Speech, other: Speech): number {
  const others = tokenSpectra(other);
  const perToken = tokenSpectra(one).map((spectrum, token) => {
    const squares = spectrum.map((value, band) => (value - (others[token]?.[band] ?? 0)) ** 2);
    return Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / squares.length);
  });
  return perToken.reduce((sum, value) => sum + value, 0) / perToken.length;
}

/** Kokoro's graph with durations and whatever else is done to it, as a file in `dir`. */
async function altered(dir: string, alter: (graph: Graph) => readonly LazyTensor[]): Promise<string> {
  const original = (await store.ensure("kokoro-82m")).file("kokoro-v1.0.int8.onnx");
  const model = decodeModel(await fs.readFile(original));
  exposeDurations(model.graph);
  const path = join(dir, "altered.onnx");
  const file = await fs.open(path, "w");
  await writeModel(model, alter(model.graph), file, () => undefined);
  await file.close();
  return path;
}

/** Its convolutions rewritten, and nothing else. */
function convolutionsAlone(graph: Graph, activations: Activations): readonly LazyTensor[] {
  const editor = new GraphEditor(graph, graph.initializer.map(keepTensor));
  expect(fastConvolutions(editor, activations, new Map())).toBe(87);
  return editor.apply();
}

async function inFolder<T>(work: (dir: string) => Promise<T>): Promise<T> {
  const dir = await fs.mkdtemp(join(tmpdir(), "speaker-models-"));
  try {
    return await work(dir);
  } finally {
    await fs.rm(dir, { recursive: true });
  }
}

const bytesOf = ({ audio }: Speech) => Buffer.from(audio.buffer, audio.byteOffset, audio.byteLength);

/** Of the second signal as a copy of the first, in dB. */
function signalToNoise(original: Float32Array, copy: Float32Array): number {
  let [signal, noise] = [0, 0];
  original.forEach((sample, at) => {
    signal += sample ** 2;
    noise += (sample - (copy[at] ?? 0)) ** 2;
  });
  return 10 * Math.log10(signal / noise);
}

const frames = (speech: Speech) => speech.durations.reduce((sum, count) => sum + count, 0);

describe("prepared Kokoro", () => {
  it("is made again from the original when it is damaged", async () => {
    await inFolder(async (dir) => {
      const phases = new Set<string>();
      const fresh = new ModelStore({
        dir,
        sourceDir: store.dir,
        onProgress: ({ phase }) => phases.add(phase),
      });
      const made = (await fresh.ensure("kokoro-82m-int8")).file("kokoro-v1.0.int8.durations.onnx");
      expect(phases).toContain("prepare");
      await fs.truncate(made, 1_000_000);
      await fresh.ensure("kokoro-82m-int8");
      expect((await fresh.verify(["kokoro-82m-int8"]))[0]?.state).toBe("OK");
    });
  });

  it("has durations that add up to its audio, and the original's, sample for sample", async () => {
    expect(original.durations).toEqual([]);
    expect(int8.durations).toHaveLength(TOKENS.length);
    expect(int8.durations.every((count) => Number.isInteger(count) && count >= 1)).toBe(true);
    expect(frames(int8) * FRAME_SAMPLES).toBe(int8.audio.length);
    expect(int8.audio).toHaveLength(original.audio.length);
  });

  it.each(["uint8", "int8"] as const)(
    "has convolutions of %s activations that give the original's audio, bit for bit",
    async (activations) => {
      // Without VNNI the second kind is not exact, and not used.
      if (activations === "int8" && !(await multipliesExactly())) return;
      await inFolder(async (dir) => {
        const path = await altered(dir, (graph) => convolutionsAlone(graph, activations));
        const fast = await withModel(path, (session) => speak(session, "af_heart"));
        expect(bytesOf(fast).equals(bytesOf(original))).toBe(true);
        expect(fast.durations).toEqual(int8.durations);
      });
    },
  );

  it("gives the same with signed activations as without, bit for bit", async () => {
    if (!(await multipliesExactly())) return;
    const vnni = await withModel(paths.int8Vnni, (session) => speak(session, "af_heart"));
    expect(bytesOf(vnni).equals(bytesOf(int8))).toBe(true);
    expect(vnni.durations).toEqual(int8.durations);
  });

  it("sounds as the original does with its vocoder rewritten", () => {
    // Measured: 16 to 21 dB, and 1.4 dB apart. The phases of nothing (transform.ts) and rounding are quantised again at each convolution.
    expect(signalToNoise(original.audio, int8.audio)).toBeGreaterThan(14);
    expect(distance({ ...original, durations: int8.durations }, int8)).toBeLessThan(2.5);
  });

  it("says the same in float32 as in int8: about the same durations, and sound far nearer than another voice's", async () => {
    const [float32, stranger] = await withModel(paths.float32, async (session) => [
      await speak(session, "af_heart"),
      await speak(session, "am_michael"),
    ]);
    expect(frames(float32) * FRAME_SAMPLES).toBe(float32.audio.length);
    // A duration that lies near a half may be rounded the other way.
    const steps = int8.durations.map((count, token) => Math.abs(count - (float32.durations[token] ?? 0)));
    expect(Math.max(...steps)).toBeLessThanOrEqual(1);
    expect(Math.abs(frames(int8) - frames(float32))).toBeLessThanOrEqual(2);
    // Measured over 12 pairs: 2.4 to 4.0 dB to the other precision, 9.7 to 12.5 dB to another voice.
    expect(distance(int8, float32)).toBeLessThan(5);
    expect(distance(int8, stranger)).toBeGreaterThan(7);
  });

  it("is rewritten without another duration, and with the same audio but for rounding", async () => {
    await inFolder(async (dir) => {
      const path = await altered(dir, (graph) => toFloat32(graph).tensors);
      const plain = await withModel(path, (session) => speak(session, "af_heart"));
      const fast = await withModel(paths.float32, (session) => speak(session, "af_heart"));
      expect(fast.durations).toEqual(plain.durations);
      expect(fast.audio).toHaveLength(plain.audio.length);
      // Measured: 30 to 33 dB, 110 dB but for the phases of nothing (transform.ts), which left alone give 9 dB.
      expect(signalToNoise(plain.audio, fast.audio)).toBeGreaterThan(25);
      expect(distance(plain, fast)).toBeLessThan(0.5);
    });
  });

  it("holds no quantised operator in float32 but the six LSTMs", async () => {
    const { graph } = decodeModel(await fs.readFile(paths.float32));
    const count = (opType: string) => graph.node.filter((node) => node.opType === opType).length;
    expect(["ConvInteger", "MatMulInteger", "DynamicQuantizeLinear"].map(count)).toEqual([0, 0, 0]);
    expect(count("DynamicQuantizeLSTM")).toBe(6);
    // 1 and 26 were float before; 87 and 148 were turned back; 3 convolutions stand for slower operators.
    expect([count("Conv"), count("MatMul")]).toEqual([88 + 3, 174]);
    // The convolutions behind the 48 snakes have their weights divided by the snake's factor.
    expect([count("InstanceNormalization"), count("STFT")]).toEqual([48, 0]);
    const weights = (end: string) => graph.initializer.filter(({ name }) => name.endsWith(end)).length;
    expect([weights("_float32"), weights("_by_alpha")]).toEqual([87 - 48 + 82, 48]);
  });
});
