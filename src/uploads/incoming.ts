import type { Readable } from "node:stream";
import type { FileUpload } from "graphql-upload-minimal";
import { SpeakerError, UploadFailedError, type UploadFailure, UploadTooLargeError } from "../errors.ts";
import type { CheckedBody, UploadLimits } from "./body.ts";

/** A file that is still on its way. */
export interface OpenUpload {
  /** As the caller calls it; only for looking at its extension. */
  readonly fileName: string | null;
  readonly mediaType: string | null;
  /** Its bytes; the limit of its size is enforced on the way. */
  readonly content: AsyncIterable<Buffer>;
}

const FAILURES: Readonly<Record<UploadFailure, string>> = {
  MISSING: "The request holds no file for the place that `map` names.",
  EMPTY: "The file is empty.",
  INTERRUPTED: "The request ended before the file did. Send it again.",
  TIMED_OUT: "The file took too long to arrive. Send it again, or a smaller one.",
};

/** How a file that did not arrive whole is told. */
export function uploadFailed(reason: UploadFailure): UploadFailedError {
  return new UploadFailedError(reason, FAILURES[reason]);
}

/** What the scalar `Upload` gives to a resolver. */
export class IncomingUpload {
  readonly #file: Promise<FileUpload>;
  readonly #body: Pick<CheckedBody, "fault">;
  readonly #limits: UploadLimits;

  constructor(file: Promise<FileUpload>, body: Pick<CheckedBody, "fault">, limits: UploadLimits) {
    this.#file = file;
    this.#body = body;
    this.#limits = limits;
  }

  /** @throws UploadFailedError, UploadTooLargeError; so does the content while it is read. */
  async open(): Promise<OpenUpload> {
    try {
      const file = await this.#file;
      const content = file.createReadStream();
      return {
        fileName: file.filename || null,
        mediaType: file.mimetype || null,
        content: this.#read(content),
      };
    } catch (error) {
      throw this.#failure(error);
    }
  }

  async *#read(stream: Readable): AsyncGenerator<Buffer> {
    const tooLarge = () => stream.destroy(new UploadTooLargeError(this.#limits.maxBytes));
    // Without this the parser would end a file that is too large as if it were whole.
    stream.once("limit", tooLarge);
    try {
      if ((stream as { truncated?: boolean }).truncated === true) tooLarge();
      for await (const chunk of stream) yield chunk as Buffer;
      if (this.#body.fault !== null) throw this.#body.fault;
    } catch (error) {
      throw this.#failure(error);
    }
  }

  #failure(error: unknown): SpeakerError {
    const fault = error instanceof SpeakerError ? error : this.#body.fault;
    if (fault instanceof UploadTooLargeError) return fault;
    if (fault?.code === "UPLOAD_TIMED_OUT") return uploadFailed("TIMED_OUT");
    if (fault?.code === "UPLOAD_FAILED") return uploadFailed("INTERRUPTED");
    if (fault != null) return fault;
    return uploadFailed((error as { status?: number }).status === 400 ? "MISSING" : "INTERRUPTED");
  }
}
