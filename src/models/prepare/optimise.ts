import { fuseSnakes } from "./float-snake.ts";
import { GraphEditor } from "./graph-editor.ts";
import { type Activations, fastConvolutions } from "./integer-convolution.ts";
import { approximateSnakes } from "./integer-snake.ts";
import type { Graph, LazyTensor } from "./onnx.ts";
import { replaceTransform } from "./transform.ts";
import { convolveUpsampling } from "./upsampling.ts";

/** How many places were rewritten. */
export interface OptimiseReport {
  readonly transforms: number;
  readonly snakes: number;
  readonly upsamplings: number;
}

/**
 * Rewrites what ONNX Runtime computes slowly on CPUs into what it computes fast, in place, with the same outcome
 * but for rounding. Only the vocoder is touched: durations and pitch stay as they are, bit for bit. What each
 * rewriting gains, and what was tried in vain, is in docs/inference.md.
 *
 * @param tensors the initializers of `graph`
 * @returns those of the new graph
 * @throws Error where a pattern begins as expected and goes on otherwise
 */
export function optimise(
  graph: Graph,
  tensors: readonly LazyTensor[],
): { tensors: LazyTensor[]; report: OptimiseReport } {
  const editor = new GraphEditor(graph, tensors);
  const report = {
    transforms: replaceTransform(editor),
    snakes: fuseSnakes(editor),
    upsamplings: convolveUpsampling(editor),
  };
  return { tensors: editor.apply(), report };
}

/** The same for the graph with quantised weights. Before the vocoder every value stays as it is, bit for bit. */
export function optimiseQuantised(
  graph: Graph,
  tensors: readonly LazyTensor[],
  activations: Activations,
): { tensors: LazyTensor[]; report: OptimiseReport & { readonly convolutions: number } } {
  const editor = new GraphEditor(graph, tensors);
  const transforms = replaceTransform(editor);
  const upsamplings = convolveUpsampling(editor);
  const snakes = approximateSnakes(editor);
  const convolutions = fastConvolutions(editor, activations, snakes);
  return { tensors: editor.apply(), report: { transforms, upsamplings, snakes: snakes.size, convolutions } };
}
