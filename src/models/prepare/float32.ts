import { GraphIndex, prune } from "./graph-index.ts";
import {
  dimsOf,
  FLOAT,
  type Graph,
  keepTensor,
  type LazyTensor,
  type Node,
  type Tensor,
  valuesOf,
} from "./onnx.ts";
import { matchQuantised } from "./quantised.ts";

/** How many quantised operators were turned back. */
export interface Float32Report {
  readonly convolutions: number;
  readonly matrixProducts: number;
}

/**
 * Turns dynamically quantised convolutions and matrix products back into float32, in place: each becomes one Conv
 * or MatMul with the weights (w − zero point) × scale and the bias as it was before quantisation. DynamicQuantizeLSTM stays: the runtime has
 * no float kernel that would be faster for it. A weight that several nodes share is written once.
 *
 * @returns the initializers of the new graph, made one at a time as they are written
 * @throws Error on a quantised operator in any other shape
 */
export function toFloat32(graph: Graph): { tensors: LazyTensor[]; report: Float32Report } {
  const index = new GraphIndex(graph);
  const weights = new Map<string, LazyTensor>();
  const replacements = new Map<Node, Node>();
  const report = { convolutions: 0, matrixProducts: 0 };
  for (const node of graph.node) {
    const isConvolution = node.opType === "ConvInteger";
    if (!isConvolution && node.opType !== "MatMulInteger") continue;
    const { scaled, node: replacement } = rebuild(node, index, weights);
    replacements.set(scaled, replacement);
    if (isConvolution) report.convolutions++;
    else report.matrixProducts++;
  }
  graph.node = graph.node.map((node) => replacements.get(node) ?? node);
  const originals = graph.initializer;
  graph.initializer = [...originals, ...[...weights.values()].map(({ head }) => head)];
  prune(graph);
  const tensors = graph.initializer.map((tensor) => weights.get(tensor.name) ?? keepTensor(tensor));
  return { tensors, report };
}

/** The float node for one quantised one, and the last node of the chain, whose place it takes. */
function rebuild(
  node: Node,
  index: GraphIndex,
  weights: Map<string, LazyTensor>,
): { scaled: Node; node: Node } {
  const { quantiser, tail, bias, weightScale, output } = matchQuantised(node, index);
  const weight = index.constant(node.input[1]);
  const name = `${weight.name}_float32`;
  if (!weights.has(name)) {
    weights.set(name, floatWeight(name, weight, index.constant(node.input[3]), index.constant(weightScale)));
  }
  const input = [quantiser.input[0] ?? "", name, ...(bias === null ? [] : [bias])];
  const opType = node.opType === "ConvInteger" ? "Conv" : "MatMul";
  const replacement = { ...node, name: `${node.name}_float32`, opType, input, output: [output] };
  return { scaled: tail.at(-1) ?? node, node: replacement };
}

function floatWeight(name: string, weight: Tensor, zeroPoint: Tensor, scale: Tensor): LazyTensor {
  const dims = dimsOf(weight);
  const count = dims.reduce((product, dim) => product * dim, 1);
  return {
    head: { name, dims: weight.dims, dataType: FLOAT },
    rawBytes: count * Float32Array.BYTES_PER_ELEMENT,
    raw() {
      const floats = dequantize(valuesOf(weight), valuesOf(zeroPoint), valuesOf(scale), dims.at(-1) ?? 1);
      return new Uint8Array(floats.buffer, floats.byteOffset, floats.byteLength);
    },
  };
}

/** One scale and zero point for the whole tensor, or one for each of the last dimension's `columns`. */
function dequantize(
  weights: ArrayLike<number>,
  zeroPoints: ArrayLike<number>,
  scales: ArrayLike<number>,
  columns: number,
): Float32Array {
  for (const parameters of [zeroPoints, scales]) {
    if (parameters.length !== 1 && parameters.length !== columns)
      throw new Error("Unexpected quantisation axis.");
  }
  const zeroStep = zeroPoints.length === 1 ? 0 : 1;
  const scaleStep = scales.length === 1 ? 0 : 1;
  const floats = new Float32Array(weights.length);
  for (let start = 0; start < weights.length; start += columns) {
    for (let column = 0; column < columns; column++) {
      const weight = weights[start + column] as number;
      const zeroPoint = zeroPoints[column * zeroStep] as number;
      floats[start + column] = (weight - zeroPoint) * (scales[column * scaleStep] as number);
    }
  }
  return floats;
}
