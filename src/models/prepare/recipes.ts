import * as fs from "node:fs/promises";
import { exposeDurations } from "./durations.ts";
import { toFloat32 } from "./float32.ts";
import type { Activations } from "./integer-convolution.ts";
import { decodeModel, keepTensor, type LazyTensor, type Model, writeModel } from "./onnx.ts";
import { optimise, optimiseQuantised } from "./optimise.ts";

/** What can be made of Kokoro's int8 file, each with the token durations as a second output and its vocoder rewritten to be faster. */
const RECIPES = {
  /** Its weights as they are, for any processor. */
  "kokoro-int8": (model: Model): LazyTensor[] => quantised(model, "uint8"),
  /** The same for processors that multiply uint8 by int8 exactly: x86 with VNNI, and ARM. */
  "kokoro-int8-vnni": (model: Model): LazyTensor[] => quantised(model, "int8"),
  /** Its weights turned back into float32. */
  "kokoro-float32": (model: Model): LazyTensor[] => {
    exposeDurations(model.graph);
    return optimise(model.graph, toFloat32(model.graph).tensors).tensors;
  },
} as const;

function quantised({ graph }: Model, activations: Activations): LazyTensor[] {
  exposeDurations(graph);
  return optimiseQuantised(graph, graph.initializer.map(keepTensor), activations).tensors;
}

export type Recipe = keyof typeof RECIPES;

/** Makes `target` of `source`. The outcome is the same bytes on every machine, so its digest can be known. */
export async function prepare(
  recipe: Recipe,
  source: string,
  target: string,
  onBytes: (written: number, total: number) => void,
): Promise<void> {
  const model = decodeModel(await fs.readFile(source));
  const tensors = RECIPES[recipe](model);
  const file = await fs.open(target, "w");
  try {
    await writeModel(model, tensors, file, onBytes);
  } finally {
    await file.close();
  }
}
