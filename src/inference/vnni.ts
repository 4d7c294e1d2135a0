import { encodeModel, INT8, INT32, type Model, UINT8 } from "../models/prepare/onnx.ts";
import { createSession, numbersOf, signedTensor } from "./onnx.ts";

/** Long enough for the kernels that multiply in vectors of 64 bytes. */
const [DEPTH, ROWS, COLUMNS] = [64, 16, 32];
const [LARGEST_WEIGHT, LARGEST_ACTIVATION] = [255, 127];

/**
 * Whether this processor multiplies uint8 by int8 exactly. ONNX Runtime's kernels for x86 without VNNI add two such
 * products in 16 bits, which saturates (vpmaddubsw); with VNNI, and on ARM, they are added in 32 bits. Nothing says
 * which kernel is taken, so the largest products that there are get multiplied, in a few milliseconds.
 */
export async function multipliesExactly(): Promise<boolean> {
  const session = await createSession(encodeModel(largestProducts()), { provider: "cpu", threads: 1 });
  try {
    const activations = new Int8Array(DEPTH * COLUMNS).fill(LARGEST_ACTIVATION);
    const { sums } = await session.run({ activations: signedTensor(activations, [1, DEPTH, 1, COLUMNS]) });
    return numbersOf(sums).every((sum) => sum === DEPTH * LARGEST_WEIGHT * LARGEST_ACTIVATION);
  } finally {
    await session.release();
  }
}

/** A convolution of kernel 1 with nothing but the largest weights. */
function largestProducts(): Model {
  const rawData = new Uint8Array(ROWS * DEPTH).fill(LARGEST_WEIGHT);
  const shapeless = (name: string, elemType: number) => ({ name, type: { tensorType: { elemType } } });
  return {
    irVersion: 9,
    opsetImport: [{ domain: "", version: 20 }],
    graph: {
      name: "largest products",
      node: [
        {
          name: "products",
          opType: "ConvInteger",
          input: ["activations", "weights"],
          output: ["sums"],
          attribute: [],
        },
      ],
      initializer: [{ name: "weights", dims: [ROWS, DEPTH, 1, 1], dataType: UINT8, rawData }],
      input: [shapeless("activations", INT8)],
      output: [shapeless("sums", INT32)],
      valueInfo: [],
    },
  };
}
