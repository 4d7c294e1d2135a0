/**
 * An engine's failure in words that an operator can act on, without paths of the machine (the message reaches
 * `health`). Unknown messages keep their last line, which is where ONNX Runtime says what went wrong.
 */
export function plainReason(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if (message.includes("_Cuda: Failed to load shared library")) {
    return "the CUDA provider of ONNX Runtime is not installed, or CUDA and cuDNN are missing";
  }
  if (message.includes("Failed to get a WebGPU adapter")) return "no GPU that WebGPU supports was found";
  const lastLine = message.trim().split("\n").at(-1) ?? "";
  return lastLine.replaceAll(/(?:[A-Za-z]:)?[\\/](?:[^\s:'"]+[\\/])+[^\s:'"]*/g, "(file)").slice(0, 300);
}
