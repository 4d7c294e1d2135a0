import SchemaBuilder from "@pothos/core";
import ErrorsPlugin from "@pothos/plugin-errors";
import RelayPlugin from "@pothos/plugin-relay";
import ScopeAuthPlugin, { type ForbiddenResult } from "@pothos/plugin-scope-auth";
import ZodPlugin from "@pothos/plugin-zod";
import { refusal } from "../auth/refusal.ts";
import { anyone, type Scope } from "../auth/scopes.ts";
import type { Context } from "../context.ts";
import { InvalidInputError } from "../errors.ts";
import type { IncomingUpload } from "../uploads/incoming.ts";
import AccessPlugin from "./access.ts";
import RefusalsPlugin from "./plugins/refusals.ts";

/** The one schema builder. Importing it, or any `graphql.ts`, has no effect beyond declaring types. */
export const builder = new SchemaBuilder<{
  Context: Context;
  DefaultFieldNullability: false;
  DefaultEdgesNullability: false;
  DefaultNodeNullability: false;
  Scalars: {
    ID: { Input: string; Output: string };
    DateTime: { Input: Date; Output: Date };
    Upload: { Input: IncomingUpload; Output: never };
  };
  AuthScopes: { public: true; anyOf: readonly Scope[] };
}>({
  plugins: [AccessPlugin, ErrorsPlugin, RefusalsPlugin, ScopeAuthPlugin, RelayPlugin, ZodPlugin],
  defaultFieldNullability: false,
  scopeAuth: {
    authorizeOnSubscribe: true,
    authScopes: ({ actor }) => ({
      public: true,
      anyOf: (scopes) => scopes.some((scope) => actor.scopes.has(scope)),
    }),
    unauthorizedError: (_parent, { actor }, _info, { failure }) => refusal(actor, scopesOf(failure)),
  },
  errors: { directResult: true },
  zod: {
    validationError: (error) =>
      new InvalidInputError(error.issues.map(({ path, message }) => ({ path: path.map(String), message }))),
  },
  relay: {
    clientMutationId: "omit",
    cursorType: "String",
    nodeQueryOptions: false,
    nodesQueryOptions: false,
    nodeTypeOptions: { description: "An object that can be fetched again by its id." },
    // A page shows nothing of its own: what it lists declares who may see it.
    defaultConnectionTypeOptions: { authScopes: anyone },
    defaultEdgeTypeOptions: { authScopes: anyone },
    pageInfoTypeOptions: {
      authScopes: anyone,
      description: "Where a page of a connection lies, by the Relay cursor connections specification.",
    },
    hasNextPageFieldOptions: { description: "True when more follows behind `endCursor`." },
    hasPreviousPageFieldOptions: { description: "True when something lies before `startCursor`." },
    startCursorFieldOptions: { description: "Cursor of the first edge; null on an empty page." },
    endCursorFieldOptions: {
      description: "Cursor of the last edge, to be sent as `after`; null on an empty page.",
    },
    cursorFieldOptions: { description: "Opaque position of this edge in the list." },
    nodeFieldOptions: { nullable: false, description: "The item itself." },
    edgesFieldOptions: { nullable: false, description: "The items of this page with their cursors." },
    pageInfoFieldOptions: { description: "Where this page lies in the list." },
    beforeArgOptions: { description: "Only items before this cursor." },
    afterArgOptions: { description: "Only items behind this cursor." },
    firstArgOptions: {
      description: "How many items from the front, 1 to 100. 20 when neither end is given.",
    },
    lastArgOptions: { description: "How many items from the back, 1 to 100." },
  },
});

/** The scopes of which one was missing. */
function scopesOf(failure: ForbiddenResult["failure"]): readonly Scope[] {
  if ("failures" in failure) return failure.failures.flatMap(scopesOf);
  return "parameter" in failure ? (failure.parameter as readonly Scope[]) : [];
}

builder.queryType({ description: "Everything that can be read. Nothing here changes anything." });
builder.mutationType({
  description:
    "Everything that changes something. What a caller can act on comes back as a typed member of the result.",
});
builder.subscriptionType({
  description: "Live views, over WebSocket (graphql-transport-ws) and server-sent events on the same path.",
});
