import type { GraphEditor } from "./graph-editor.ts";
import { attributeOf, integersAttribute, type Node } from "./onnx.ts";

/** Each output hangs on this many inputs, as a kernel of twice the stride gives it. */
const TAPS = 2;

/**
 * Writes transposed convolutions that lengthen the signal by their stride, with kernels of twice the stride, as
 * convolutions: each phase of the output is a channel of its own, and the phases are interleaved afterwards. The
 * operator adds its products up on one core.
 *
 * @returns how many were rewritten
 */
export function convolveUpsampling(editor: GraphEditor): number {
  const found = editor.nodes("ConvTranspose").filter(isUpsampling);
  for (const [count, node] of found.entries()) rewrite(node, `/upsampling/${count}`, editor);
  return found.length;
}

function isUpsampling(node: Node): boolean {
  const [stride = 0] = attributeOf(node, "strides");
  const [kernel] = attributeOf(node, "kernel_shape");
  const [before, after] = attributeOf(node, "pads");
  const plain =
    attributeOf(node, "group").join() === "1" &&
    attributeOf(node, "output_padding").length === 0 &&
    attributeOf(node, "dilations").join() === "1";
  // What is cut off is cut off both sides alike, so that the length is that of the input times the stride.
  return (
    plain && node.input.length === 3 && kernel === TAPS * stride && before === after && before === stride / 2
  );
}

function rewrite(node: Node, prefix: string, editor: GraphEditor): void {
  const [input = "", weight = "", bias = ""] = node.input;
  const [stride = 0] = attributeOf(node, "strides");
  const [channelsIn = 0, channels = 0] = editor.dimsOf(weight);
  const cut = stride / 2;
  const part = (
    opType: string,
    inputs: string[],
    output: string,
    attribute: Node["attribute"] = [],
  ): Node => ({
    name: `${prefix}/${opType}/${output}`,
    opType,
    input: inputs,
    output: [`${prefix}/${output}`],
    attribute,
  });
  const weights = editor.floats(`${prefix}/weight`, [channels * stride, channelsIn, TAPS], () =>
    phases(editor.valuesOf(weight), { channelsIn, channels, stride }),
  );
  const biases = editor.floats(`${prefix}/bias`, [channels * stride], () => {
    const values = editor.valuesOf(bias);
    return Float32Array.from({ length: channels * stride }, (_, at) => values[Math.floor(at / stride)] ?? 0);
  });
  const convolution = [integersAttribute("kernel_shape", TAPS), integersAttribute("pads", 1, 1)];
  editor.replace(node, [
    part("Conv", [input, weights, biases], "phases", convolution),
    part("Reshape", [`${prefix}/phases`, editor.integers(1, channels, stride, -1)], "apart"),
    part("Transpose", [`${prefix}/apart`], "together", [integersAttribute("perm", 0, 1, 3, 2)]),
    part("Reshape", [`${prefix}/together`, editor.integers(1, channels, -1)], "whole"),
    {
      ...part("Slice", [], "cut"),
      input: [`${prefix}/whole`, editor.integers(cut), editor.integers(-cut), editor.integers(2)],
      output: node.output,
    },
  ]);
}

/**
 * Output q · stride + r is x[q] · w[r] + x[q − 1] · w[stride + r]: weights [in, out, 2 × stride] become
 * [out × stride, in, 2], the earlier input first.
 */
function phases(
  weights: Float32Array,
  { channelsIn, channels, stride }: { channelsIn: number; channels: number; stride: number },
): Float32Array {
  const result = new Float32Array(weights.length);
  let at = 0;
  for (let channel = 0; channel < channels; channel++) {
    for (let phase = 0; phase < stride; phase++) {
      for (let channelIn = 0; channelIn < channelsIn; channelIn++) {
        const from = (channelIn * channels + channel) * TAPS * stride + phase;
        result[at++] = weights[from + stride] ?? 0;
        result[at++] = weights[from] ?? 0;
      }
    }
  }
  return result;
}
