import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

interface SeenRequest {
  readonly path: string;
  readonly range: string | undefined;
  readonly ifRange: string | undefined;
  readonly authorization: string | undefined;
}

type Misbehaviour = (request: IncomingMessage, response: ServerResponse) => void;

/** A real HTTP server for files, with ranges and ETags, that can be told to misbehave for its next requests. */
export class FileServer {
  readonly seen: SeenRequest[] = [];
  readonly files = new Map<string, Buffer>();
  etag = '"one"';
  supportsRanges = true;
  readonly #next: { readonly path: string | null; readonly answer: Misbehaviour }[] = [];
  #cut: { readonly at: number; readonly response: ServerResponse } | null = null;
  readonly #server = createServer((request, response) => this.#answer(request, response));

  async start(): Promise<this> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    return this;
  }

  async stop(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, "close");
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Queues answers for the requests to come; after them the server behaves again. */
  misbehave(...answers: Misbehaviour[]): void {
    this.#next.push(...answers.map((answer) => ({ path: null, answer })));
  }

  /** Queues an answer for the next request for this path. */
  misbehaveFor(path: string, answer: Misbehaviour): void {
    this.#next.push({ path, answer });
  }

  /** Announces the whole file, sends `bytes` of it, and cuts the connection once `received` has told of them. */
  cutAfter(bytes: number): Misbehaviour {
    return (request, response) => {
      const offset = this.#offset(request);
      const file = this.files.get(request.url ?? "") ?? Buffer.alloc(0);
      this.#head(response, offset, file.length);
      response.write(file.subarray(offset, offset + bytes));
      if (bytes === 0) response.destroy();
      else this.#cut = { at: offset + bytes, response };
    };
  }

  /** The client has this much of the file: what is cut before that may be lost on its way. */
  received(bytes: number): void {
    if (this.#cut !== null && bytes >= this.#cut.at) {
      this.#cut.response.destroy();
      this.#cut = null;
    }
  }

  /** Sends the first bytes and then nothing more, with the connection open. */
  stallAfter(bytes: number): Misbehaviour {
    return (request, response) => {
      const file = this.files.get(request.url ?? "") ?? Buffer.alloc(0);
      this.#head(response, 0, file.length);
      response.write(file.subarray(0, bytes));
    };
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const { range, "if-range": ifRange, authorization } = request.headers;
    this.seen.push({ path: request.url ?? "", range, ifRange: ifRange as string | undefined, authorization });
    const index = this.#next.findIndex(({ path }) => path === null || path === request.url);
    const [misbehaviour] = index < 0 ? [] : this.#next.splice(index, 1);
    if (misbehaviour) {
      misbehaviour.answer(request, response);
      return;
    }
    const file = this.files.get(request.url ?? "");
    if (file === undefined) {
      response.writeHead(404).end("not here");
      return;
    }
    const offset = this.#offset(request);
    if (offset >= file.length) {
      response.writeHead(416, { "content-range": `bytes */${file.length}` }).end();
      return;
    }
    this.#head(response, offset, file.length);
    response.end(file.subarray(offset));
  }

  #head(response: ServerResponse, offset: number, size: number): void {
    const headers: Record<string, string | number> = { etag: this.etag, "content-length": size - offset };
    if (offset > 0) headers["content-range"] = `bytes ${offset}-${size - 1}/${size}`;
    response.writeHead(offset > 0 ? 206 : 200, headers);
  }

  #offset(request: IncomingMessage): number {
    const { range, "if-range": ifRange } = request.headers;
    if (!this.supportsRanges || (ifRange !== undefined && ifRange !== this.etag)) return 0;
    return Number(/^bytes=(\d+)-$/.exec(range ?? "")?.[1] ?? 0);
  }
}
