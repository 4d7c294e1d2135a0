import { availableParallelism } from "node:os";
import { loadConfig } from "../config.ts";
import { SpeakerError } from "../errors.ts";
import { decisionKey, writeDecision } from "../inference/decision.ts";
import {
  type Layout,
  type LayoutFigures,
  measureLayout,
  type Tuning,
  tuneMachine,
} from "../inference/layouts.ts";
import { PROBE_UTTERANCE } from "../inference/probe.ts";
import { createLogger } from "../log.ts";
import { decisionFileOf, kokoroFiles, openModelStore } from "../speech-engine.ts";
import { modelProgress } from "./progress.ts";
import { table } from "./table.ts";

/**
 * `speaker tune`: measures weights and divisions of the machine, and keeps the best for later starts. It needs a
 * machine with nothing else to do.
 */
export async function tune({ rounds, json = false }: { rounds: number; json?: boolean }): Promise<void> {
  const config = loadConfig();
  if (config.inference.engine === "fake") {
    throw new SpeakerError("INVALID_INPUT", "The fake engine has nothing to tune: unset INFERENCE_ENGINE.");
  }
  const log = createLogger(config.log);
  const progress = modelProgress(log);
  const store = openModelStore(config.models, log, progress.show);
  const files = await kokoroFiles(store).finally(() => progress.done());
  const { float32 } = files;
  if (float32 === null) throw new SpeakerError("MODEL_UNAVAILABLE", "There is no float32 copy to compare.");

  const machine = { cores: availableParallelism(), availableBytes: process.availableMemory() };
  const measure = async (layout: Layout): Promise<LayoutFigures> => {
    const { precision, members, threads } = layout;
    process.stderr.write(`Measuring ${precision}, ${members} × ${threads} threads\n`);
    return await measureLayout(layout, { kokoro: files }, PROBE_UTTERANCE);
  };
  const tuning = await tuneMachine({ machine, rounds, measure });
  const { best, realTimeFactor } = tuning;
  const tuned = { precision: best.precision, members: best.members, threads: best.threads };
  const key = decisionKey({ files, float32, machine, threads: best.threads });
  const path = decisionFileOf(config.models);
  const kept = await writeDecision(path, {
    ...{ key, realTimeFactor: { ...realTimeFactor }, tuned, measuredAt: new Date().toISOString() },
  });
  process.stdout.write(
    json
      ? `${JSON.stringify({ chosen: tuned, kept, realTimeFactor, figures: tuning.figures }, null, 2)}\n`
      : report(tuning),
  );
  if (!kept) {
    process.stderr.write("The choice could not be kept: the folder of the models cannot be written.\n");
    process.exitCode = 1;
  }
}

const MEGABYTE = 1_000_000;

function report({ figures, best }: Tuning): string {
  const rows = figures.map((figure) => [
    figure === best ? "*" : "",
    figure.precision,
    `${figure.members} × ${figure.threads}`,
    figure.lone.toFixed(3),
    figure.batch.toFixed(3),
    `${(figure.residentBytes / MEGABYTE).toFixed(0)} MB`,
    `${(figure.loadedMs / 1000).toFixed(1)} s`,
  ]);
  return (
    table(["", "WEIGHTS", "MEMBERS × THREADS", "ALONE", "ALL BUSY", "MEMORY EACH", "LOADED IN"], rows) +
    "Seconds of work for each second of audio; the line with * is kept, and used from the next start on\n" +
    "where INFERENCE_PRECISION, INFERENCE_MEMBERS and INFERENCE_THREADS are not set.\n"
  );
}
