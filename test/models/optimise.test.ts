import { Tensor as RuntimeTensor } from "onnxruntime-node";
import { describe, expect, it } from "vitest";
import {
  integerAttribute,
  integersAttribute,
  keepTensor,
  type Model,
  type Node,
} from "../../src/models/prepare/onnx.ts";
import { optimise } from "../../src/models/prepare/optimise.ts";
import { expectClose, FLOAT, INT64, modelOf, node, run, serialise, tensor, value, wave } from "./graphs.ts";

const [CHANNELS, LENGTH] = [4, 90];

/** What Kokoro's source gives between voiced sounds: tanh of its bias. */
const SILENCE = -0.029441745951771736;

/** Runs a graph as it is and rewritten, and gives the first output of both. */
async function bothWays(model: Model, input: RuntimeTensor) {
  const before = await run(await serialise(model), input);
  const { tensors, report } = optimise(model.graph, model.graph.initializer.map(keepTensor));
  const after = await run(await serialise(model, tensors), input);
  return { before: before.y ?? [], after: after.y ?? [], report };
}

function floats(name: string, dims: number[], values: ArrayLike<number>) {
  return tensor(name, FLOAT, dims, Float32Array.from(values));
}

function integers(name: string, dims: number[], ...values: number[]) {
  return tensor(name, INT64, dims, BigInt64Array.from(values, BigInt));
}

const opTypes = ({ graph }: Model) => graph.node.map(({ opType }) => opType);

/** scale · (x − mean) / √(variance + ε) + shift, a snake behind it and a convolution behind that. */
function snakeModel(changes: { power?: number } = {}): Model {
  const nodes: Node[] = [
    node("ReduceMean", ["x", "axes"], ["mean"], [integerAttribute("keepdims", 1)]),
    node("Sub", ["x", "mean"], ["centred"]),
    node("Mul", ["centred", "centred"], ["squares"]),
    node("ReduceMean", ["squares", "axes"], ["variance"], [integerAttribute("keepdims", 1)]),
    node("Add", ["variance", "epsilon"], ["positive"]),
    node("Sqrt", ["positive"], ["deviation"]),
    node("Div", ["centred", "deviation"], ["unit"]),
    node("Mul", ["scale", "unit"], ["scaled"]),
    node("Add", ["scaled", "shift"], ["norm"]),
    node("Mul", ["alpha", "norm"], ["angle"]),
    node("Sin", ["angle"], ["sine"]),
    node("Pow", ["sine", "two"], ["square"]),
    node("Mul", ["inverse", "square"], ["ripple"]),
    node("Add", ["norm", "ripple"], ["snake"]),
    node(
      "Conv",
      ["snake", "weight", "bias"],
      ["y"],
      [
        integersAttribute("kernel_shape", 3),
        integersAttribute("pads", 2, 2),
        integersAttribute("dilations", 2),
      ],
    ),
  ];
  const alpha = [0.3, 1.7, 2.5, 0.9];
  const perChannel = [1, CHANNELS, 1];
  return modelOf({
    node: nodes,
    initializer: [
      integers("axes", [1], 2),
      floats("epsilon", [], [1e-5]),
      floats("scale", perChannel, [1.2, -0.4, 0.8, 2]),
      floats("shift", perChannel, [0.1, 0.2, -0.3, 0]),
      floats("alpha", perChannel, alpha),
      floats(
        "inverse",
        perChannel,
        alpha.map((factor) => 1 / factor),
      ),
      floats("two", [], [changes.power ?? 2]),
      floats("weight", [2, CHANNELS, 3], wave(2 * CHANNELS * 3, 1.3)),
      floats("bias", [2], [0.5, -0.5]),
    ],
    input: [value("x", [1, CHANNELS, LENGTH])],
    output: [value("y", [1, 2, LENGTH])],
  });
}

