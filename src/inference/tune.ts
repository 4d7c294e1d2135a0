import type { KokoroFiles, Precision } from "./contract.ts";
import { type Decision, decisionKey, readDecision, writeDecision } from "./decision.ts";
import { Member } from "./member.ts";
import { memberModel } from "./member-setup.ts";
import { PROBE_UTTERANCE } from "./probe.ts";
import { type Machine, membersThatFit, type PoolSize } from "./sizing.ts";
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
  /** Members and threads that `speaker tune` found best for it on this machine, or null. */
  readonly layout: PoolSize | null;
}

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
 * before, or by measuring now. Which is faster depends on the processor: with VNNI int8 takes half the time, without
 * it twice the time.
 * @throws Error when neither file can be measured.
 */
export async function choosePrecision(options: TuneOptions): Promise<PrecisionChoice> {
  const { files, asked, machine } = options;
  if (files.float32 === null) return given("int8", "there is no float32 copy of the model");
  const key = decisionKey({ ...options, float32: files.float32 });
  const kept = await readDecision(options.decisionFile, key);
  if (asked !== "auto") return given(asked, "asked for by the configuration", kept);
  if (membersThatFit(machine, "float32") < 1) return given("int8", "memory is short", kept);
  if (kept !== null) return fromMeasurement(kept, kept.tuned ? "tuned before" : "measured before");
  const int8 = await measure(options, "int8");
  const float32 = await measure(options, "float32");
  const decision = { key, realTimeFactor: { int8, float32 }, measuredAt: new Date().toISOString() };
  if (options.decisionFile !== null) await writeDecision(options.decisionFile, decision);
  return fromMeasurement(decision, "measured at this start");
}

function given(precision: Precision, reason: string, kept: Decision | null = null): PrecisionChoice {
  return { precision, reason, realTimeFactor: null, layout: layoutFor(precision, kept) };
}

/** The faster of the two, where it is worth its memory. */
export function betterPrecision({ int8, float32 }: Decision["realTimeFactor"]): Precision {
  return float32 < int8 * WORTHWHILE_GAIN ? "float32" : "int8";
}

/** What was tuned with the other precision says nothing about this one. */
function layoutFor(precision: Precision, kept: Decision | null): PoolSize | null {
  return kept?.tuned?.precision === precision ? kept.tuned : null;
}

function fromMeasurement(kept: Decision, when: string): PrecisionChoice {
  const { realTimeFactor } = kept;
  const { int8, float32 } = realTimeFactor;
  const precision = betterPrecision(realTimeFactor);
  const figures = `int8 ${int8.toFixed(2)}, float32 ${float32.toFixed(2)}`;
  return {
    precision,
    reason: `the better one, ${when} (real-time factor: ${figures})`,
    realTimeFactor: realTimeFactor[precision],
    layout: layoutFor(precision, kept),
  };
}

/** Real-time factor of one file in a member of its own, which is gone afterwards. */
async function measure(options: TuneOptions, precision: Precision): Promise<number> {
  options.signal.throwIfAborted();
  const model = memberModel(options.files, precision);
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
