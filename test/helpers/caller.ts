import { createClient } from "graphql-ws";
import { WebSocket } from "ws";

/** An answer of any shape. */
// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of any shape
export type Body = any;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

/** A GraphQL request over HTTP, with these headers. */
export async function post(
  url: string,
  query: string,
  variables: object = {},
  headers: Record<string, string> = {},
): Promise<Answer> {
  return await postBody(url, { query, variables }, headers);
}

/** Whatever body as a GraphQL request over HTTP; a text goes as it is. */
export async function postBody(
  url: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(`${url}/graphql`, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/graphql-response+json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

export const bearer = (key: string) => ({ Authorization: `Bearer ${key}` });

/** The results of an operation over a WebSocket, errors of it included; a closed connection is `{ closed: code }`. */
export async function* overWebSocket(
  url: string,
  query: string,
  connectionParams: Record<string, unknown> = {},
): AsyncGenerator<Body> {
  const client = createClient({
    url: `${url.replace("http", "ws")}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams,
    retryAttempts: 0,
  });
  try {
    for await (const result of client.iterate({ query })) yield result;
  } catch (failure) {
    yield Array.isArray(failure) ? { errors: failure } : { closed: (failure as { code: number }).code };
  } finally {
    await client.dispose();
  }
}

/** The results of a subscription over server-sent events. */
export async function* overEvents(
  url: string,
  query: string,
  headers: Record<string, string> = {},
): AsyncGenerator<Body> {
  const response = await fetch(`${url}/graphql`, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "text/event-stream", ...headers },
    body: JSON.stringify({ query }),
  });
  let buffer = "";
  for await (const chunk of response.body ?? []) {
    buffer += Buffer.from(chunk).toString();
    for (let end = buffer.indexOf("\n\n"); end >= 0; end = buffer.indexOf("\n\n")) {
      const event = buffer.slice(0, end);
      buffer = buffer.slice(end + 2);
      if (/^event: complete$/m.test(event)) return;
      const data = /^data: (.+)$/m.exec(event)?.[1];
      if (data !== undefined) yield JSON.parse(data);
    }
  }
}
