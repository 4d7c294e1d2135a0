import type { Logger } from "pino";
import type { z } from "zod";
import type { Tx } from "../db/client.ts";
import type { JobRow, JobStage } from "./table.ts";

/** A kind of job: its name and the shape of its input, parsed when it is scheduled and again when it runs. */
export interface TaskDefinition<Input> {
  readonly kind: string;
  readonly input: z.ZodType<Input>;
}

export interface JobProgress {
  readonly stage: JobStage;
  /** 0 to 1. */
  readonly progress: number;
  readonly unitsDone?: number;
  readonly unitsTotal?: number;
}

export interface TaskContext {
  readonly job: JobRow;
  readonly log: Logger;
  /** Aborts when the job is cancelled, when its lease is lost and when the node stops. */
  readonly signal: AbortSignal;
  /**
   * Says that nobody waits for the rest of the job: it no longer counts among those that a node has under way at once,
   * and a node that stops hands it back without waiting.
   */
  inBackground(): void;
  /** Writes the row, and in the same transaction what `also` writes, then tells every node. */
  report(progress: JobProgress, also?: (tx: Tx) => Promise<void>): Promise<void>;
}

/** What a handler leaves to be published: `commit` runs in the transaction that ends the job. */
export interface TaskResult {
  commit(tx: Tx): Promise<void>;
  /** What is worth a line in the log: numbers, never text. */
  readonly summary: Readonly<Record<string, number>>;
  /** Undoes what was stored outside the database when the job turned out to be no longer ours. */
  discard(): Promise<void>;
  /** Tidies up once the job has ended well; a failure here is only logged. */
  settled(): Promise<void>;
}

export type TaskHandler<Input> = (input: Input, context: TaskContext) => Promise<TaskResult>;

/** A definition with the function that carries it out. */
export interface TaskImplementation {
  readonly kind: string;
  run(rawInput: unknown, context: TaskContext): Promise<TaskResult>;
}

/** Binds a handler to its definition; the input is parsed again when the job runs. */
export function implementTask<Input>(
  definition: TaskDefinition<Input>,
  handler: TaskHandler<Input>,
): TaskImplementation {
  return { kind: definition.kind, run: (raw, context) => handler(definition.input.parse(raw), context) };
}

/**
 * Looks handlers up by the kind of job.
 *
 * @throws Error at start-up when a defined task has no handler, or a handler is doubled or unknown.
 */
export function createRegistry(
  definitions: readonly TaskDefinition<never>[],
  implementations: readonly TaskImplementation[],
): ReadonlyMap<string, TaskImplementation> {
  const registry = new Map<string, TaskImplementation>();
  for (const implementation of implementations) {
    if (registry.has(implementation.kind))
      throw new Error(`Two handlers for jobs of kind ${implementation.kind}.`);
    registry.set(implementation.kind, implementation);
  }
  const kinds = new Set(definitions.map((definition) => definition.kind));
  const missing = [...kinds].filter((kind) => !registry.has(kind));
  const unknown = [...registry.keys()].filter((kind) => !kinds.has(kind));
  if (missing.length > 0) throw new Error(`No handler for jobs of kind ${missing.join(", ")}.`);
  if (unknown.length > 0) throw new Error(`A handler for the undefined kind ${unknown.join(", ")}.`);
  return registry;
}
