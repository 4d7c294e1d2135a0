import type { GraphEditor } from "./graph-editor.ts";
import { attributeOf, integerAttribute, integersAttribute, integersOf, type Node } from "./onnx.ts";

/**
 * What the runtime's STFT makes of a constant signal beside the two bins in which it lies, in 1e-9 of its sum
 * under the window: real and imaginary parts for each bin, rounding errors four times as large as measured.
 *
 * Kokoro hears the phase of every bin, and between voiced sounds its signal is a constant. There most bins hold
 * nothing but rounding errors, whose phases the vocoder turns into breath. An exact transform has others: the
 * audio would differ by 9 dB SNR. Added here, the phases are those of the runtime, and so is the audio (32 dB);
 * four times larger, they stand above the rounding errors of the convolution, which differ between processors.
 * The sign of the last bin's and the first bin's imaginary part decides between +π and −π.
 */
const CONSTANT_LEAK = {
  real: [0, 0, 302, 296, -621, 532, -1133, 1009, -37, 1069, -43],
  imaginary: [-1816, 2126, -230, 478, -631, 852, -198, -220, 160, -459, 1777],
} as const;

/**
 * Replaces a short-time Fourier transform by a convolution with its windowed basis: the operator runs on one core,
 * by a detour over powers of two.
 *
 * @returns how many were replaced
 */
export function replaceTransform(editor: GraphEditor): number {
  const transforms = editor.nodes("STFT");
  for (const node of transforms) replace(node, editor);
  return transforms.length;
}

function replace(node: Node, editor: GraphEditor): void {
  const { index } = editor;
  const [signal = "", step, windowName, length] = node.input;
  const window = editor.valuesOf(windowName);
  const [stride = 0] = integersOf(index.constant(step));
  const size = window.length;
  const bins = size / 2 + 1;
  const sizeGiven = length === undefined || integersOf(index.constant(length))[0] === size;
  if (!sizeGiven || attributeOf(node, "onesided")[0] === 0 || bins !== CONSTANT_LEAK.real.length)
    throw new Error(`${node.name} is not the transform that was expected.`);

  // [1, frames, bins, 2] → [1, bins, frames, 2] → the two parts, each [1, bins, frames].
  const turned = index.onlyConsumer(node);
  if (turned.opType !== "Transpose" || attributeOf(turned, "perm").join() !== "0,2,1,3")
    throw new Error(`${node.name} is not followed by its transposition.`);
  const parts = ["", ""];
  for (const part of index.consumers(turned.output[0])) {
    const [which = -1] = integersOf(index.constant(part.input[1]));
    if (part.opType !== "Gather" || attributeOf(part, "axis")[0] !== 3 || parts[which] !== "")
      throw new Error(`${node.name} is not taken apart as expected.`);
    parts[which] = part.output[0] ?? "";
    editor.replace(part, []);
  }
  editor.replace(turned, []);
  const [channel, both] = ["/transform/signal", "/transform/parts"];
  const basis = editor.floats("/transform/basis", [2 * bins, 1, size], () => basisOf(window));
  editor.replace(node, [
    { ...unit("Unsqueeze"), input: [signal, editor.integers(1)], output: [channel], attribute: [] },
    {
      ...unit("Conv"),
      input: [channel, basis],
      output: [both],
      attribute: [integersAttribute("kernel_shape", size), integersAttribute("strides", stride)],
    },
    {
      ...unit("Split"),
      input: [both],
      output: parts,
      attribute: [integerAttribute("axis", 1), integerAttribute("num_outputs", 2)],
    },
  ]);
}

function unit(opType: string): Pick<Node, "name" | "opType"> {
  return { name: `/transform/${opType}`, opType };
}

/** [2 × bins, size]: the real parts of all bins, then the imaginary ones. */
function basisOf(window: Float32Array): Float32Array {
  const size = window.length;
  const bins = size / 2 + 1;
  const basis = new Float32Array(2 * bins * size);
  for (let bin = 0; bin < bins; bin++) {
    const leak = { real: CONSTANT_LEAK.real[bin] ?? 0, imaginary: CONSTANT_LEAK.imaginary[bin] ?? 0 };
    for (let at = 0; at < size; at++) {
      const angle = (2 * Math.PI * ((bin * at) % size)) / size;
      const weight = window[at] ?? 0;
      basis[bin * size + at] = (settled(Math.cos(angle)) + leak.real * 1e-9) * weight;
      basis[(bins + bin) * size + at] = (leak.imaginary * 1e-9 - settled(Math.sin(angle))) * weight;
    }
  }
  return basis;
}

/** Libraries differ in the last digit of sine and cosine, and the file has to be the same everywhere. */
function settled(value: number): number {
  return Math.round(value * 1e12) / 1e12;
}
