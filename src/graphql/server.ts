import type { IncomingMessage, ServerResponse } from "node:http";
import { mapAsyncIterator } from "@envelop/core";
import type { ExecutionResult } from "graphql";
import { createYoga, type Plugin } from "graphql-yoga";
import { credentialOfHeaders } from "../auth/credential.ts";
import { type Context, createContext, type RequestFacts } from "../context.ts";
import type { Resources } from "../resources.ts";
import { endWithKey } from "./end-with-key.ts";
import { requestBodies } from "./plugins/upload.ts";
import { presentError } from "./present.ts";
import { schema } from "./schema.ts";

export const GRAPHQL_PATH = "/graphql";

/** A request holds a text of 50,000 characters, each up to 12 bytes when escaped, and the document. */
const MAX_BODY_BYTES = 1_000_000;

/** What Yoga is handed with each request, over HTTP and over WebSockets. */
export interface ServerContext {
  readonly req: IncomingMessage;
  readonly res?: ServerResponse;
  readonly facts: RequestFacts;
  /** The key of a WebSocket's connection_init; left out, the request's headers carry it. */
  readonly credential?: string | null;
}

const EXAMPLE = `# Speaker: press play, then open the job's audio.url once it has SUCCEEDED.
mutation Speak {
  synthesize(input: { text: "Hello! This is Speaker.", voiceId: "af_heart", format: MP3 }) {
    ... on SynthesisJob { id status }
    ... on Error { code message }
  }
}

subscription Follow($id: ID!) {
  jobProgress(id: $id) {
    status
    progress
    ... on SynthesisJob { audio { url durationSeconds } }
  }
}
`;

export type GraphQLServer = ReturnType<typeof createGraphQLServer>;

/** GraphQL over HTTP: queries, mutations, subscriptions as server-sent events, and GraphiQL in a browser. */
export function createGraphQLServer(resources: Resources) {
  return createYoga<ServerContext, Context>({
    schema,
    graphqlEndpoint: GRAPHQL_PATH,
    context: async ({ req, facts, credential = credentialOfHeaders(req.headers) }) =>
      createContext(resources, facts, await resources.auth.authenticate(credential)),
    // Every error goes through `presentError`, over HTTP below and over WebSockets in websocket.ts.
    maskedErrors: false,
    plugins: [
      presentErrors(resources),
      endWithKey(resources),
      requestBodies(resources.config.upload, MAX_BODY_BYTES),
    ],
    logging: false,
    landingPage: false,
    cors: false,
    multipart: false,
    // Each kind of body has its own limit: plugins/upload.ts.
    maxRequestBodySize: false,
    graphiql: { title: "Speaker", subscriptionsProtocol: "WS", defaultQuery: EXAMPLE },
    // 9 MB of page that works without a CDN: loaded when the first browser asks for it.
    renderGraphiQL: async (options) =>
      (await import("@graphql-yoga/render-graphiql")).renderGraphiQL(options),
  });
}

function presentErrors(resources: Resources): Plugin<Context, ServerContext> {
  return {
    onResultProcess({ result, setResult, serverContext }) {
      const present = (single: ExecutionResult) =>
        presentResult(single, resources, serverContext.facts.requestId);
      if (Array.isArray(result)) setResult(result.map(present));
      else if (Symbol.asyncIterator in result) setResult(mapAsyncIterator(result as never, present));
      else setResult(present(result as ExecutionResult));
    },
  };
}

/** A result with all of its errors as clients see them. */
export function presentResult(
  result: ExecutionResult,
  { log }: Resources,
  requestId: string,
): ExecutionResult {
  if (result.errors === undefined) return result;
  return { ...result, errors: result.errors.map((error) => presentError(error, { schema, requestId, log })) };
}
