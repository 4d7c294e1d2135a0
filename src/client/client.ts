import { createClient } from "graphql-ws";
import { WebSocket } from "ws";
import type { TypedDocumentString } from "./gql/graphql.ts";
import { multipartBody } from "./multipart.ts";

/** The server answered with errors in place of data. */
class GraphQLRequestError extends Error {
  readonly status: number;
  readonly errors: readonly { message: string; extensions?: Record<string, unknown> }[];

  constructor(status: number, errors: GraphQLRequestError["errors"]) {
    super(errors.map(({ message }) => message).join("; ") || `HTTP ${status}`);
    this.name = "GraphQLRequestError";
    this.status = status;
    this.errors = errors;
  }
}

type Answer<Result> = { data?: Result | null; errors?: GraphQLRequestError["errors"] };

/** A typed client of a Speaker server: queries and mutations over HTTP, subscriptions over a WebSocket. */
export class SpeakerClient {
  readonly #url: string;
  readonly #headers: Readonly<Record<string, string>>;

  /**
   * @param server base URL, such as http://localhost:4000
   * @param options `apiKey`: the key of the caller; null or left out where the service is open
   */
  constructor(server: string, options: { readonly apiKey?: string | null } = {}) {
    this.#url = `${server.replace(/\/+$/, "")}/graphql`;
    this.#headers = options.apiKey == null ? {} : { Authorization: `Bearer ${options.apiKey}` };
  }

  /**
   * Runs a query or a mutation; a `Blob` or `File` among the variables is sent as an upload.
   *
   * @throws GraphQLRequestError; what `fetch` throws when the server cannot be reached.
   */
  async request<Result, Variables>(
    document: TypedDocumentString<Result, Variables>,
    variables: Variables,
    signal?: AbortSignal,
  ): Promise<Result> {
    const form = multipartBody(document.toString(), variables);
    const response = await fetch(this.#url, {
      method: "POST",
      headers: {
        ...this.#headers,
        Accept: "application/graphql-response+json, application/json",
        // A form states its own type, which any web page could send; the second header only a program can.
        ...(form === null ? { "Content-Type": "application/json" } : { "X-GraphQL-Yoga-CSRF": "1" }),
      },
      body: form ?? JSON.stringify({ query: document.toString(), variables }),
      ...(signal !== undefined && { signal }),
    });
    const answer = (await response.json()) as Answer<Result>;
    if (answer.data == null || answer.errors !== undefined) {
      throw new GraphQLRequestError(response.status, answer.errors ?? []);
    }
    return answer.data;
  }

  /** The results of a subscription, over a connection of its own that ends with it. */
  async *subscribe<Result, Variables extends Record<string, unknown>>(
    document: TypedDocumentString<Result, Variables>,
    variables: Variables,
  ): AsyncGenerator<Result> {
    const client = createClient({
      url: this.#url.replace(/^http/, "ws"),
      webSocketImpl: WebSocket,
      lazy: true,
      connectionParams: this.#headers,
    });
    try {
      for await (const { data, errors } of client.iterate<Result>({
        query: document.toString(),
        variables,
      })) {
        if (data == null || errors !== undefined) throw new GraphQLRequestError(200, (errors ?? []) as never);
        yield data;
      }
    } finally {
      await client.dispose();
    }
  }
}
