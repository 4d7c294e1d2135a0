import { Presets, SingleBar } from "cli-progress";
import type { Logger } from "pino";
import type { ModelProgress } from "../models/store.ts";

const PHASES: Record<ModelProgress["phase"], string> = {
  download: "downloading",
  verify: "verifying",
  prepare: "preparing",
};
const MEGABYTE = 1_000_000;

/** Shows the progress of models: a bar on a terminal, a log line per model and phase elsewhere. */
export function modelProgress(log: Logger): { show: (progress: ModelProgress) => void; done: () => void } {
  const bar = process.stderr.isTTY
    ? newBar("{phase} {model} {bar} {percentage}% {done}/{size} MB {source}")
    : null;
  let current = "";
  const done = () => {
    if (current !== "") bar?.stop();
    current = "";
  };
  const show = (progress: ModelProgress) => {
    const { model, phase, source, receivedBytes, totalBytes } = progress;
    const step = `${model} ${phase}`;
    const payload = {
      model,
      phase: PHASES[phase].padEnd(11),
      done: (receivedBytes / MEGABYTE).toFixed(0),
      size: (totalBytes / MEGABYTE).toFixed(0),
      source: source === null ? "" : `from ${source}`,
    };
    if (step !== current) {
      done();
      current = step;
      if (bar === null) log.info({ model, source }, `${PHASES[phase]} ${model}`);
      else bar.start(totalBytes, receivedBytes, payload);
    }
    bar?.update(receivedBytes, payload);
    if (receivedBytes >= totalBytes) done();
  };
  return { show, done };
}

/** A progress bar on standard error, so that output can be piped. */
export function newBar(format: string): SingleBar {
  return new SingleBar(
    { format, stream: process.stderr, hideCursor: true, clearOnComplete: true, barsize: 24, etaBuffer: 50 },
    Presets.shades_classic,
  );
}
