import type { GraphEditor } from "./graph-editor.ts";
import type { ScaledSnake } from "./integer-snake.ts";
import { attributeOf, INT8, INT32, integerAttribute, integersAttribute, type Node } from "./onnx.ts";
import { matchQuantised, type QuantisedProduct } from "./quantised.ts";

/** How activations are quantised; see `fastConvolutions`. */
export type Activations = "int8" | "uint8";

const MIDDLE = 128;
const TIME_AXIS = 2;

/**
 * Writes quantised convolutions over time so that ONNX Runtime computes them fast:
 *
 * - in two dimensions, of which one has length 1: up to 1.30 the runtime unfolds one-dimensional signals value by value;
 * - with `int8` activations, 128 less than the uint8 ones: the weights being uint8, processors with VNNI
 *   (vpdpbusd) multiply them in half the time. The sums are the same, bit for bit. Processors with AVX2 or AVX-512
 *   and without VNNI saturate in that kernel: they need `uint8`, which is exact everywhere;
 * - behind snakes, which only the vocoder has, the sums become floats in one pass, and the bias is added as it was
 *   before it was quantised. In front of an instance norm, which takes any constant away, it is left out.
 *
 * @param snakes what goes into quantisers behind snakes
 * @returns how many were rewritten
 * @throws Error on a convolution in groups, and on one that is quantised in another way
 */
export function fastConvolutions(
  editor: GraphEditor,
  activations: Activations,
  snakes: ReadonlyMap<Node, ScaledSnake>,
): number {
  const convolutions = editor.nodes("ConvInteger");
  const quantisers = new Set<Node>();
  for (const product of convolutions) {
    const found = matchQuantised(product, editor.index);
    quantisers.add(found.quantiser);
    const sums = flatten(found, editor);
    if (snakes.has(found.quantiser)) scaleAtOnce(found, sums, editor);
  }
  for (const quantiser of quantisers) {
    const snake = snakes.get(quantiser);
    editor.replace(
      quantiser,
      snake
        ? quantisedSnake(quantiser, snake, activations, editor)
        : quantised(quantiser, activations, editor),
    );
  }
  return convolutions.length;
}

/** The convolution in two dimensions, its sums under their old name. */
function flatten({ product }: QuantisedProduct, editor: GraphEditor): Node[] {
  const [activation = "", weight = "", , weightZero = ""] = product.input;
  const [kernel = 0] = attributeOf(product, "kernel_shape");
  const [dilation = 1] = attributeOf(product, "dilations");
  const [stride = 1] = attributeOf(product, "strides");
  const [before = 0, after = 0] = attributeOf(product, "pads");
  const [sums = ""] = product.output;
  const [groups = 1] = attributeOf(product, "group");
  if (groups !== 1) throw new Error(`${product.name} has ${groups} groups.`);
  const nodes = [
    {
      ...product,
      input: [`${activation}/flat`, editor.unsqueezed(weight, TIME_AXIS), `${activation}/zero`, weightZero],
      output: [`${sums}/flat`],
      attribute: [
        integersAttribute("kernel_shape", 1, kernel),
        integersAttribute("dilations", 1, dilation),
        integersAttribute("strides", 1, stride),
        integersAttribute("pads", 0, before, 0, after),
      ],
    },
    node("Squeeze", [`${sums}/flat`, editor.integers(TIME_AXIS)], sums),
  ];
  editor.replace(product, nodes);
  return nodes;
}

function scaleAtOnce(
  { quantiser, product, tail, bias, weightScale, output }: QuantisedProduct,
  convolution: readonly Node[],
  editor: GraphEditor,
): void {
  const [sums = ""] = product.output;
  const needsBias = bias !== null && !isNormalised(output, editor);
  const scaled = needsBias ? `${output}/without_bias` : output;
  const nodes = [
    ...convolution,
    node("Mul", [quantiser.output[1] ?? "", weightScale], `${output}/scale`),
    node("DequantizeLinear", [sums, `${output}/scale`], scaled),
  ];
  if (needsBias) {
    const [channels = 0] = editor.dimsOf(bias);
    const biases = editor.floats(`${output}/bias`, [1, channels, 1], () => editor.valuesOf(bias));
    nodes.push(node("Add", [scaled, biases], output));
  }
  for (const gone of tail) editor.replace(gone, []);
  editor.replace(product, nodes);
}

