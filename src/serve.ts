import type { Logger } from "pino";
import { refuseOpenExposure } from "./auth/exposure.ts";
import type { Config } from "./config.ts";
import { serveHttp } from "./http/server.ts";
import { Lifecycle } from "./lifecycle.ts";
import type { ModelProgress } from "./models/store.ts";
import { openResources } from "./resources.ts";
import { prepareVoiceChoice } from "./synthesis/default-voice.ts";
import { startWorker, type WorkerNode } from "./worker.ts";

/** A running node. */
export interface Node {
  readonly port: number;
  /** Stops in the order that loses nothing: no new requests, jobs finished or handed back, database last. */
  stop(): Promise<void>;
}

/**
 * Starts a node of the configured role.
 *
 * @throws whatever keeps it from starting; what was opened by then is closed again.
 */
export async function startNode(
  config: Config,
  log: Logger,
  onProgress: (progress: ModelProgress) => void,
): Promise<Node> {
  const lifecycle = new Lifecycle(log);
  let worker: WorkerNode | null = null;
  let closeHttp: (() => Promise<void>) | null = null;
  try {
    const resources = await openResources(config, log, lifecycle);
    if (config.role !== "worker") {
      refuseOpenExposure(config.http.host, resources.auth.isOpen, config.auth.mode === "open");
      log.info(
        { open: resources.auth.isOpen },
        resources.auth.isOpen ? "no key is needed" : "keys are needed",
      );
      await prepareVoiceChoice();
    }
    // The port opens before the models are loaded: a busy port is known at once, and jobs are accepted already.
    const http = await serveHttp({ resources, worker: () => worker, stopping: () => lifecycle.stopping });
    closeHttp = http.close;
    if (config.role !== "api") worker = await startWorker(resources, lifecycle, onProgress);
    lifecycle.add("http", http.close);
    return { port: http.port, stop: () => lifecycle.stop() };
  } catch (error) {
    await closeHttp?.();
    await lifecycle.stop();
    throw error;
  }
}
