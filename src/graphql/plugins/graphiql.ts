import type { GraphiQLOptions, Plugin } from "graphql-yoga";
import { pagePolicy, scriptDigests } from "../../http/headers.ts";
import type { ServerContext } from "../server.ts";

/** The page of GraphiQL: made when the first browser asks for it, then kept, because it is 9 MB. */
export class GraphiqlPage {
  #html: string | null = null;
  #digests = "";

  readonly render = async (options?: GraphiQLOptions): Promise<string> => {
    // It works without a CDN: everything is in the page.
    if (this.#html === null) {
      this.#html = (await import("@graphql-yoga/render-graphiql")).renderGraphiQL(options);
      this.#digests = scriptDigests(this.#html);
    }
    return this.#html;
  };

  /** The page is the only answer of GraphQL's that runs scripts: its own, and no others. */
  readonly plugin: Plugin<object, ServerContext> = {
    onResponse: ({ response, serverContext }) => {
      if (this.#html === null || !response.headers.get("content-type")?.startsWith("text/html")) return;
      const { host } = new URL(serverContext.facts.baseUrl);
      response.headers.set("Content-Security-Policy", pagePolicy(this.#digests, host));
    },
  };
}
