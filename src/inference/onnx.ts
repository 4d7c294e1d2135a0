import { env } from "node:process";
import { InferenceSession, listSupportedBackends, Tensor } from "onnxruntime-node";
import type { ExecutionProvider } from "./contract.ts";

// From 1.29 on the official builds report model names, hashes and performance to Microsoft unless this is set
// before the first session (microsoft/onnxruntime pull request 27379). A self-hosted service reports to nobody:
// no upload, no device id, no cache in the user's home. In a worker thread `env` is a copy, so this would not
// reach the native library there; members are processes.
env.ORT_DISABLE_TELEMETRY = "1";

export { type InferenceSession, Tensor };

export interface OnnxSessionOptions {
  readonly provider: ExecutionProvider;
  readonly threads: number;
}

/**
 * Threads take work in blocks that become smaller towards the end, instead of one equal part each: where members
 * share the cores, none waits for the part of a thread that has lost its core. Two busy members of two threads then
 * lose 4 % against two of one thread on two cores, instead of 16 %, and a lone utterance is 4 % faster.
 */
const DYNAMIC_BLOCK_BASE = "4";

/**
 * Loads a model, by its path or from memory, for one execution provider. Kernels that the provider lacks run on the CPU.
 *
 * The memory arena stays on: without it the peak of a Kokoro run is four times as high (every node's buffer
 * comes from malloc). The memory pattern is off: it plans buffers for one input length, and every utterance
 * has another, which costs a third more memory and some speed. Spinning is off, because members share the
 * cores with each other and with the service.
 * @throws Error of the runtime: a damaged file, a missing provider.
 */
export async function createSession(
  model: string | Uint8Array,
  options: OnnxSessionOptions,
): Promise<InferenceSession> {
  if (!listSupportedBackends().some(({ name }) => name === options.provider)) {
    throw new Error(`this build of ONNX Runtime does not include ${options.provider}`);
  }
  const settings: InferenceSession.SessionOptions = {
    executionProviders: [options.provider],
    intraOpNumThreads: options.threads,
    interOpNumThreads: 1,
    executionMode: "sequential",
    graphOptimizationLevel: "all",
    enableCpuMemArena: true,
    enableMemPattern: false,
    logSeverityLevel: 3,
    extra: { session: { intra_op: { allow_spinning: "0" }, dynamic_block_base: DYNAMIC_BLOCK_BASE } },
  };
  return typeof model === "string"
    ? await InferenceSession.create(model, settings)
    : await InferenceSession.create(model, settings);
}

/** A float32 input of the given shape. */
export function floatTensor(data: Float32Array, shape: readonly number[]): Tensor {
  return new Tensor("float32", data, shape);
}

/** An int8 input of the given shape. */
export function signedTensor(data: Int8Array, shape: readonly number[]): Tensor {
  return new Tensor("int8", data, shape);
}

/** An int64 input of the given shape. */
export function integerTensor(values: readonly number[], shape: readonly number[]): Tensor {
  return new Tensor("int64", BigInt64Array.from(values, BigInt), shape);
}

/** The numbers of a floating-point or integer output. @throws Error when the output is missing or text. */
export function numbersOf(tensor: Tensor | undefined): Float32Array {
  if (tensor?.data instanceof Float32Array) return tensor.data;
  if (tensor?.data instanceof BigInt64Array || tensor?.data instanceof Int32Array) {
    return Float32Array.from(tensor.data as ArrayLike<number | bigint>, Number);
  }
  throw new Error(`the model gives no numeric output here (${tensor?.type ?? "none"})`);
}
