import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { type ExecutionResult, GraphQLError, type GraphQLFormattedError } from "graphql";
import { CloseCode, type ConnectionInitMessage } from "graphql-ws";
import { useServer } from "graphql-ws/use/ws";
import { v7 } from "uuid";
import { WebSocketServer } from "ws";
import { credentialOfHeaders, credentialOfPayload } from "../auth/credential.ts";
import { UnauthenticatedError } from "../errors.ts";
import { requestFacts, standardHeaders } from "../http/request.ts";
import type { Resources } from "../resources.ts";
import { presentError } from "./present.ts";
import { schema } from "./schema.ts";
import { GRAPHQL_PATH, type GraphQLServer, presentResult } from "./server.ts";

/** A client that has not introduced itself by then is cut off with 4408. */
const CONNECTION_INIT_MS = 5_000;
const MAX_MESSAGE_BYTES = 1_000_000;
/** Close code "going away": clients reconnect, elsewhere or later. */
const GOING_AWAY = 1001;

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
): () => Promise<void> {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES });
  sockets.on("headers", (headers, request) => {
    for (const [name, value] of Object.entries(standardHeaders(requestFacts(request, resources.config)))) {
      headers.push(`${name}: ${value}`);
    }
  });
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (new URL(request.url ?? "/", "http://localhost").pathname !== GRAPHQL_PATH) {
      socket.on("error", () => socket.destroy());
      socket.end("HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
      return;
    }
    sockets.handleUpgrade(request, socket, head, (client) => sockets.emit("connection", client, request));
  });

  const { log, config } = resources;
  // Each operation has a request id of its own: a connection may live for days.
  const requestIds = new WeakMap<object, string>();
  const service = useServer<ConnectionInitMessage["payload"], { credential?: string | null }>(
    {
      connectionInitWaitTimeout: CONNECTION_INIT_MS,
      onConnect: async (context) => {
        const { request, socket } = context.extra;
        try {
          // A browser cannot send headers with a WebSocket, so the payload goes first.
          const credential =
            credentialOfPayload(context.connectionParams) ?? credentialOfHeaders(request.headers);
          const { scopes } = await resources.auth.authenticate(credential);
          context.extra.credential = credential;
          if (scopes.size > 0) return true;
        } catch (error) {
          if (!(error instanceof UnauthenticatedError)) throw error;
        }
        socket.close(CloseCode.Unauthorized, "Send a valid API key in the payload of connection_init");
        return false;
      },
      onSubscribe: async (context, _operationId, params) => {
        const { request, credential = null } = context.extra;
        const facts = { ...requestFacts(request, config), requestId: v7() };
        const enveloped = yoga.getEnveloped({ req: request, facts, params, credential });
        const present = (errors: readonly unknown[]) =>
          errors.map((error) =>
            presentError(toGraphQLError(error), { schema, requestId: facts.requestId, log }),
          );
        try {
          const document = enveloped.parse(params.query);
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
      execute: (args) => (args.rootValue as Executor).execute(args),
      subscribe: (args) => (args.rootValue as Executor).subscribe(args),
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
          return withoutStatus(dressed ? error : presentError(error, { schema, requestId: v7(), log }));
        }),
    },
    sockets,
  );
  return async () => {
    for (const client of sockets.clients) client.close(GOING_AWAY, "The service is going down");
    await service.dispose();
  };
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
