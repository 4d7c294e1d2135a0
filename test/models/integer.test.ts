import { Tensor as RuntimeTensor } from "onnxruntime-node";
import { describe, expect, it } from "vitest";
import { multipliesExactly } from "../../src/inference/vnni.ts";
import {
  integerAttribute,
  integersAttribute,
  keepTensor,
  type Model,
  type Node,
} from "../../src/models/prepare/onnx.ts";
import { optimiseQuantised } from "../../src/models/prepare/optimise.ts";
import { FLOAT, INT64, modelOf, node, run, serialise, tensor, UINT8, value, wave } from "./graphs.ts";

const [CHANNELS, OUT, KERNEL, DILATION, LENGTH] = [4, 2, 3, 2, 90];
const PER_CHANNEL = [1, CHANNELS, 1];
/** A snake's factor may be of either sign. */
const ALPHA = [0.3, 1.7, -2.5, 0.9];

const floats = (name: string, dims: number[], values: ArrayLike<number>) =>
  tensor(name, FLOAT, dims, Float32Array.from(values));

/** DynamicQuantizeLinear → ConvInteger → Add of the quantised bias → Cast → Mul, from `input` to y. */
function convolution(input: string, stride: number): Node[] {
  const shape = [
    integersAttribute("kernel_shape", KERNEL),
    integersAttribute("dilations", DILATION),
    integersAttribute("strides", stride),
    integersAttribute("pads", 3, 1),
  ];
  return [
    node("DynamicQuantizeLinear", [input], ["q", "scale", "zero"]),
    node("Mul", ["scale", "weight_scale"], ["product_scale"]),
    node("Div", ["bias", "product_scale"], ["bias_steps"]),
    node("Floor", ["bias_steps"], ["bias_floor"]),
    node("Cast", ["bias_floor"], ["bias_whole"], [integerAttribute("to", 6)]),
    node("Reshape", ["bias_whole", "bias_shape"], ["bias_quantised"]),
    node("ConvInteger", ["q", "weight", "zero", "weight_zero"], ["sums"], shape),
    node("Add", ["sums", "bias_quantised"], ["biased"]),
    node("Cast", ["biased"], ["wide"], [integerAttribute("to", FLOAT)]),
    node("Mul", ["wide", "product_scale"], ["y"]),
  ];
}

/** An instance norm, which the network computes scale and shift of, and a snake behind it. */
const SNAKE: Node[] = [
  node("ReduceMean", ["x", "axes"], ["mean"], [integerAttribute("keepdims", 1)]),
  node("Sub", ["x", "mean"], ["centred"]),
  node("Mul", ["centred", "centred"], ["squares"]),
  node("ReduceMean", ["squares", "axes"], ["variance"], [integerAttribute("keepdims", 1)]),
  node("Add", ["variance", "epsilon"], ["positive"]),
  node("Sqrt", ["positive"], ["deviation"]),
  node("Div", ["centred", "deviation"], ["unit"]),
  node("Mul", ["gain", "unit"], ["scaled"]),
  node("Add", ["scaled", "shift"], ["norm"]),
  node("Mul", ["alpha", "norm"], ["angle"]),
  node("Sin", ["angle"], ["sine"]),
  node("Pow", ["sine", "two"], ["square"]),
  node("Mul", ["inverse", "square"], ["ripple"]),
  node("Add", ["norm", "ripple"], ["snake"]),
];

function modelWith(nodes: readonly Node[]): Model {
  const weights = Uint8Array.from({ length: OUT * CHANNELS * KERNEL }, (_, index) => (index * 53) % 256);
  return modelOf({
    node: [...nodes],
    initializer: [
      tensor("weight", UINT8, [OUT, CHANNELS, KERNEL], weights),
      tensor("weight_zero", UINT8, [], Uint8Array.of(117)),
      floats("weight_scale", [], [0.01]),
      floats("bias", [OUT], [0.5, -0.25]),
      tensor("bias_shape", INT64, [3], BigInt64Array.of(1n, -1n, 1n)),
      tensor("axes", INT64, [1], BigInt64Array.of(2n)),
      floats("epsilon", [], [1e-5]),
      floats("gain", PER_CHANNEL, [1.2, -0.4, 0.8, 2]),
      floats("shift", PER_CHANNEL, [0.1, 0.2, -0.3, 0]),
      floats("alpha", PER_CHANNEL, ALPHA),
      floats(
        "inverse",
        PER_CHANNEL,
        ALPHA.map((factor) => 1 / factor),
      ),
      floats("two", [], [2]),
    ],
    input: [value("x", [1, CHANNELS, LENGTH])],
    output: [{ name: "y", type: { tensorType: { elemType: FLOAT } } }],
  });
}

