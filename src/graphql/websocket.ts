import type { Server } from "node:http";
import { type ExecutionResult, GraphQLError, type GraphQLFormattedError } from "graphql";
import { CloseCode, type ConnectionInitMessage, handleProtocols, makeServer } from "graphql-ws";
import { v7 } from "uuid";
import { WebSocketServer } from "ws";
import { credentialOfHeaders, credentialOfPayload } from "../auth/credential.ts";
import { RateLimitedError, UnauthenticatedError } from "../errors.ts";
import { requestFacts, standardHeaders } from "../http/request.ts";
import { closeWhenIdle } from "../limits/sockets.ts";
import type { Resources } from "../resources.ts";
import type { PersistedOperations } from "./plugins/persisted.ts";
import { presentError } from "./present.ts";
import { schema } from "./schema.ts";
import { type GraphQLServer, presentResult } from "./server.ts";
import { attachSocket, type SocketExtra } from "./socket.ts";
import { acceptUpgrades } from "./upgrade.ts";

/** A client that has not introduced itself by then is cut off with 4408. */
const CONNECTION_INIT_MS = 5_000;
const MAX_MESSAGE_BYTES = 1_000_000;
/** Close code "going away": clients reconnect, elsewhere or later. */
const GOING_AWAY = 1001;
/** One that does not answer the closing handshake is cut off after this. */
const CLOSING_MS = 1_000;
const TRY_AGAIN_LATER = 1013;
/** About how long an operation of a full connection takes to end. */
const BUSY_RETRY_SECONDS = 5;

/**
 * GraphQL over WebSockets (subprotocol graphql-transport-ws) on the HTTP server's own port and path, through
 * the same execution as over HTTP.
 *
 * @returns a function that ends every connection.
 */
export function serveWebSockets(
  server: Server,
  yoga: GraphQLServer,
  resources: Resources,
  operations: PersistedOperations | null,
): () => Promise<void> {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES, handleProtocols });
  sockets.on("headers", (headers, request) => {
    for (const [name, value] of Object.entries(standardHeaders(requestFacts(request, resources.config)))) {
      headers.push(`${name}: ${value}`);
    }
  });
  acceptUpgrades(server, sockets, resources);
  const { webSockets } = resources.observability.metrics;
  sockets.on("connection", (client) => {
    webSockets.inc();
    client.once("close", () => webSockets.dec());
  });

  const { log, config } = resources;
  const telling = { schema, suggest: config.graphql.introspection, log };
  // Each operation has a request id of its own: a connection may live for days.
  const requestIds = new WeakMap<object, string>();
  const service = makeServer<ConnectionInitMessage["payload"], SocketExtra & { credential?: string | null }>({
    connectionInitWaitTimeout: CONNECTION_INIT_MS,
    onConnect: async (context) => {
      const { request, socket } = context.extra;
      try {
        // A browser cannot send headers with a WebSocket, so the payload goes first.
        const credential =
          credentialOfPayload(context.connectionParams) ?? credentialOfHeaders(request.headers);
        const { scopes } = await resources.auth.authenticate(credential);
        context.extra.credential = credential;
        if (scopes.size > 0) {
          closeWhenIdle(socket, config.websockets.idleMs, () => operationsOf(context) > 0);
          return true;
        }
      } catch (error) {
        if (!(error instanceof UnauthenticatedError)) {
          log.error({ err: error }, "fault in a connection");
          socket.close(TRY_AGAIN_LATER, "Try again shortly");
          return false;
        }
      }
      socket.close(CloseCode.Unauthorized, "Send a valid API key in the payload of connection_init");
      return false;
    },
    onSubscribe: async (context, _operationId, params) => {
      const { request, credential = null } = context.extra;
      const facts = { ...requestFacts(request, config), requestId: v7() };
      const present = (errors: readonly unknown[]) =>
        errors.map((error) =>
          presentError(toGraphQLError(error), { ...telling, requestId: facts.requestId }),
        );
      try {
        if (operationsOf(context) > config.websockets.maxOperations) {
          throw new RateLimitedError(config.websockets.maxOperations, BUSY_RETRY_SECONDS);
        }
        const identity = await resources.auth.authenticate(credential);
        await resources.rateLimits.charge(resources.rateLimits.callerOf(identity, facts.ip));
        const query = operations === null ? params.query : operations.documentOf(params);
        const enveloped = yoga.getEnveloped({ req: request, facts, params, identity });
        const document = enveloped.parse(query ?? "");
        const errors = enveloped.validate(enveloped.schema, document);
        if (errors.length > 0) return present(errors);
        const args = {
          schema: enveloped.schema,
          document,
          operationName: params.operationName ?? null,
          variableValues: params.variables ?? null,
          contextValue: await enveloped.contextFactory(),
          rootValue: { execute: enveloped.execute, subscribe: enveloped.subscribe },
        };
        requestIds.set(args, facts.requestId);
        return args;
      } catch (error) {
        return present([error]);
      }
    },
    execute: (args) => settle(() => (args.rootValue as Executor).execute(args)),
    subscribe: (args) => settle(() => (args.rootValue as Executor).subscribe(args)),
    onNext: (_context, _id, _payload, args, result) => {
      const { errors, ...rest } = presentResult(
        result as ExecutionResult,
        resources,
        requestIds.get(args) ?? v7(),
      );
      return { ...rest, ...(errors !== undefined && { errors: errors.map(withoutStatus) }) };
    },
    // What comes here undressed was thrown while a stream was being read.
    onError: (_context, _id, _payload, errors) =>
      errors.map((error) => {
        const dressed = error.extensions.requestId !== undefined;
        return withoutStatus(dressed ? error : presentError(error, { ...telling, requestId: v7() }));
      }),
  });
  sockets.on("connection", (socket, request) => attachSocket(service, socket, request, log));
  return async () => {
    for (const client of sockets.clients) client.close(GOING_AWAY, "The service is going down");
    const cut = setTimeout(() => {
      for (const client of sockets.clients) client.terminate();
    }, CLOSING_MS);
    await new Promise((resolve) => sockets.close(resolve));
    clearTimeout(cut);
  };
}

/** What is refused on the threshold of the execution is a result too: thrown, it would end the connection. */
async function settle<Result>(execute: () => Result): Promise<Awaited<Result> | ExecutionResult> {
  try {
    return await execute();
  } catch (error) {
    return { errors: [toGraphQLError(error)] };
  }
}

/** Operations under way on a connection, the one that is just beginning included. */
function operationsOf(context: { readonly subscriptions: object }): number {
  return Object.keys(context.subscriptions).length;
}

type Executor = Pick<ReturnType<GraphQLServer["getEnveloped"]>, "execute" | "subscribe">;

function toGraphQLError(error: unknown): GraphQLError {
  if (error instanceof GraphQLError) return error;
  return new GraphQLError("fault", {
    originalError: error instanceof Error ? error : new Error(String(error)),
  });
}

/** An HTTP status means nothing on a WebSocket. */
function withoutStatus(error: GraphQLError): GraphQLFormattedError {
  const formatted = error.toJSON();
  const { http: _status, ...extensions } = formatted.extensions ?? {};
  return { ...formatted, extensions };
}
