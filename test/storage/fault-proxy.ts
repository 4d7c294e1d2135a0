import { once } from "node:events";
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type ServerResponse,
} from "node:http";

/** What goes wrong with one request on its way. */
export type Fault =
  /** The answer of an overloaded server. */
  | { readonly kind: "status"; readonly status: number }
  /** No answer, ever. */
  | { readonly kind: "silence" }
  /** The connection ends before the answer. */
  | { readonly kind: "reset" }
  /** The answer ends after so many bytes of its body. */
  | { readonly kind: "cut"; readonly bytes: number }
  /** The request's body reaches the server with one bit turned over. */
  | { readonly kind: "flip-request" }
  /** The same for the answer's. */
  | { readonly kind: "flip-answer" }
  /** The server does what it was asked to, and its answer is lost. */
  | { readonly kind: "lose-answer" };

export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

/** Stands between a client and a real server, passes everything on, and does harm when told to. */
export interface FaultProxy {
  readonly url: string;
  readonly seen: SeenRequest[];
  /** Says for each request what is to go wrong; null is nothing. */
  harm: (request: SeenRequest) => Fault | null | Promise<Fault | null>;
  close(): Promise<void>;
}

export async function startFaultProxy(target: string): Promise<FaultProxy> {
  const seen: SeenRequest[] = [];
  const proxy: { harm: FaultProxy["harm"] } = { harm: () => null };
  const server = createServer(async (incoming, answer) => {
    const facts = { method: incoming.method ?? "", url: incoming.url ?? "", headers: incoming.headers };
    seen.push(facts);
    const fault = await proxy.harm(facts);
    if (fault?.kind === "status") {
      incoming.resume();
      await once(incoming, "end");
      answer.writeHead(fault.status, { "Content-Type": "application/xml" });
      answer.end("<Error><Code>SlowDown</Code><Message>Reduce your request rate.</Message></Error>");
    } else if (fault?.kind === "silence") incoming.resume();
    else if (fault?.kind === "reset") incoming.destroy();
    else pass(target, incoming, answer, fault);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return Object.assign(proxy, {
    url: `http://127.0.0.1:${(server.address() as { port: number }).port}`,
    seen,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}

function pass(target: string, incoming: IncomingMessage, answer: ServerResponse, fault: Fault | null): void {
  const url = new URL(incoming.url ?? "/", target);
  // The host stays that of the proxy: it is part of what the client signed.
  const outgoing = request(url, { method: incoming.method, headers: incoming.headers, agent: false });
  outgoing.on("error", () => answer.destroy());
  incoming.on("data", (chunk: Buffer) =>
    outgoing.write(fault?.kind === "flip-request" ? flipped(chunk) : chunk),
  );
  incoming.on("end", () => outgoing.end());
  incoming.on("error", () => outgoing.destroy());
  outgoing.on("response", (response) => {
    if (fault?.kind === "lose-answer") {
      response.resume();
      response.on("end", () => answer.destroy());
      return;
    }
    answer.writeHead(response.statusCode ?? 500, response.headers);
    let left = fault?.kind === "cut" ? fault.bytes : Number.POSITIVE_INFINITY;
    response.on("data", (chunk: Buffer) => {
      const part = fault?.kind === "flip-answer" ? flipped(chunk) : chunk.subarray(0, left);
      left -= part.length;
      answer.write(part, () => {
        if (left <= 0) answer.destroy();
      });
    });
    response.on("end", () => {
      if (left > 0) answer.end();
    });
    response.on("error", () => answer.destroy());
  });
}

function flipped(chunk: Buffer): Buffer {
  const copy = Buffer.from(chunk);
  copy[0] = (copy[0] ?? 0) ^ 1;
  return copy;
}
