import type { GraphEditor } from "./graph-editor.ts";
import { floatAttribute, type Node } from "./onnx.ts";

/** What a snake is made of. */
interface Snake {
  /** The node before which the new ones belong, and all whose place they take. */
  readonly normalised: Node;
  readonly nodes: readonly Node[];
  readonly input: string;
  /** Dynamic [1, channels, 1]. */
  readonly scale: string;
  readonly shift: string;
  readonly epsilon: number;
  /** Constant [1, channels, 1]. */
  readonly alpha: string;
  readonly convolution: Node;
}

/**
 * Shortens every adaptive instance norm with a snake (x + sin²(αx) / α) behind it and a convolution behind that,
 * which are written out in a dozen operators that each pass over megabytes:
 *
 *     y = scale · (x − mean) / √(variance + ε) + shift;   Conv(y + sin²(αy) / α)
 *
 * InstanceNormalization takes scale and shift as they are computed; multiplied by α they give z = αy at once, and
 * the convolution's weights are divided by α instead of its input: Conv/α (z + sin² z).
 *
 * @returns how many were shortened
 */
export function fuseSnakes(editor: GraphEditor): number {
  const snakes = editor
    .nodes("Pow")
    .filter(({ input }) => isSine(input[0], editor))
    .map((power) => match(power, editor));
  for (const [count, snake] of snakes.entries()) rewrite(snake, `/snake/${count}`, editor);
  return snakes.length;
}

function isSine(value: string | undefined, editor: GraphEditor): boolean {
  return editor.nodes("Sin").some(({ output }) => output[0] === value);
}

/** @throws Error when the power of a sine is no snake behind an instance norm */
function match(power: Node, editor: GraphEditor): Snake {
  const { index } = editor;
  const sine = index.producer(power.input[0], "Sin");
  const scaled = index.producer(sine.input[0], "Mul");
  const { constant: alpha, value } = index.operands(scaled);
  const divided = index.onlyConsumer(power);
  const sum = index.onlyConsumer(divided);
  const convolution = index.onlyConsumer(sum);
  const expected = [power, divided, sum, convolution].map(({ opType }) => opType).join();
  const alphas = editor.valuesOf(alpha);
  const inverses = editor.valuesOf(index.operands(divided).constant);
  const isSnake =
    expected === "Pow,Mul,Add,Conv" &&
    editor.valuesOf(power.input[1]).join() === "2" &&
    sum.input.includes(value) &&
    alphas.every((factor, channel) => Math.abs(factor * (inverses[channel] ?? 0) - 1) < 1e-5);
  if (!isSnake) throw new Error(`${power.name} is no part of a snake.`);

  const normalised = index.producer(value, "Add");
  const { made: product, other: shift } = index.operandsBy(normalised, "Mul");
  const { made: quotient, other: scale } = index.operandsBy(product, "Div");
  const centred = index.producer(quotient.input[0], "Sub");
  const root = index.producer(quotient.input[1], "Sqrt");
  const { constant: epsilon, value: variance } = index.operands(index.producer(root.input[0], "Add"));
  const squares = index.producer(index.producer(variance, "ReduceMean").input[0], "Mul");
  const mean = index.producer(centred.input[1], "ReduceMean");
  const isNorm =
    mean.input[0] === centred.input[0] && squares.input.every((name) => name === centred.output[0]);
  if (!isNorm) throw new Error(`${normalised.name} is no instance norm.`);
  return {
    normalised,
    nodes: [scaled, sine, power, divided, sum],
    input: centred.input[0] ?? "",
    scale,
    shift,
    epsilon: editor.valuesOf(epsilon)[0] ?? 0,
    alpha,
    convolution,
  };
}

function rewrite(snake: Snake, prefix: string, editor: GraphEditor): void {
  const { alpha, convolution } = snake;
  const node = (opType: string, input: string[], output: string): Node => ({
    name: `${prefix}/${output}`,
    opType,
    input,
    output: [`${prefix}/${output}`],
    attribute: [],
  });
  const perChannel = editor.integers(-1);
  const norm = node(
    "InstanceNormalization",
    [snake.input, `${prefix}/scale`, `${prefix}/shift`],
    "normalised",
  );
  norm.attribute.push(floatAttribute("epsilon", snake.epsilon));
  editor.replace(snake.normalised, [
    node("Mul", [snake.scale, alpha], "scales"),
    node("Mul", [snake.shift, alpha], "shifts"),
    node("Reshape", [`${prefix}/scales`, perChannel], "scale"),
    node("Reshape", [`${prefix}/shifts`, perChannel], "shift"),
    norm,
    node("Sin", [`${prefix}/normalised`], "sine"),
    node("Mul", [`${prefix}/sine`, `${prefix}/sine`], "square"),
    node("Add", [`${prefix}/normalised`, `${prefix}/square`], "snake"),
  ]);
  for (const gone of snake.nodes) editor.replace(gone, []);
  const [, weight = "", ...bias] = convolution.input;
  const divided = editor.floats(`${weight}_by_alpha`, editor.dimsOf(weight), () =>
    dividedByInput(weight, editor.valuesOf(alpha), editor),
  );
  editor.replace(convolution, [{ ...convolution, input: [`${prefix}/snake`, divided, ...bias] }]);
}

/** Weights [out, in, kernel], divided by one number for each input channel. */
function dividedByInput(weight: string, divisors: Float32Array, editor: GraphEditor): Float32Array {
  const [, , kernel = 1] = editor.dimsOf(weight);
  return editor
    .valuesOf(weight)
    .map((value, at) => value / (divisors[Math.floor(at / kernel) % divisors.length] ?? 1));
}
