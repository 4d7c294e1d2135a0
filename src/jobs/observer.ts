import type { JobRow } from "./table.ts";

/** How an attempt at a job ended on this node. `lost`: it was cancelled, or another node has it now. */
export type AttemptOutcome = "succeeded" | "failed" | "retrying" | "lost" | "handed_back";

/** Is told of every attempt at a job on this node, for metrics and traces. It must not throw. */
export interface JobObserver {
  started(job: JobRow): void;
  /** @param figures what the handler says of its work; empty unless it succeeded */
  ended(job: JobRow, outcome: AttemptOutcome, figures: Readonly<Record<string, number>>): void;
}
