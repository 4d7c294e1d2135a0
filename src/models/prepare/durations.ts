import { GraphIndex } from "./graph-index.ts";
import { FLOAT, type Graph } from "./onnx.ts";

/** Name of the added output: float32 [1, tokens], in frames of 600 samples (25 ms at 24 kHz). */
const OUTPUT = "durations";
const ROUNDED = "/encoder/Round_output_0";

/**
 * Adds the duration of each token to the outputs of Kokoro's graph. The predictor's rounded value goes through a
 * Clip to at least one frame before it is used, so it is the clipped one that adds up to the length of the audio.
 *
 * @throws Error when the graph is not Kokoro's
 */
export function exposeDurations(graph: Graph): void {
  const index = new GraphIndex(graph);
  const clip = index.onlyConsumer(index.producer(ROUNDED, "Round"));
  const [clipped] = clip.output;
  if (clip.opType !== "Clip" || clipped === undefined)
    throw new Error("The durations are not where they should be.");
  graph.node.push({
    name: `/${OUTPUT}`,
    opType: "Identity",
    input: [clipped],
    output: [OUTPUT],
    attribute: [],
  });
  const shape = { dim: [{ dimValue: 1 }, { dimParam: "tokens_length" }] };
  graph.output.push({ name: OUTPUT, type: { tensorType: { elemType: FLOAT, shape } } });
}
