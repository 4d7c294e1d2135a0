import { integer, jsonb, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { instant } from "../db/columns.ts";
import type { PoolStatus } from "../inference/contract.ts";
import type { GpuStatus } from "./gpu.ts";

/** One row a worker node that is alive: how any API node knows who consumes the queue, and on what. */
export const workerNodes = pgTable("worker_nodes", {
  id: uuid().primaryKey(),
  hostname: text().notNull(),
  pid: integer().notNull(),
  version: text().notNull(),
  /** When it last looked for jobs: alive and consuming are different questions. */
  lastLookAt: instant(),
  runningJobs: integer().notNull().default(0),
  concurrency: integer().notNull(),
  pool: jsonb().$type<PoolStatus>().notNull(),
  /** The graphics processors of its machine. */
  gpus: jsonb().$type<readonly GpuStatus[]>().notNull().default([]),
  startedAt: instant().notNull().defaultNow(),
  heartbeatAt: instant().notNull().defaultNow(),
});
