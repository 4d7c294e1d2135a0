import type { GraphEditor } from "./graph-editor.ts";
import { floatAttribute, type Node } from "./onnx.ts";

/** An adaptive instance norm with a snake behind it, as the export wrote it. */
export interface Snake {
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
  /** The only node that uses it: a Conv, or the DynamicQuantizeLinear in front of a ConvInteger. */
  readonly consumer: Node;
}

/**
 * Finds every adaptive instance norm with a snake (x + sin²(αx) / α) behind it, which are written out in a dozen
 * operators that each pass over megabytes:
 *
 *     y = scale · (x − mean) / √(variance + ε) + shift;   y + sin²(αy) / α
 *
 * @param consumer operator of what uses the snake
 * @throws Error where a snake begins as expected and goes on otherwise
 */
export function findSnakes(editor: GraphEditor, consumer: "Conv" | "DynamicQuantizeLinear"): Snake[] {
  return editor
    .nodes("Pow")
    .filter(({ input }) => isSine(input[0], editor))
    .map((power) => match(power, consumer, editor));
}

/**
 * The norm as one operator that takes scale and shift as they are computed. Multiplied by `factor`, they give
 * factor · y at once, which saves a pass.
 *
 * @param factor constant [1, channels, 1]
 * @returns the nodes, of which the last gives `${prefix}/normalised`
 */
export function adaptiveNorm(snake: Snake, factor: string, prefix: string, editor: GraphEditor): Node[] {
  const perChannel = editor.integers(-1);
  return [
    snakeNode(prefix, "Mul", [snake.scale, factor], "scales"),
    snakeNode(prefix, "Mul", [snake.shift, factor], "shifts"),
    snakeNode(prefix, "Reshape", [`${prefix}/scales`, perChannel], "scale"),
    snakeNode(prefix, "Reshape", [`${prefix}/shifts`, perChannel], "shift"),
    {
      ...snakeNode(
        prefix,
        "InstanceNormalization",
        [snake.input, `${prefix}/scale`, `${prefix}/shift`],
        "normalised",
      ),
      attribute: [floatAttribute("epsilon", snake.epsilon)],
    },
  ];
}

/** A node named after what it gives. */
export function snakeNode(prefix: string, opType: string, input: string[], output: string): Node {
  const name = `${prefix}/${output}`;
  return { name, opType, input, output: [name], attribute: [] };
}

function isSine(value: string | undefined, editor: GraphEditor): boolean {
  return editor.nodes("Sin").some(({ output }) => output[0] === value);
}

/** @throws Error when the power of a sine is no snake behind an instance norm */
function match(power: Node, expectedConsumer: string, editor: GraphEditor): Snake {
  const { index } = editor;
  const sine = index.producer(power.input[0], "Sin");
  const scaled = index.producer(sine.input[0], "Mul");
  const { constant: alpha, value } = index.operands(scaled);
  const divided = index.onlyConsumer(power);
  const sum = index.onlyConsumer(divided);
  const consumer = index.onlyConsumer(sum);
  const found = [power, divided, sum, consumer].map(({ opType }) => opType).join();
  const alphas = editor.valuesOf(alpha);
  const inverses = editor.valuesOf(index.operands(divided).constant);
  const isSnake =
    found === `Pow,Mul,Add,${expectedConsumer}` &&
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
    consumer,
  };
}
