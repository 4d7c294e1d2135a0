import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { Transform, type TransformCallback } from "node:stream";
import busboy from "busboy";
import { SpeakerError, UploadTooLargeError } from "../errors.ts";
import { checkMap, type FilePlace } from "./map.ts";

export interface UploadLimits {
  /** Of the file. */
  readonly maxBytes: number;
  /** For the whole request to arrive. */
  readonly timeoutMs: number;
}

/** The fields `operations` and `map`. */
export const MAX_FIELD_BYTES = 100_000;
/** What a request holds beside its file: both fields, boundaries, headers of the parts. */
export const MAX_ENVELOPE_BYTES = 2 * MAX_FIELD_BYTES + 10_000;

/**
 * The body of a multipart request on its way to the parser: counted, timed, and stopped before a `map` that is
 * not in order reaches anyone who would follow it.
 */
export class CheckedBody extends Transform {
  /** What the parser reads the boundary from. */
  readonly headers: IncomingHttpHeaders;
  readonly #request: IncomingMessage;
  readonly #limits: UploadLimits;
  readonly #timer: NodeJS.Timeout;
  #guard: busboy.Busboy | null;
  #received = 0;
  #fault: SpeakerError | null = null;
  #place: FilePlace | null = null;

  /** @throws SpeakerError BAD_REQUEST for a content type that cannot be parsed. */
  constructor(request: IncomingMessage, limits: UploadLimits) {
    super();
    this.headers = request.headers;
    this.#request = request;
    this.#limits = limits;
    this.#guard = this.#startGuard();
    this.on("error", () => {});
    this.#timer = setTimeout(
      () =>
        this.fail(
          new SpeakerError(
            "UPLOAD_TIMED_OUT",
            `The upload took longer than the ${limits.timeoutMs / 1000} s that it may take.`,
          ),
        ),
      limits.timeoutMs,
    );
    this.once("close", () => clearTimeout(this.#timer));
    this.once("end", () => clearTimeout(this.#timer));
    const interrupted = () => {
      if (!request.complete) {
        this.fail(new SpeakerError("UPLOAD_FAILED", "The request ended before the file did."));
      }
    };
    request.once("close", interrupted);
    request.once("error", interrupted);
    request.pipe(this);
  }

  /** Why it was stopped; null while it runs or when it ended well. */
  get fault(): SpeakerError | null {
    return this.#fault;
  }

  /** Where the file belongs, once `map` has been read. */
  get place(): FilePlace | null {
    return this.#place;
  }

  /** Stops taking the body; what still comes is thrown away so that the answer can be read. */
  fail(fault: SpeakerError): void {
    if (this.#fault !== null || this.destroyed || this.readableEnded) return;
    this.#fault = fault;
    this.#letGo();
    this.destroy(fault);
  }

  /** Ends it when the answer has been given, read to the end or not. */
  dispose(): void {
    this.#letGo();
    this.destroy();
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#received += chunk.length;
    if (this.#received > this.#limits.maxBytes + MAX_ENVELOPE_BYTES) {
      this.fail(new UploadTooLargeError(this.#limits.maxBytes));
    }
    // Fields come out of a write before it returns, so the check is made before the chunk goes on.
    this.#guard?.write(chunk);
    if (this.#fault === null) done(null, chunk);
    else done();
  }

  #letGo(): void {
    clearTimeout(this.#timer);
    this.#stopGuard();
    this.#request.unpipe(this);
    this.#request.resume();
  }

  #startGuard(): busboy.Busboy {
    let operations: string | null = null;
    let guard: busboy.Busboy;
    try {
      guard = busboy({ headers: this.headers, limits: { fields: 2, fieldSize: MAX_FIELD_BYTES } });
    } catch (cause) {
      throw new SpeakerError("BAD_REQUEST", "The content type of the request does not state a boundary.", {
        cause,
      });
    }
    guard.on("field", (name, value) => {
      if (name === "operations" && operations === null) operations = value;
      else if (name === "map" && operations !== null && this.#place === null) {
        const check = checkMap(operations, value);
        if ("fault" in check) this.fail(new SpeakerError("BAD_REQUEST", check.fault));
        else this.#place = check.place;
      }
    });
    guard.on("file", (_name, stream) => {
      stream.on("error", () => {}).resume();
      this.#stopGuard();
    });
    // What is malformed is the parser's to tell.
    guard.on("error", () => {});
    return guard;
  }

  #stopGuard(): void {
    const guard = this.#guard;
    this.#guard = null;
    // Not from inside its own write.
    if (guard !== null) setImmediate(() => guard.destroy());
  }
}
