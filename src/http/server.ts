import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { identifyCaller } from "../auth/caller.ts";
import type { RequestFacts } from "../context.ts";
import { isDatabaseLost } from "../db/faults.ts";
import { NotFoundError, SpeakerError } from "../errors.ts";
import { readPersistedOperations } from "../graphql/plugins/persisted.ts";
import { createGraphQLServer, GRAPHQL_PATH } from "../graphql/server.ts";
import { serveWebSockets } from "../graphql/websocket.ts";
import { checkReadiness } from "../health/health.ts";
import { sendOpenAIError } from "../openai/errors.ts";
import { isOpenAIPath, serveOpenAI } from "../openai/serve.ts";
import type { Resources } from "../resources.ts";
import type { WorkerNode } from "../worker.ts";
import { chargeRequest } from "./caller.ts";
import { compressResponse } from "./compression.ts";
import { answerCors } from "./cors.ts";
import { serveFile } from "./files.ts";
import { guardRequest } from "./guard.ts";
import { hardenResponse } from "./headers.ts";
import { serveMetrics } from "./metrics.ts";
import { observeRequest } from "./observe.ts";
import { requestFacts, standardHeaders } from "./request.ts";
import { sendError, sendGraphQLError, sendJson } from "./respond.ts";

/** Slow clients are looked for this often at least. */
const TIMEOUT_CHECK_MS = 5_000;
/** A connection on which nothing moves in either direction is cut; streams of events say something every 12 s. */
const IDLE_TIMEOUT_MS = 120_000;
const MAX_HEADER_BYTES = 16_384;
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
  const operations = readPersistedOperations(config.graphql.persistedOperations);
  const yoga = config.role === "worker" ? null : createGraphQLServer(resources, operations);
  const server = createServer(
    {
      requestTimeout: config.timeouts.requestMs,
      headersTimeout: Math.min(config.timeouts.headersMs, config.timeouts.requestMs),
      connectionsCheckingInterval: Math.min(TIMEOUT_CHECK_MS, config.timeouts.headersMs / 4),
      maxHeaderSize: MAX_HEADER_BYTES,
    },
    (req, res) => answer(options, yoga, req, res),
  );
  server.setTimeout(IDLE_TIMEOUT_MS);
  await listen(server, config.http.port, config.http.host);
  const closeSockets = yoga === null ? null : serveWebSockets(server, yoga, resources, operations);
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : config.http.port,
    async close() {
      resources.streams.stop();
      const closed = new Promise((resolve) => server.close(resolve));
      await closeSockets?.();
      // Streams over HTTP end with the events that feed them.
      resources.bus.close();
      resources.observability.broadcast.close();
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
  const { config } = resources;
  const facts = requestFacts(req, config);
  const startedAt = performance.now();
  const url = targetOf(req);
  const graphql = url.pathname === GRAPHQL_PATH;
  const openai = isOpenAIPath(url.pathname);
  for (const [name, value] of Object.entries(standardHeaders(facts))) res.setHeader(name, value);
  hardenResponse(res, {
    tls: facts.baseUrl.startsWith("https:"),
    embeddable: /^\/audio\/|\/preview\//.test(url.pathname),
  });
  observeRequest(resources.observability, req, res, { pathname: url.pathname, requestId: facts.requestId });
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
    if (answerCors(req, res, config.corsOrigins)) return;
    compressResponse(req, res, url.pathname);
    guardRequest(req, resources, facts);
    if (yoga !== null && graphql) {
      // A key that does not hold GraphQL tells in its own way.
      const { identity } = await identifyCaller(resources.auth, req.headers);
      await chargeRequest(resources, res, facts, identity);
      await yoga(req, res, { req, res, facts, identity });
    } else if (yoga !== null && openai) await serveOpenAI(resources, req, res, url, facts);
    else await route(options, req, res, url, facts);
  } catch (error) {
    fault(resources, { req, res, graphql, openai }, error, facts.requestId);
  }
}

/** Where a request goes; what is no address at all goes where nothing is. */
function targetOf({ url = "/" }: IncomingMessage): URL {
  const base = "http://localhost";
  return URL.canParse(url, base) ? new URL(url, base) : new URL("/*", base);
}

async function route(
  options: HttpOptions,
  req: IncomingMessage,
  res: ServerResponse,
  url: URL,
  facts: RequestFacts,
): Promise<void> {
  const { resources } = options;
  const api = resources.config.role !== "worker";
  if (req.method !== "GET" && req.method !== "HEAD") {
    throw new NotFoundError(`Nothing here takes ${req.method}. GraphQL is at ${GRAPHQL_PATH}.`);
  }
  const attempt = { request: req, response: res, query: url.searchParams, facts };
  if (url.pathname === "/healthz") sendJson(res, 200, { status: "alive" });
  else if (url.pathname === "/readyz") {
    const readiness = await checkReadiness(resources, options.worker(), options.stopping());
    sendJson(res, readiness.ready ? 200 : 503, readiness);
  } else if (url.pathname === "/metrics") await serveMetrics(resources, req, res);
  else if (api && (await serveFile(resources, url.pathname, attempt))) return;
  else if (api && url.pathname === "/") res.writeHead(302, { Location: GRAPHQL_PATH }).end();
  else throw new NotFoundError(`Nothing is here. GraphQL is at ${GRAPHQL_PATH}.`);
}

interface Exchange {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  readonly graphql: boolean;
  readonly openai: boolean;
}

function fault({ log }: Resources, exchange: Exchange, error: unknown, requestId: string): void {
  const { req, res, graphql, openai } = exchange;
  const cut = (error as NodeJS.ErrnoException).code === "ERR_STREAM_PREMATURE_CLOSE";
  if (res.headersSent || res.destroyed) {
    // A listener that leaves in the middle is no fault of ours, nor a job that fails while it is heard.
    if (error instanceof SpeakerError) log.info({ code: error.code, requestId }, "an answer was cut off");
    else if (!cut) log.error({ err: error, requestId }, "fault in a response");
    res.destroy();
    return;
  }
  if (!(error instanceof SpeakerError)) log.error({ err: error, requestId }, "fault in a request");
  const known = told(error, requestId);
  if (graphql) sendGraphQLError(req, res, known, requestId);
  else if (openai) sendOpenAIError(res, known);
  else sendError(res, known, requestId);
}

function told(error: unknown, requestId: string): SpeakerError {
  if (error instanceof SpeakerError) return error;
  return isDatabaseLost(error)
    ? new SpeakerError("SERVICE_UNAVAILABLE", "The database does not answer. Try again shortly.")
    : new SpeakerError(
        "INTERNAL",
        `An unexpected fault. It is in the service's log under request id ${requestId}.`,
      );
}
