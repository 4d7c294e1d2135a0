import { GraphIndex } from "./graph-index.ts";
import type { Node } from "./onnx.ts";

/** A dynamically quantised convolution or matrix product, as onnxruntime's quantize_dynamic writes it. */
export interface QuantisedProduct {
  /** DynamicQuantizeLinear, which gives the activations, their scale and their zero point. */
  readonly quantiser: Node;
  /** ConvInteger or MatMulInteger. */
  readonly product: Node;
  /** The addition of the quantised bias, the cast and the scaling: what follows the product. */
  readonly tail: readonly Node[];
  /** Constant float32 [channels], as it was before quantisation, or null. */
  readonly bias: string | null;
  /** Constant scale of the weights. */
  readonly weightScale: string;
  /** What the last node of the tail gives. */
  readonly output: string;
}

/**
 * Recognises
 *
 *     DynamicQuantizeLinear → ConvInteger | MatMulInteger → [Add of the quantised bias] → Cast → Mul(scale)
 *
 * by its product.
 * @throws Error on any other shape
 */
export function matchQuantised(product: Node, index: GraphIndex): QuantisedProduct {
  const quantiser = index.producer(product.input[0], "DynamicQuantizeLinear");
  const tail: Node[] = [];
  let next = index.onlyConsumer(product);
  let bias: string | null = null;
  if (next.opType === "Add") {
    bias = floatBias(GraphIndex.otherInput(next, product.output[0]), index);
    tail.push(next);
    next = index.onlyConsumer(next);
  }
  const scaled = index.onlyConsumer(next);
  if (next.opType !== "Cast" || scaled.opType !== "Mul")
    throw new Error(`${product.name} is not followed by its scale.`);
  const scales = index.producer(GraphIndex.otherInput(scaled, next.output[0]), "Mul");
  return {
    quantiser,
    product,
    tail: [...tail, next, scaled],
    bias,
    weightScale: GraphIndex.otherInput(scales, quantiser.output[1]),
    output: scaled.output[0] ?? "",
  };
}

/** The bias is quantised inside the graph: Reshape(Cast(Floor(Div(bias, scale)))). */
function floatBias(reshaped: string, index: GraphIndex): string {
  const reshape = index.producer(reshaped, "Reshape");
  const cast = index.producer(reshape.input[0], "Cast");
  const floor = index.producer(cast.input[0], "Floor");
  const divide = index.producer(floor.input[0], "Div");
  return index.constant(divide.input[0]).name;
}
