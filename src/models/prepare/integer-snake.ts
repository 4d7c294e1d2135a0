import type { GraphEditor } from "./graph-editor.ts";
import type { Node } from "./onnx.ts";
import { adaptiveNorm, findSnakes, type Snake, snakeNode } from "./snake.ts";

/**
 * sin²(πr) for −½ ≤ r ≤ ½ as c₁r² + c₂r⁴ + c₃r⁶: the even polynomial of this degree with the least greatest error,
 * 0.0008 (by Lawson's iteration over 4,001 points). The signal is rounded to a step of some hundredths behind it.
 */
const SQUARED_SINE = [9.80176285, -30.76681005, 30.29139625] as const;

/** (c₃/π)^⅕, with as many digits as every platform agrees on: the file has to be the same everywhere. */
const PERIOD = Math.round((SQUARED_SINE[2] / Math.PI) ** 0.2 * 1e12) / 1e12;

/** With these, κ/π · sin²(πr) = z((z + HALF)² + REST), where κ is PERIOD and z = (κr)². */
const HALF = SQUARED_SINE[1] / (Math.PI * PERIOD * PERIOD * PERIOD) / 2;
const REST = SQUARED_SINE[0] / (Math.PI * PERIOD) - HALF * HALF;

/** A snake times a factor for each channel, as the quantiser behind it takes it. */
export interface ScaledSnake {
  /** Dynamic [1, channels, time]. */
  readonly value: string;
  /** Factors by which it is too large, one for each channel. */
  readonly factors: () => Float32Array;
  readonly channels: number;
}

/**
 * Shortens every snake in front of a quantised convolution. The norm gives its signal in units in which the
 * polynomial for sin² has the leading coefficient 1; the sine itself is a fifth of a run, on one core, and the nine
 * passes that replace it use all of them. The quantiser behind divides by the factor that is left.
 *
 * @returns the snakes by their quantisers
 */
export function approximateSnakes(editor: GraphEditor): Map<Node, ScaledSnake> {
  return new Map(
    findSnakes(editor, "DynamicQuantizeLinear").map((snake, count) => [
      snake.consumer,
      rewrite(snake, `/snake/${count}`, editor),
    ]),
  );
}

function rewrite(snake: Snake, prefix: string, editor: GraphEditor): ScaledSnake {
  const factors = () => editor.valuesOf(snake.alpha).map((alpha) => (alpha * PERIOD) / Math.PI);
  const channels = editor.dimsOf(snake.alpha)[1] ?? 0;
  const factor = editor.floats(`${prefix}/factor`, [1, channels, 1], factors);
  const scalar = (name: string, value: number) =>
    editor.floats(`/snake/${name}`, [], () => Float32Array.of(value));
  const node = (opType: string, input: string[], output: string) =>
    snakeNode(
      prefix,
      opType,
      input.map((name) => (name.startsWith("/") ? name : `${prefix}/${name}`)),
      output,
    );
  const size = scalar("period", PERIOD);
  const noOffset = editor.number("/snake/no_offset", "int8", 0);
  editor.replace(snake.normalised, [
    ...adaptiveNorm(snake, factor, prefix, editor),
    node("QuantizeLinear", ["normalised", size, noOffset], "periods"),
    node("DequantizeLinear", ["periods", size, noOffset], "whole"),
    node("Sub", ["normalised", "whole"], "phase"),
    node("Mul", ["phase", "phase"], "square"),
    node("Add", ["square", scalar("half", HALF)], "moved"),
    node("Mul", ["moved", "moved"], "fourth"),
    node("Add", ["fourth", scalar("rest", REST)], "inner"),
    node("Mul", ["square", "inner"], "sine"),
    node("Add", ["normalised", "sine"], "snake"),
  ]);
  for (const gone of snake.nodes) editor.replace(gone, []);
  return { value: `${prefix}/snake`, factors, channels };
}
