import { Tensor as RuntimeTensor } from "onnxruntime-node";
import { describe, expect, it } from "vitest";
import { toFloat32 } from "../../src/models/prepare/float32.ts";
import { decodeModel } from "../../src/models/prepare/onnx.ts";
import {
  expectClose,
  FLOAT,
  INT8,
  INT32,
  INT64,
  modelOf,
  node,
  run,
  serialise,
  tensor,
  UINT8,
  value,
  wave,
} from "./graphs.ts";

const QUANTIZE = node("DynamicQuantizeLinear", ["x"], ["xq", "xs", "xz"]);
const TO_FLOAT = [{ name: "to", type: 2, i: FLOAT }];

describe("toFloat32", () => {
  it("turns a matrix product with scales and zero points per column back, and shares its weights", async () => {
    const [rows, inner, columns] = [3, 4, 5];
    const weights = Int8Array.from({ length: inner * columns }, (_, index) => ((index * 37) % 255) - 127);
    const zeros = Int8Array.of(-3, 0, 5, 127, -128);
    const scales = Float32Array.of(0.01, 0.02, 0.005, 0.001, 0.03);
    const chain = (tag: string) => [
      node("MatMulInteger", ["xq", "w", "xz", "wz"], [`i${tag}`]),
      node("Cast", [`i${tag}`], [`f${tag}`], TO_FLOAT),
      node("Mul", ["xs", "ws"], [`s${tag}`]),
      node("Mul", [`f${tag}`, `s${tag}`], [`y${tag}`]),
    ];
    const model = modelOf({
      node: [QUANTIZE, ...chain("1"), ...chain("2")],
      initializer: [
        tensor("w", INT8, [inner, columns], weights),
        tensor("wz", INT8, [columns], zeros),
        tensor("ws", FLOAT, [columns], scales),
      ],
      input: [value("x", [rows, inner])],
      output: [value("y1", [rows, columns]), value("y2", [rows, columns])],
    });
    const quantized = await serialise(model);
    const { graph } = model;
    const { tensors, report } = toFloat32(graph);
    expect(report).toEqual({ convolutions: 0, matrixProducts: 2 });
    expect(graph.node.map(({ opType }) => opType)).toEqual(["MatMul", "MatMul"]);
    expect(tensors.map(({ head }) => head.name)).toEqual(["w_float32"]);

    const x = wave(rows * inner, 1.7);
    const expected = Array.from({ length: rows * columns }, (_, index) => {
      const [row, column] = [Math.floor(index / columns), index % columns];
      let sum = 0;
      for (let k = 0; k < inner; k++) {
        const weight = (weights[k * columns + column] ?? 0) - (zeros[column] ?? 0);
        sum += (x[row * inner + k] ?? 0) * weight * (scales[column] ?? 0);
      }
      return sum;
    });
    const input = new RuntimeTensor("float32", x, [rows, inner]);
    const float = await run(await serialise(model, tensors), input);
    expectClose(float.y1, expected, 1e-5);
    expect(float.y2).toEqual(float.y1);
    // Quantising x costs up to half a step of 2/255 on each of the four terms, the largest weight being 7.65.
    expectClose((await run(quantized, input)).y1, expected, 4 * 7.65 * (1 / 255));
  });

  it("turns a strided, padded convolution with a quantised bias back", async () => {
    const [inChannels, outChannels, kernel, length] = [2, 3, 3, 8];
    const weights = Uint8Array.from(
      { length: outChannels * inChannels * kernel },
      (_, index) => (index * 53) % 256,
    );
    const bias = Float32Array.of(0.5, -0.25, 2);
    const ints = (name: string, ...values: number[]) => ({ name, type: 7, ints: values });
    const shape = [
      ints("strides", 2),
      ints("pads", 1, 1),
      ints("dilations", 1),
      ints("kernel_shape", kernel),
    ];
    const model = modelOf({
      node: [
        QUANTIZE,
        node("ConvInteger", ["xq", "w", "xz", "wz"], ["i"], shape),
        node("Mul", ["xs", "ws"], ["scale"]),
        node("Div", ["bias", "scale"], ["b1"]),
        node("Floor", ["b1"], ["b2"]),
        node("Cast", ["b2"], ["b3"], [{ name: "to", type: 2, i: INT32 }]),
        node("Reshape", ["b3", "bshape"], ["b4"]),
        node("Add", ["i", "b4"], ["ib"]),
        node("Cast", ["ib"], ["f"], TO_FLOAT),
        node("Mul", ["f", "scale"], ["y"]),
      ],
      initializer: [
        tensor("w", UINT8, [outChannels, inChannels, kernel], weights),
        tensor("wz", UINT8, [], Uint8Array.of(131)),
        tensor("ws", FLOAT, [], Float32Array.of(0.013)),
        tensor("bias", FLOAT, [outChannels], bias),
        tensor("bshape", INT64, [3], BigInt64Array.of(1n, -1n, 1n)),
      ],
      input: [value("x", [1, inChannels, length])],
      output: [value("y", [1, outChannels, length / 2])],
    });
    const { tensors, report } = toFloat32(model.graph);
    expect(report).toEqual({ convolutions: 1, matrixProducts: 0 });
    expect(model.graph.node.map(({ opType }) => opType)).toEqual(["Conv"]);
    expect(tensors.map(({ head }) => head.name).sort()).toEqual(["bias", "w_float32"]);

    const x = wave(inChannels * length, 0.9);
    const expected: number[] = [];
    for (let out = 0; out < outChannels; out++) {
      for (let at = 0; at < length / 2; at++) {
        let sum = bias[out] ?? 0;
        for (let channel = 0; channel < inChannels; channel++) {
          for (let k = 0; k < kernel; k++) {
            const position = at * 2 + k - 1;
            if (position < 0 || position >= length) continue;
            const weight = ((weights[(out * inChannels + channel) * kernel + k] ?? 0) - 131) * 0.013;
            sum += (x[channel * length + position] ?? 0) * weight;
          }
        }
        expected.push(sum);
      }
    }
    const input = new RuntimeTensor("float32", x, [1, inChannels, length]);
    expectClose((await run(await serialise(model, tensors), input)).y, expected, 1e-5);
  });

  it("refuses a quantised operator that it does not understand", () => {
    const { graph } = modelOf({
      node: [
        QUANTIZE,
        node("MatMulInteger", ["xq", "w", "xz", "wz"], ["i"]),
        node("Cast", ["i"], ["f"], TO_FLOAT),
        node("Relu", ["f"], ["y"]),
      ],
      initializer: [tensor("w", INT8, [1, 1], Int8Array.of(1)), tensor("wz", INT8, [1], Int8Array.of(0))],
      input: [value("x", [1, 1])],
      output: [value("y", [1, 1])],
    });
    expect(() => toFloat32(graph)).toThrow("is not followed by its scale");
  });
});

describe("decodeModel", () => {
  it("keeps what it does not use, so that writing gives the same model again", async () => {
    const model = modelOf({
      node: [
        node("LeakyRelu", ["x"], ["r"], [{ name: "alpha", type: 1, f: 0.1 }]),
        node("Add", ["r", "c"], ["y"]),
      ],
      initializer: [tensor("c", FLOAT, [2], Float32Array.of(1, 2))],
      input: [value("x", [2])],
      output: [value("y", [2])],
    });
    const bytes = await serialise(model);
    const again = decodeModel(bytes);
    expect(await serialise(again)).toEqual(bytes);
    const { y } = await run(bytes, new RuntimeTensor("float32", Float32Array.of(-1, 1), [2]));
    expectClose(y, [0.9, 3], 1e-6);
  });
});
