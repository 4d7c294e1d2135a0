import type { IncomingMessage, ServerResponse } from "node:http";
import { mapAsyncIterator } from "@envelop/core";
import type { ExecutionResult } from "graphql";
import { createYoga, type Plugin } from "graphql-yoga";
import { credentialOfHeaders } from "../auth/credential.ts";
import type { Identity } from "../auth/identity.ts";
import { type Context, createContext, type RequestFacts } from "../context.ts";
import type { Resources } from "../resources.ts";
import { DocumentCache } from "./document-cache.ts";
import { endWithKey } from "./end-with-key.ts";
import { armor } from "./plugins/armor.ts";
import { chargeBatches } from "./plugins/batching.ts";
import { storableTexts } from "./plugins/characters.ts";
import { GraphiqlPage } from "./plugins/graphiql.ts";
import { observeGraphQL } from "./plugins/observability.ts";
import type { PersistedOperations } from "./plugins/persisted.ts";
import { limitFields } from "./plugins/rate-limit.ts";
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
  /** Who asks; null when the key in the headers does not hold. */
  readonly identity: Identity | null;
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
export function createGraphQLServer(resources: Resources, operations: PersistedOperations | null) {
  const { config } = resources;
  const page = new GraphiqlPage();
  return createYoga<ServerContext, Context>({
    schema,
    graphqlEndpoint: GRAPHQL_PATH,
    context: async ({ req, facts, identity }) =>
      // One that does not hold is refused here, where the refusal becomes an error of GraphQL's.
      createContext(resources, facts, identity ?? (await authenticate(resources, req))),
    // Every error goes through `presentError`, over HTTP below and over WebSockets in websocket.ts.
    maskedErrors: false,
    plugins: [
      ...observeGraphQL(resources),
      presentErrors(resources),
      ...(operations === null ? [] : [operations.plugin]),
      ...armor(config.graphql),
      storableTexts,
      chargeBatches(resources),
      limitFields(resources),
      endWithKey(resources),
      page.plugin,
      requestBodies(config.upload, MAX_BODY_BYTES),
    ],
    parserAndValidationCache: { documentCache: new DocumentCache(), errorCache: new DocumentCache() },
    batching: config.graphql.batchLimit > 0 && { limit: config.graphql.batchLimit },
    logging: false,
    landingPage: false,
    cors: false,
    multipart: false,
    // Each kind of body has its own limit: plugins/upload.ts.
    maxRequestBodySize: false,
    // Without introspection it would know nothing.
    graphiql: config.graphql.introspection && {
      title: "Speaker",
      subscriptionsProtocol: "WS",
      defaultQuery: EXAMPLE,
    },
    renderGraphiQL: page.render,
  });
}

function authenticate({ auth }: Resources, { headers }: IncomingMessage): Promise<Identity> {
  return auth.authenticate(credentialOfHeaders(headers));
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
  { log, config }: Resources,
  requestId: string,
): ExecutionResult {
  if (result.errors === undefined) return result;
  const presentation = { schema, suggest: config.graphql.introspection, requestId, log };
  return { ...result, errors: result.errors.map((error) => presentError(error, presentation)) };
}
