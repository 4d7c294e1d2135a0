import * as fs from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { errorCode, networkFault, SourceError } from "../faults.ts";
import type { ManifestFile } from "../manifest.ts";
import { fillTemplate, type Source, type SourceRequest } from "./source.ts";

const PARALLEL_DOWNLOADS = 4;
/** A cut connection is taken up again this often without a single new byte in between. */
const ATTEMPTS_WITHOUT_PROGRESS = 3;
const RETRY_DELAY_MS = 500;

/** The server answered, but not with the file; asking again would not help. */
class RefusedError extends Error {}

/** The server is there and may do better when asked again. */
class TransientError extends SourceError {}

/**
 * Files behind plain HTTP(S), where `{path}` in the URL is the file's name. A download that was cut is taken up
 * where it ended, with `Range` and `If-Range` (RFC 9110 §13.1.5, §14.2), in this run or a later one.
 */
export function urlSource(urlTemplate: string, label = new URL(urlTemplate).host): Source {
  return {
    label,
    phase: "download",
    async fetch(request) {
      const received = new Map<string, number>();
      const total = request.files.reduce((sum, file) => sum + file.bytes, 0);
      const report = (file: ManifestFile, bytes: number) => {
        received.set(file.path, bytes);
        request.report(file, sum(received.values()), total);
      };
      const queue = [...request.files];
      const stop = new AbortController();
      const signal = AbortSignal.any([request.signal, stop.signal]);
      const lane = async () => {
        for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
          const download = new Download(
            fillTemplate(urlTemplate, file),
            file,
            { ...request, signal },
            report,
          );
          await download.run();
        }
      };
      const lanes = Array.from({ length: PARALLEL_DOWNLOADS }, () =>
        lane().catch((error) => {
          // One lane that finds the server unreachable speaks for all.
          stop.abort(error);
          throw error;
        }),
      );
      await Promise.allSettled(lanes);
      await Promise.all(lanes);
    },
  };
}

class Download {
  readonly #url: string;
  readonly #authorization: string | null;
  readonly #file: ManifestFile;
  readonly #request: SourceRequest;
  readonly #report: (file: ManifestFile, bytes: number) => void;
  readonly #part: string;

  constructor(
    url: string,
    file: ManifestFile,
    request: SourceRequest,
    report: (file: ManifestFile, bytes: number) => void,
  ) {
    const parsed = new URL(url);
    const { username, password } = parsed;
    // fetch refuses a URL with credentials in it.
    parsed.username = parsed.password = "";
    this.#url = parsed.href;
    this.#authorization = username
      ? `Basic ${Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString("base64")}`
      : null;
    this.#file = file;
    this.#request = request;
    this.#report = report;
    this.#part = request.partPath(file);
  }

  /** @throws SourceError when the server cannot be reached or keeps cutting the connection */
  async run(): Promise<void> {
    try {
      const resumed = await this.#receive();
      const right = await this.#request.deliver(this.#file);
      // The beginning may have come from another file of the same name: once more, from zero.
      if (!right && resumed) {
        await this.#receive();
        await this.#request.deliver(this.#file);
      }
      await fs.rm(this.#validatorPath, { force: true });
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      await this.#discard();
      this.#request.refuse(this.#file, error.message);
    }
  }

  /** @returns whether the part holds bytes of an earlier run */
  async #receive(): Promise<boolean> {
    const { signal } = this.#request;
    const atStart = await sizeOf(this.#part);
    let have = atStart;
    for (let fruitless = 0; have !== this.#file.bytes; ) {
      const before = have;
      const fault = await this.#attempt(before).catch((error) => {
        signal.throwIfAborted();
        if (error instanceof RefusedError || isFileFault(error)) throw error;
        return error as Error;
      });
      have = await sizeOf(this.#part);
      if (fault === null) continue;
      fruitless = have > before ? 0 : fruitless + 1;
      if (fruitless >= ATTEMPTS_WITHOUT_PROGRESS || !isTransient(fault)) {
        throw new SourceError(networkFault(fault), { cause: fault });
      }
      await sleep(RETRY_DELAY_MS * fruitless, undefined, { signal });
    }
    return atStart > 0;
  }

