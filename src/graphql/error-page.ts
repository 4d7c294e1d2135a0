import { type GraphQLObjectType, type GraphQLSchema, isInterfaceType, isObjectType } from "graphql";
import { ERROR_CODES } from "../errors.ts";

const INTRODUCTION = `# Errors

<!-- Made by \`npm run codegen\` from src/errors.ts and the schema. Change those, not this page. -->

A failure that the caller can act on is a **typed member** of the field's result union: it implements \`Error\`
(\`message\`, \`code\`, \`timestamp\`, \`requestId\`), and asking for \`... on Error { code message }\` shows every one of them.

All others (no key, a limit, a malformed document, a fault) stand in \`errors\` of the answer, each with \`message\`,
\`path\` where a field is concerned, and in \`extensions\`: \`code\`, \`requestId\`, \`timestamp\` and what else the table says.

Routes beside GraphQL answer \`{ "error": { "code", "message", "timestamp", "requestId" } }\`.

The status is that of the HTTP answer when the whole request failed, GraphQL included; over WebSockets and server-sent
events there is none. A fault of the service's own says nothing of its cause; the log has it under the request id, which
every answer carries as \`X-Request-Id\`. Messages are for people and may change, codes are for programs and stay.
`;

const CLOSE_CODES = `## WebSockets that are closed

| close code | when | what to do |
|---|---|---|
| 1000 | nothing was under way for long | connect again when there is something to ask |
| 1001 | the service is going down | connect again, elsewhere or later |
| 1008 | messages came faster than is allowed | send less at once |
| 1009 | a message was too large | send a smaller one |
| 1013 | the service cannot answer now | try again shortly |
| 4400 | a message that the protocol does not know | mend the client |
| 4401 | no key or one that does not hold; or an operation before connection_init | send a valid key in the payload of connection_init |
| 4406 | another subprotocol | speak \`graphql-transport-ws\` |
| 4408 | no connection_init in time | send it at once |
| 4409 | an id that is in use | give each operation an id of its own |
| 4429 | a second connection_init | send one |
`;

/** The page docs/errors.md: every code with its status, what it means, what to do and how it is typed. */
export function errorPage(schema: GraphQLSchema): string {
  const typed = new Map(typedErrors(schema).map((type) => [codeOf(type), type]));
  const rows = Object.entries(ERROR_CODES).map(([code, { status, description, action }]) => {
    const type = typed.get(code);
    return `| \`${code}\` | ${status} | ${description} | ${action} | ${type === undefined ? "" : `\`${type.name}\``} |`;
  });
  return [
    INTRODUCTION,
    "## Codes",
    "",
    "| code | HTTP | what it means | what to do | typed as |",
    "|---|---|---|---|---|",
    ...rows,
    "",
    "## Typed errors with more to say",
    "",
    "| type | field | what it holds |",
    "|---|---|---|",
    ...[...typed.values()].flatMap(fieldRows),
    "",
    CLOSE_CODES,
  ].join("\n");
}

function typedErrors(schema: GraphQLSchema): GraphQLObjectType[] {
  const shared = schema.getType("Error");
  if (!isInterfaceType(shared)) throw new Error("the schema has no interface Error");
  return schema.getPossibleTypes(shared).filter(isObjectType);
}

/** NotFoundError is NOT_FOUND: a test holds every typed error to it. */
export function codeOf({ name }: { readonly name: string }): string {
  return name
    .replace(/Error$/, "")
    .replace(/(?<=.)(?=[A-Z])/g, "_")
    .toUpperCase();
}

function fieldRows(type: GraphQLObjectType): string[] {
  const shared = new Set(type.getInterfaces().flatMap((each) => Object.keys(each.getFields())));
  return Object.values(type.getFields())
    .filter(({ name }) => !shared.has(name))
    .map((field) => `| \`${type.name}\` | \`${field.name}\` | ${field.description ?? ""} |`);
}