/** What a model gives as it is and rewritten, for a signal that is not centred on nought. */
async function bothWays(model: Model, activations: "int8" | "uint8") {
  const signal = wave(CHANNELS * LENGTH, 0.37).map((sample) => 3 * sample + 0.7);
  const x = new RuntimeTensor("float32", signal, [1, CHANNELS, LENGTH]);
  const before = (await run(await serialise(model), x)).y ?? [];
  const rewritten = optimiseQuantised(model.graph, model.graph.initializer.map(keepTensor), activations);
  const after = (await run(await serialise(model, rewritten.tensors), x)).y ?? [];
  expect(after).toHaveLength(before.length);
  const largest = Math.max(...before.map((sample, at) => Math.abs(sample - (after[at] ?? 0))));
  return { report: rewritten.report, before, after, largest };
}

describe.each(["uint8", "int8"] as const)("optimiseQuantised with %s activations", async (activations) => {
  // The other kind is only used where the processor is exact.
  const usable = activations === "uint8" || (await multipliesExactly());

  it.runIf(usable).each([1, 2])(
    "leaves what a convolution of stride %i gives as it is, bit for bit",
    async (stride) => {
      const { report, before, after } = await bothWays(modelWith(convolution("x", stride)), activations);
      expect(report).toMatchObject({ convolutions: 1, snakes: 0 });
      expect(before.length).toBe(OUT * (LENGTH / stride));
      expect(after).toEqual(before);
    },
  );

  it.runIf(usable)("shortens a snake, to within a step of its quantiser", async () => {
    const model = modelWith([...SNAKE, ...convolution("snake", 1)]);
    const { report, before, largest } = await bothWays(model, activations);
    expect(report).toMatchObject({ convolutions: 1, snakes: 1 });
    const operators = model.graph.node.map(({ opType }) => opType);
    expect(operators).not.toContain("Sin");
    expect(operators).toContain("InstanceNormalization");
    // Some of its 12 products each differ by a step of 8 bits, and the bias was rounded down by one before.
    const range = Math.max(...before) - Math.min(...before);
    expect(largest).toBeGreaterThan(0);
    expect(largest).toBeLessThan(range * 0.01);
  });
});

describe("optimiseQuantised", () => {
  it("leaves out a bias that an instance norm takes away", async () => {
    const [first, second] = [convolution("snake", 1), SNAKE];
    const renamed = second.map((step) => ({
      ...step,
      name: `${step.name}/2`,
      input: step.input.map((name) => (name === "x" ? "y" : producedBy(second, name) ? `${name}2` : name)),
      output: step.output.map((name) => `${name}2`),
    }));
    const model = modelWith([...SNAKE, ...first, ...renamed.slice(0, 9)]);
    model.graph.initializer.push(
      floats("gain2", [1, OUT, 1], [1.2, -0.4]),
      floats("shift2", [1, OUT, 1], [0.1, 0.2]),
    );
    for (const step of model.graph.node)
      step.input = step.input.map((name) =>
        step.output[0] === "scaled2" && name === "gain"
          ? "gain2"
          : step.output[0] === "norm2" && name === "shift"
            ? "shift2"
            : name,
      );
    model.graph.output = [{ name: "norm2", type: { tensorType: { elemType: FLOAT } } }];
    optimiseQuantised(model.graph, model.graph.initializer.map(keepTensor), "uint8");
    expect(model.graph.initializer.map(({ name }) => name)).not.toContain("bias");
    expect(model.graph.node.filter(({ output }) => output[0] === "y").map(({ opType }) => opType)).toEqual([
      "DequantizeLinear",
    ]);
  });
});

function producedBy(nodes: readonly Node[], name: string): boolean {
  return nodes.some(({ output }) => output.includes(name));
}