/** Whether nothing but an instance norm uses a value. */
function isNormalised(value: string, editor: GraphEditor): boolean {
  const users = editor.index.consumers(value).map(({ opType }) => opType);
  return users.length === 2 && users.includes("ReduceMean") && users.includes("Sub");
}

/** The activations as [1, channels, 1, time] and their zero point; the scale stays the quantiser's. */
function quantised(quantiser: Node, activations: Activations, editor: GraphEditor): Node[] {
  const [input = ""] = quantiser.input;
  const [name = "", scale = "", zero = ""] = quantiser.output;
  const timeAxis = editor.integers(TIME_AXIS);
  if (activations === "uint8")
    return [
      quantiser,
      node("Identity", [zero], `${name}/zero`),
      node("Unsqueeze", [name, timeAxis], `${name}/flat`),
    ];
  return [
    quantiser,
    ...signedZero(zero, `${name}/zero`, editor),
    node("QuantizeLinear", [input, scale, `${name}/zero`], `${name}/signed`),
    node("Unsqueeze", [`${name}/signed`, timeAxis], `${name}/flat`),
  ];
}

/**
 * The same for a snake that is too large by a factor for each channel. Scale and zero point are the operator's own,
 * which is given the extremes of every channel instead of the whole; a scale for each channel takes the factors off.
 */
function quantisedSnake(
  quantiser: Node,
  { value, factors, channels }: ScaledSnake,
  activations: Activations,
  editor: GraphEditor,
): Node[] {
  const [name = "", scale = "", zero = ""] = quantiser.output;
  const at = (part: string) => `${name}/${part}`;
  const factor = editor.floats(at("factors"), [channels], factors);
  const inverse = editor.floats(at("inverses"), [1, 2 * channels, 1], () =>
    Float32Array.from({ length: 2 * channels }, (_, channel) => 1 / (factors()[channel % channels] ?? 1)),
  );
  const timeAxis = editor.integers(TIME_AXIS);
  const zeros =
    activations === "uint8" ? [node("Identity", [zero], at("zero"))] : signedZero(zero, at("zero"), editor);
  return [
    node("ReduceMax", [value, timeAxis], at("highest")),
    node("ReduceMin", [value, timeAxis], at("lowest")),
    {
      ...node("Concat", [at("highest"), at("lowest")], at("extremes")),
      attribute: [integerAttribute("axis", 1)],
    },
    node("Mul", [at("extremes"), inverse], at("range")),
    { ...quantiser, input: [at("range")], output: [at("range_quantised"), scale, zero] },
    ...zeros,
    node("Mul", [scale, factor], at("scales")),
    node("Expand", [at("zero"), editor.integers(channels)], at("zeros")),
    {
      ...node("QuantizeLinear", [value, at("scales"), at("zeros")], at("whole")),
      attribute: [integerAttribute("axis", 1)],
    },
    node("Unsqueeze", [at("whole"), timeAxis], at("flat")),
  ];
}

/** A zero point of uint8 as one of int8. */
function signedZero(zero: string, output: string, editor: GraphEditor): Node[] {
  const cast = (input: string, to: number, name: string) => ({
    ...node("Cast", [input], name),
    attribute: [integerAttribute("to", to)],
  });
  return [
    cast(zero, INT32, `${output}/wide`),
    node("Sub", [`${output}/wide`, editor.number("/convolution/middle", "int32", MIDDLE)], `${output}/moved`),
    cast(`${output}/moved`, INT8, output),
  ];
}

function node(opType: string, input: string[], output: string): Node {
  return { name: output, opType, input, output: [output], attribute: [] };
}
