import * as fs from "node:fs/promises";
import { exposeDurations } from "./durations.ts";
import { toFloat32 } from "./float32.ts";
import { decodeModel, keepTensor, type LazyTensor, type Model, writeModel } from "./onnx.ts";
import { optimise } from "./optimise.ts";

/** What can be made of Kokoro's int8 file. */
const RECIPES = {
  /** The same weights and the same audio, bit for bit, with the token durations as a second output. */
  "kokoro-durations": (model: Model): LazyTensor[] => {
    exposeDurations(model.graph);
    return model.graph.initializer.map(keepTensor);
  },
  /** Its weights turned back into float32 and the vocoder rewritten to be faster, with the token durations as a second output. */
  "kokoro-float32": (model: Model): LazyTensor[] => {
    exposeDurations(model.graph);
    return optimise(model.graph, toFloat32(model.graph).tensors).tensors;
  },
} as const;

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
