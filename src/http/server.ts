import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { isDatabaseLost } from "../db/faults.ts";
import { NotFoundError, SpeakerError } from "../errors.ts";
import { createGraphQLServer, GRAPHQL_PATH } from "../graphql/server.ts";
import { serveWebSockets } from "../graphql/websocket.ts";
import { checkReadiness } from "../health/health.ts";
import type { Resources } from "../resources.ts";
import type { WorkerNode } from "../worker.ts";
import { serveAudio } from "./audio.ts";
import { requestFacts, standardHeaders } from "./request.ts";
import { sendError, sendJson } from "./respond.ts";

/** A client may take this long to send its request; slower ones are cut off. */
const REQUEST_TIMEOUT_MS = 60_000;
const HEADERS_TIMEOUT_MS = 15_000;
/** Requests still running this long after shutdown began are cut off. */
const DRAIN_MS = 2_000;

export interface HttpOptions {
  readonly resources: Resources;
  /** The worker of this node once it runs; null on a node of role `api`. */
  readonly worker: () => WorkerNode | null;
  readonly stopping: () => boolean;
}

export interface HttpService {
  readonly port: number;
  /** Takes no more requests, ends every stream and socket, lets running requests finish shortly. */
  close(): Promise<void>;
}

/**
 * Opens the port: GraphQL and audio where the role serves them, probes always.
 *
 * @throws the listen error (EADDRINUSE, EACCES) as it is.
 */
export async function serveHttp(options: HttpOptions): Promise<HttpService> {
  const { resources } = options;
  const { config } = resources;
  const yoga = config.role === "worker" ? null : createGraphQLServer(resources);
  const server = createServer(
    { requestTimeout: REQUEST_TIMEOUT_MS, headersTimeout: HEADERS_TIMEOUT_MS },
    (req, res) => answer(options, yoga, req, res),
  );
  await listen(server, config.http.port, config.http.host);
  const closeSockets = yoga === null ? null : serveWebSockets(server, yoga, resources);
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : config.http.port,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      await closeSockets?.();
      // Streams over HTTP end with the events that feed them.
      resources.bus.close();
      server.closeIdleConnections();
      const cut = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
      await closed;
      clearTimeout(cut);
      await yoga?.dispose();
    },
  };
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

async function answer(
  options: HttpOptions,
  yoga: ReturnType<typeof createGraphQLServer> | null,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  const { resources } = options;
  const facts = requestFacts(req, resources.config);
  const startedAt = performance.now();
  for (const [name, value] of Object.entries(standardHeaders(facts))) res.setHeader(name, value);
  res.setHeader("X-Content-Type-Options", "nosniff");
  const url = new URL(req.url ?? "/", "http://localhost");
  res.once("close", () =>
    resources.log.debug(
      {
        requestId: facts.requestId,
        method: req.method,
        path: url.pathname,
        status: res.statusCode,
        durationMs: Math.round(performance.now() - startedAt),
      },
      "request",
    ),
  );
  try {
    if (yoga !== null && url.pathname === GRAPHQL_PATH) await yoga(req, res, { req, res, facts });
    else await route(options, req, res, url);
  } catch (error) {
    fault(resources, res, error, facts.requestId);
  }
}

async function route(
  options: HttpOptions,
  req: IncomingMessage,
  res: ServerResponse,
  url: URL,
): Promise<void> {
  const { resources } = options;
  const api = resources.config.role !== "worker";
  if (req.method !== "GET" && req.method !== "HEAD") {
    throw new NotFoundError(`Nothing here takes ${req.method}. GraphQL is at ${GRAPHQL_PATH}.`);
  }
  const audio = /^\/audio\/([^/]{1,64})$/.exec(url.pathname);
  if (url.pathname === "/healthz") sendJson(res, 200, { status: "alive" });
  else if (url.pathname === "/readyz") {
    const readiness = await checkReadiness(resources, options.worker(), options.stopping());
    sendJson(res, readiness.ready ? 200 : 503, readiness);
  } else if (api && audio?.[1] !== undefined)
    await serveAudio(resources, req, res, audio[1], url.searchParams);
  else if (api && url.pathname === "/") res.writeHead(302, { Location: GRAPHQL_PATH }).end();
  else throw new NotFoundError(`Nothing is here. GraphQL is at ${GRAPHQL_PATH}.`);
}

function fault({ log }: Resources, res: ServerResponse, error: unknown, requestId: string): void {
  const cut = (error as NodeJS.ErrnoException).code === "ERR_STREAM_PREMATURE_CLOSE";
  if (res.headersSent || res.destroyed) {
    // A listener that leaves in the middle is no fault of ours.
    if (!cut) log.error({ err: error, requestId }, "fault in a response");
    res.destroy();
    return;
  }
  if (error instanceof SpeakerError) {
    sendError(res, error, requestId);
    return;
  }
  log.error({ err: error, requestId }, "fault in a request");
  const known = isDatabaseLost(error)
    ? new SpeakerError("SERVICE_UNAVAILABLE", "The database does not answer. Try again shortly.")
    : new SpeakerError(
        "INTERNAL",
        `An unexpected fault. It is in the service's log under request id ${requestId}.`,
      );
  sendError(res, known, requestId);
}
