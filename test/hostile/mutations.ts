import * as operations from "../../src/client/operations.ts";
import type { Random } from "../helpers/random.ts";

const DOCUMENTS = [
  ...Object.values(operations).map((document) => document.toString()),
  "{ serverInfo { name limits { queuedJobs } } health { status checks { name status } } }",
  '{ voices(first: 3, filter: { language: "en-US" }) { edges { cursor node { id name } } pageInfo { endCursor } } }',
  '{ voice(id: "af_heart") { id name language { code } } job(id: "0190a000-0000-7000-8000-00000000dead") { id } }',
  '{ jobs(first: 5, after: "x") { edges { node { id status } } } }',
  "{ __schema { queryType { fields { name args { name type { name ofType { name } } } } } } }",
  '{ dictionaries { edges { node { id name } } } phonemize(text: "Hello.") { ... on Phonemization { utterances { phonemes } } } }',
  "{ languages { code name voiceCount } metrics { at } usage { characters } }",
  "{ auditLog(first: 2) { edges { node { id action } } } apiKeys { id name } }",
  "query ($id: ID!) { job(id: $id) { ... on SynthesisJob { audio { url } } } }",
];

const TOKENS = [
  ...'{}()[]:!$@=|&,#"\\'.split(""),
  "...",
  "... on Query",
  "fragment F on Query { ...F }",
  "@include(if: true)",
  "@skip(if: $no)",
  "@defer",
  "@stream",
  "query",
  "mutation",
  "subscription",
  "__typename",
  "__schema",
  '__type(name: "Query")',
  "null",
  "true",
  "1e999",
  "-0",
  "99999999999999999999",
  '"""',
  '"\\u0000"',
  '"\\uD800"',
  "\u0000",
  "\ufeff",
  "\u202e",
  "💥",
  "' or 1=1 --",
  "../../../../etc/passwd",
  "\u0024{7*7}",
  "%s%n",
  "a: serverInfo { name }",
];

export const NASTY_STRINGS = [
  "",
  " ",
  "\u0000",
  "a\u0000b",
  "\ud800",
  "\u202eabc",
  "💥".repeat(40),
  "a".repeat(20_000),
  "' or '1'='1",
  '"; drop table jobs; --',
  "$1",
  "{}",
  "[]",
  "null",
  "undefined",
  "NaN",
  "-1",
  "1e309",
  "../../../../etc/passwd",
  "..\\..\\..\\windows\\win.ini",
  "%2e%2e%2f%2e%2e%2fetc%2fpasswd",
  "/etc/passwd",
  "file:///etc/passwd",
  "voices/../../secret",
  "af_heart/../../..",
  "af_heart\u0000.bin",
  "CON",
  ".",
  "..",
  "~root",
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty",
  "<script>alert(1)</script>",
  "\u0024{jndi:ldap://x/a}",
  "\r\nSet-Cookie: a=b",
  "0190a000-0000-7000-8000-00000000dead",
  "00000000-0000-0000-0000-000000000000",
  "af_heart(2)+af_sky(1)",
  "af_heart(1e400)",
  "((((((((",
  "af_heart+".repeat(500),
];

/** A document that a parser, a validator or a resolver may stumble over. */
export function mutatedDocument(random: Random): string {
  let text = random.pick(DOCUMENTS);
  for (let i = random.below(6); i >= 0; i -= 1) {
    const at = random.below(text.length + 1);
    const length = random.below(12);
    const insert = random.pick([
      random.pick(TOKENS),
      random.pick(TOKENS).repeat(random.below(30)),
      JSON.stringify(random.pick(NASTY_STRINGS)),
    ]);
    text = random.pick([
      () => text.slice(0, at) + text.slice(at + length),
      () => text.slice(0, at) + insert + text.slice(at),
      () => text.slice(0, at) + insert + text.slice(at + length),
      () => text.slice(0, at) + text.slice(Math.max(0, at - 40)),
      // What stands between quotes reaches the resolvers.
      () => text.replace(/"[^"]*"/, JSON.stringify(random.pick(NASTY_STRINGS))),
    ])();
  }
  return text;
}

/** A value of any shape for a variable. */
export function nastyValue(random: Random, depth = 0): unknown {
  const leaf = () =>
    random.pick<unknown>([
      null,
      true,
      0,
      -1,
      1e308,
      2 ** 53,
      0.1,
      random.pick(NASTY_STRINGS),
      random.pick(NASTY_STRINGS),
    ]);
  if (depth > 4) return leaf();
  return random.pick([
    leaf,
    leaf,
    () => Array.from({ length: random.below(5) }, () => nastyValue(random, depth + 1)),
    () => JSON.parse(`{"__proto__":1,"text":${JSON.stringify(random.pick(NASTY_STRINGS))}}`),
    () => ({ [random.pick(NASTY_STRINGS)]: nastyValue(random, depth + 1), text: leaf(), voiceId: leaf() }),
  ])();
}

const FORMATS = ["MP3", "WAV", "EXE", "", null, 7];

/** An operation that is in order, with variables that are not. */
export function nastyOperation(random: Random): {
  query: string;
  variables: unknown;
  operationName?: unknown;
} {
  const text = () => random.pick(NASTY_STRINGS);
  const input = () => ({
    text: text(),
    voiceId: random.pick(["af_heart", text()]),
    language: random.pick(["en-US", undefined, text()]),
    format: random.pick(FORMATS),
    speed: random.pick([1, 0, -1, 1e9, null, "fast"]),
    idempotencyKey: random.pick([undefined, text()]),
  });
  return random.pick<() => { query: string; variables: unknown; operationName?: unknown }>([
    () => ({
      query:
        "mutation ($input: SynthesizeInput!) { synthesize(input: $input) { __typename ... on Error { code } } }",
      variables: { input: random.pick<unknown>([input(), input(), input(), nastyValue(random)]) },
    }),
    () => ({
      query:
        "query ($id: ID!, $after: String, $code: String!) { voice(id: $id) { id } job(id: $id) { id } voices(after: $after, filter: { text: $after }) { totalCount } jobs(after: $after) { totalCount } language(code: $code) { code } }",
      variables: { id: text(), after: text(), code: text() },
    }),
    () => ({
      query:
        "mutation ($id: ID!, $name: String!) { cancelJob(id: $id) { __typename } retryJob(id: $id) { __typename } deleteVoice(id: $id) { __typename } updateVoice(input: { id: $id, name: $name }) { __typename } exportVoice(id: $id) { __typename } revokeApiKey(id: $id) { __typename } }",
      variables: { id: text(), name: text() },
    }),
    () => ({
      query:
        "mutation ($input: CreateVoiceMixInput!) { createVoiceMix(input: $input) { __typename ... on Error { code } } }",
      variables: {
        input: {
          ...{ name: text(), language: random.pick(["en-US", text()]), description: text(), tags: [text()] },
          parts: [{ voiceId: random.pick(["af_heart", text()]), weight: random.pick([1, 0, -9, 1e308]) }],
        },
      },
    }),
    () => ({
      query: mutatedDocument(random),
      variables: nastyValue(random),
      operationName: random.pick([text(), null, 3, {}]),
    }),
    () => ({
      query:
        "query ($filter: AuditFilter, $after: String) { auditLog(filter: $filter, after: $after) { totalCount } }",
      variables: {
        filter: { actions: [text()], actor: text(), targetId: text(), requestId: text(), tenant: text() },
        after: text(),
      },
    }),
  ])();
}