describe("optimise", () => {
  it("shortens an instance norm and its snake, with the snake's factor in the weights behind it", async () => {
    const model = snakeModel();
    const x = new RuntimeTensor("float32", wave(CHANNELS * LENGTH, 0.37), [1, CHANNELS, LENGTH]);
    const { before, after, report } = await bothWays(model, x);
    expect(report).toEqual({ transforms: 0, snakes: 1, upsamplings: 0 });
    expect(opTypes(model)).toEqual([
      ...["Mul", "Mul", "Reshape", "Reshape", "InstanceNormalization"],
      ...["Sin", "Mul", "Add", "Conv"],
    ]);
    expectClose(after, before, 1e-5);
  });

  it("refuses what begins as a snake and is none", () => {
    const { graph } = snakeModel({ power: 3 });
    expect(() => optimise(graph, graph.initializer.map(keepTensor))).toThrow(/is no part of a snake/);
  });

  it.each([
    { stride: 6, channels: 3 },
    { stride: 10, channels: 2 },
  ])("makes a transposed convolution of stride $stride one over phases", async ({ stride, channels }) => {
    const [inner, length] = [5, 11];
    const model = modelOf({
      node: [
        node(
          "ConvTranspose",
          ["x", "w", "b"],
          ["y"],
          [
            integersAttribute("strides", stride),
            integersAttribute("kernel_shape", 2 * stride),
            integersAttribute("pads", stride / 2, stride / 2),
            integersAttribute("dilations", 1),
            integerAttribute("group", 1),
          ],
        ),
      ],
      initializer: [
        floats("w", [inner, channels, 2 * stride], wave(inner * channels * 2 * stride, 0.71)),
        floats("b", [channels], wave(channels, 2)),
      ],
      input: [value("x", [1, inner, length])],
      output: [value("y", [1, channels, length * stride])],
    });
    const x = new RuntimeTensor("float32", wave(inner * length, 1.1), [1, inner, length]);
    const { before, after, report } = await bothWays(model, x);
    expect(report).toEqual({ transforms: 0, snakes: 0, upsamplings: 1 });
    expect(opTypes(model)).toEqual(["Conv", "Reshape", "Transpose", "Reshape", "Slice"]);
    expectClose(after, before, 1e-5);
  });

  it("makes a short-time transform a convolution, which gives silence the runtime's phases", async () => {
    const [size, step, samples, bins] = [20, 5, 220, 11];
    const model = modelOf({
      node: [
        node("STFT", ["x", "step", "window", "size"], ["stft"], [integerAttribute("onesided", 1)]),
        node("Transpose", ["stft"], ["turned"], [integersAttribute("perm", 0, 2, 1, 3)]),
        node("Gather", ["turned", "one"], ["imaginary"], [integerAttribute("axis", 3)]),
        node("Gather", ["turned", "zero"], ["real"], [integerAttribute("axis", 3)]),
        node("Concat", ["real", "imaginary"], ["y"], [integerAttribute("axis", 1)]),
      ],
      initializer: [
        integers("step", [], step),
        integers("size", [], size),
        integers("zero", [], 0),
        integers("one", [], 1),
        floats(
          "window",
          [size],
          Array.from({ length: size }, (_, at) => 0.5 - 0.5 * Math.cos((2 * Math.PI * at) / size)),
        ),
      ],
      input: [value("x", [1, samples])],
      output: [value("y", [1, 2 * bins, (samples - size) / step + 1])],
    });
    const silence = 100;
    const x = wave(samples, 0.9).map((sample, at) => (at < silence ? SILENCE : sample));
    const { before, after, report } = await bothWays(model, new RuntimeTensor("float32", x, [1, samples]));
    expect(report).toEqual({ transforms: 1, snakes: 0, upsamplings: 0 });
    expect(opTypes(model)).toEqual(["Unsqueeze", "Conv", "Split", "Concat"]);
    expectClose(after, before, 2e-5);
    const frames = after.length / (2 * bins);
    const phase = (values: readonly number[], bin: number) =>
      Math.atan2(values[(bins + bin) * frames] ?? 0, values[bin * frames] ?? 0);
    for (let bin = 0; bin < bins; bin++) {
      expect(Math.cos(phase(after, bin) - phase(before, bin))).toBeGreaterThan(0.9);
    }
  });
});
