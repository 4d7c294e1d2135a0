import type { Logger } from "pino";
import { Registry } from "prom-client";
import { Refusals } from "../audit/refusals.ts";
import type { Config } from "../config.ts";
import type { Db } from "../db/client.ts";
import { EventLoopMonitor } from "../health/event-loop.ts";
import { GpuProbe } from "../health/gpu.ts";
import type { Lifecycle } from "../lifecycle.ts";
import type { Resources } from "../resources.ts";
import { openTracing, type Tracing } from "../telemetry/tracing.ts";
import { VERSION } from "../version.ts";
import { MetricsBroadcast } from "./broadcast.ts";
import { defineMetrics, type Metrics } from "./definitions.ts";
import { WorkObserver } from "./jobs.ts";
import { Sampler } from "./sampler.ts";

/** What a node's operator sees: metrics, traces, the refused part of the audit log. */
export interface Observability {
  readonly metrics: Metrics;
  readonly tracing: Tracing;
  readonly work: WorkObserver;
  readonly refusals: Refusals;
  readonly sampler: Sampler;
  readonly broadcast: MetricsBroadcast;
  readonly gpus: GpuProbe;
  readonly eventLoop: EventLoopMonitor;
}

/**
 * Opens it for one node. Stopped by `lifecycle`.
 *
 * @param resources asked when a sample is taken, once they are complete
 */
export async function openObservability(
  options: { readonly config: Config; readonly log: Logger; readonly db: Db; readonly nodeId: string },
  lifecycle: Lifecycle,
  resources: () => Resources,
): Promise<Observability> {
  const { config, log, db, nodeId } = options;
  const metrics = defineMetrics(new Registry());
  metrics.info.set({ version: VERSION, role: config.role, node: nodeId }, 1);
  const tracing = await openTracing({ ...config.telemetry, version: VERSION, nodeId });
  lifecycle.add("traces", () => tracing.close());
  const eventLoop = new EventLoopMonitor();
  lifecycle.add("event loop monitor", () => eventLoop.close());
  const gpus = new GpuProbe();
  const sampler = new Sampler(metrics, gpus, eventLoop);
  const broadcast = new MetricsBroadcast(
    () => sampler.sample(resources()),
    (error) => log.warn({ err: error }, "metrics could not be sampled"),
  );
  lifecycle.add("metrics", () => broadcast.close());
  return {
    metrics,
    tracing,
    work: new WorkObserver(metrics, tracing),
    refusals: new Refusals(db, log),
    sampler,
    broadcast,
    gpus,
    eventLoop,
  };
}
