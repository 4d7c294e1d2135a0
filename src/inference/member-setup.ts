import type { InferencePoolOptions, KokoroFiles, Precision, RefusedProvider } from "./contract.ts";
import type { MemberModel, MemberSetup } from "./protocol.ts";
import type { PrecisionChoice } from "./tune.ts";

/** What a member of a pool loads: what was refused meanwhile is not tried again. */
export function memberSetup(
  { engines, providers }: InferencePoolOptions,
  choice: PrecisionChoice | null,
  refused: readonly RefusedProvider[],
  threads: number,
): MemberSetup {
  const { kokoro } = engines;
  return {
    // GPUs have no kernels for the dynamically quantised nodes: those would travel to the CPU and back.
    kokoro: kokoro
      ? { cpu: memberModel(kokoro, choice?.precision ?? "int8"), gpu: memberModel(kokoro, "float32") }
      : null,
    fake: engines.fake ?? null,
    providers: providers.filter((name) => !refused.some(({ provider }) => provider === name)),
    threads,
    gpuRealTimeFactorLimit: choice?.realTimeFactor ?? 1,
  };
}

/** The file of a precision, or the int8 one where there is no copy in float32. */
export function memberModel(files: KokoroFiles, precision: Precision): MemberModel {
  if (precision === "float32" && files.float32 !== null)
    return { path: files.float32.path, vnniPath: null, precision };
  return { path: files.int8.path, vnniPath: files.int8Vnni?.path ?? null, precision: "int8" };
}
