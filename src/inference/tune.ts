import { readFile, rename, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { cpus } from "node:os";
import { z } from "zod";
import type { KokoroFiles, Precision } from "./contract.ts";
import { Member } from "./member.ts";
import { PROBE_UTTERANCE } from "./probe.ts";
import { type Machine, membersThatFit } from "./sizing.ts";
import { realTimeFactorOf } from "./statistics.ts";

/** Runs of the probe for each file; the best one counts, because other load only ever makes a run slower. */
const PROBE_RUNS = 2;

/** The float32 copy takes 200 MB more, so it has to be faster by more than the noise of measuring. */
const WORTHWHILE_GAIN = 0.9;

/** Precision for the CPU, and why. */
export interface PrecisionChoice {
  readonly precision: Precision;
  readonly reason: string;
  /** Compute seconds per second of audio of the chosen file, or null where nothing was measured. */
  readonly realTimeFactor: number | null;
}

const keptDecision = z.object({
  /** Whatever could change the answer; another key means: measure again. */
  key: z.record(z.string(), z.union([z.string(), z.number()])),
  realTimeFactor: z.object({ int8: z.number().positive(), float32: z.number().positive() }),
  measuredAt: z.string(),
});

type KeptDecision = z.infer<typeof keptDecision>;

export interface TuneOptions {
  readonly files: KokoroFiles;
  readonly asked: "auto" | Precision;
  readonly machine: Machine;
  readonly threads: number;
  readonly decisionFile: string | null;
  readonly memberDeadlineMs: number;
  readonly signal: AbortSignal;
}

/**
 * Chooses between the int8 file and its float32 copy for the CPU: as asked, as memory allows, as measured
 * before, or by measuring now. Which is faster depends on the runtime's release and on the processor:
 * onnxruntime-node 1.30 runs the int8 kernels at less than half the speed of the float32 ones.
 * @throws Error when neither file can be measured.
 */
export async function choosePrecision(options: TuneOptions): Promise<PrecisionChoice> {
  const { files, asked, machine } = options;
  if (files.float32 === null) return given("int8", "there is no float32 copy of the model");
  if (asked !== "auto") return given(asked, "asked for by the configuration");
  if (membersThatFit(machine, "float32") < 1) return given("int8", "memory is short");
  const key = decisionKey(options, files.float32.sha256);
  const kept = await readDecision(options.decisionFile);
  if (kept !== null && sameKey(kept.key, key)) return fromMeasurement(kept, "measured before");
  const int8 = await measure(options, files.int8.path, "int8");
  const float32 = await measure(options, files.float32.path, "float32");
  const decision = { key, realTimeFactor: { int8, float32 }, measuredAt: new Date().toISOString() };
  if (options.decisionFile !== null) await writeDecision(options.decisionFile, decision);
  return fromMeasurement(decision, "measured at this start");
}

function given(precision: Precision, reason: string): PrecisionChoice {
  return { precision, reason, realTimeFactor: null };
}

function fromMeasurement({ realTimeFactor }: KeptDecision, when: string): PrecisionChoice {
  const { int8, float32 } = realTimeFactor;
  const precision = float32 < int8 * WORTHWHILE_GAIN ? "float32" : "int8";
  const figures = `int8 ${int8.toFixed(2)}, float32 ${float32.toFixed(2)}`;
  return {
    precision,
    reason: `the better one, ${when} (real-time factor: ${figures})`,
    realTimeFactor: realTimeFactor[precision],
  };
}

function decisionKey(options: TuneOptions, float32Digest: string): KeptDecision["key"] {
  const { version } = createRequire(import.meta.url)("onnxruntime-node/package.json") as { version: string };
  return {
    runtime: version,
    cpu: cpus()[0]?.model ?? "unknown",
    cores: options.machine.cores,
    threads: options.threads,
    int8: options.files.int8.sha256,
    float32: float32Digest,
  };
}

function sameKey(a: KeptDecision["key"], b: KeptDecision["key"]): boolean {
  const names = Object.keys({ ...a, ...b });
  return names.every((name) => a[name] === b[name]);
}

/** A missing, damaged or foreign file is no decision: measuring again is always right. */
async function readDecision(path: string | null): Promise<KeptDecision | null> {
  if (path === null) return null;
  try {
    return keptDecision.parse(JSON.parse(await readFile(path, "utf8")));
  } catch {
    return null;
  }
}

/** A folder that cannot be written costs a measurement at the next start, nothing else. */
async function writeDecision(path: string, decision: KeptDecision): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    await writeFile(temporary, `${JSON.stringify(decision, null, 2)}\n`);
    await rename(temporary, path);
  } catch {
    return;
  }
}

/** Real-time factor of one file in a member of its own, which is gone afterwards. */
async function measure(options: TuneOptions, path: string, precision: Precision): Promise<number> {
  options.signal.throwIfAborted();
  const model = { path, precision };
  const setup = {
    kokoro: { cpu: model, gpu: model },
    fake: null,
    providers: ["cpu"],
    threads: options.threads,
    gpuRealTimeFactorLimit: 1,
  } as const;
  const probe = { type: "speak", request: PROBE_UTTERANCE } as const;
  const factors: number[] = [];
  let stop = (): void => undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      const fail = (reason: string): void =>
        reject(new Error(`measuring the ${precision} model failed: ${reason}`));
      const member = new Member(setup, {
        ready: () => member.run(probe),
        refused: () => undefined,
        result: (result) => {
          if (result.type === "speak") factors.push(realTimeFactorOf(result.audio));
          if (factors.length < PROBE_RUNS) member.run(probe);
          else resolve();
        },
        runFailed: fail,
        exit: ({ reason }) => fail(reason),
      });
      const timer = setTimeout(() => void member.kill(), options.memberDeadlineMs);
      const abort = (): void => void member.kill();
      options.signal.addEventListener("abort", abort, { once: true });
      stop = () => {
        clearTimeout(timer);
        options.signal.removeEventListener("abort", abort);
        void member.kill();
      };
    });
  } finally {
    stop();
  }
  return Math.min(...factors);
}