  /** One request, from `offset` on. Ends normally when the file is whole. */
  async #attempt(offset: number): Promise<null> {
    const { signal, timeouts } = this.#request;
    const watchdog = new AbortController();
    const after = (ms: number, fault: (seconds: number) => Error) =>
      setTimeout(() => watchdog.abort(fault(Math.ceil(ms / 1000))), ms);
    let timer = after(timeouts.connectMs, (s) => new SourceError(`it did not answer within ${s} s`));
    const armed = AbortSignal.any([signal, watchdog.signal]);
    try {
      const response = await fetch(this.#url, { headers: await this.#headers(offset), signal: armed });
      const append = await this.#accept(response, offset);
      if (append === null) return null;
      const out = await fs.open(this.#part, append ? "a" : "w");
      try {
        let size = append ? offset : 0;
        for await (const chunk of response.body ?? []) {
          clearTimeout(timer);
          size += chunk.length;
          if (size > this.#file.bytes) throw new RefusedError("is longer there than it should be");
          await out.writeFile(chunk);
          this.#report(this.#file, size);
          timer = after(timeouts.stallMs, (s) => new TransientError(`it sent nothing for ${s} s`));
        }
        if (size < this.#file.bytes) throw new TransientError("the connection was cut");
      } finally {
        await out.close();
      }
      return null;
    } finally {
      clearTimeout(timer);
    }
  }

  async #headers(offset: number): Promise<Record<string, string>> {
    // A compressed answer would have no ranges of the file itself.
    const headers: Record<string, string> = { "accept-encoding": "identity" };
    if (this.#authorization) headers.authorization = this.#authorization;
    if (offset > 0) {
      headers.range = `bytes=${offset}-`;
      const validator = await this.#validator();
      if (validator !== null) headers["if-range"] = validator;
    }
    return headers;
  }

  /** Judges the answer's head. @returns append or start anew; `null` to ask again from zero */
  async #accept(response: Response, offset: number): Promise<boolean | null> {
    if (response.status === 416 && offset > 0) {
      await response.body?.cancel();
      await this.#discard();
      return null;
    }
    if (response.status !== 200 && response.status !== 206) {
      await response.body?.cancel();
      if (response.status === 429 || response.status >= 500) {
        throw new TransientError(`it answers with HTTP ${response.status}`);
      }
      throw new RefusedError(`was answered with HTTP ${response.status}`);
    }
    const partial = response.status === 206 && offset > 0;
    const total = partial
      ? Number(
          /^bytes \d+-\d+\/(\d+)$/.exec(response.headers.get("content-range") ?? "")?.[1] ?? this.#file.bytes,
        )
      : Number(response.headers.get("content-length") ?? this.#file.bytes);
    if (total !== this.#file.bytes) {
      await response.body?.cancel();
      throw new RefusedError(`is ${total} bytes long there instead of ${this.#file.bytes}`);
    }
    if (!partial) await this.#remember(response);
    return partial;
  }

  /** Keeps what identifies this very version of the file, for a later `If-Range`; weak tags do not serve. */
  async #remember(response: Response): Promise<void> {
    const etag = response.headers.get("etag");
    const validator = etag && !etag.startsWith("W/") ? etag : response.headers.get("last-modified");
    if (validator === null) await fs.rm(this.#validatorPath, { force: true });
    else await fs.writeFile(this.#validatorPath, JSON.stringify({ url: this.#url, validator }));
  }

  async #validator(): Promise<string | null> {
    try {
      const known = JSON.parse(await fs.readFile(this.#validatorPath, "utf8")) as Record<string, unknown>;
      return known.url === this.#url ? String(known.validator) : null;
    } catch {
      return null;
    }
  }

  get #validatorPath(): string {
    return `${this.#part}.validator`;
  }

  async #discard(): Promise<void> {
    await fs.rm(this.#part, { force: true });
    await fs.rm(this.#validatorPath, { force: true });
  }
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await fs.stat(path)).size;
  } catch (error) {
    if (errorCode(error) === "ENOENT") return 0;
    throw error;
  }
}

/** Not so when the host was not resolved, refused or never answered: that costs the same time again. */
function isTransient(error: unknown): boolean {
  return error instanceof TransientError || networkFault(error) === "the connection was cut";
}

function isFileFault(error: unknown): boolean {
  return ["ENOSPC", "EDQUOT", "EACCES", "EPERM", "EROFS", "EISDIR"].includes(errorCode(error) ?? "");
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
