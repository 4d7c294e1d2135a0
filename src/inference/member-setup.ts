import type { InferencePoolOptions, RefusedProvider } from "./contract.ts";
import type { MemberSetup } from "./protocol.ts";
import type { PrecisionChoice } from "./tune.ts";

/** What a member of a pool loads: what was refused meanwhile is not tried again. */
export function memberSetup(
  { engines, providers }: InferencePoolOptions,
  choice: PrecisionChoice | null,
  refused: readonly RefusedProvider[],
  threads: number,
): MemberSetup {
  const { kokoro } = engines;
  const int8 = kokoro && ({ path: kokoro.int8.path, precision: "int8" } as const);
  const float32 = kokoro?.float32 && ({ path: kokoro.float32.path, precision: "float32" } as const);
  const onCpu = choice?.precision === "float32" ? float32 : int8;
  return {
    // GPUs have no kernels for the dynamically quantised nodes: those would travel to the CPU and back.
    kokoro: int8 && onCpu ? { cpu: onCpu, gpu: float32 ?? int8 } : null,
    fake: engines.fake ?? null,
    providers: providers.filter((name) => !refused.some(({ provider }) => provider === name)),
    threads,
    gpuRealTimeFactorLimit: choice?.realTimeFactor ?? 1,
  };
}
