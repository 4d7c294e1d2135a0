import type { GraphEditor } from "./graph-editor.ts";
import { adaptiveNorm, findSnakes, type Snake, snakeNode } from "./snake.ts";

/**
 * Shortens every snake in front of a float convolution: the norm gives z = αy at once, and the convolution's
 * weights are divided by α instead of its input: Conv/α (z + sin² z).
 *
 * @returns how many were shortened
 */
export function fuseSnakes(editor: GraphEditor): number {
  const snakes = findSnakes(editor, "Conv");
  for (const [count, snake] of snakes.entries()) rewrite(snake, `/snake/${count}`, editor);
  return snakes.length;
}

function rewrite(snake: Snake, prefix: string, editor: GraphEditor): void {
  const { alpha, consumer: convolution } = snake;
  editor.replace(snake.normalised, [
    ...adaptiveNorm(snake, alpha, prefix, editor),
    snakeNode(prefix, "Sin", [`${prefix}/normalised`], "sine"),
    snakeNode(prefix, "Mul", [`${prefix}/sine`, `${prefix}/sine`], "square"),
    snakeNode(prefix, "Add", [`${prefix}/normalised`, `${prefix}/square`], "snake"),
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
