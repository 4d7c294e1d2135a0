import { randomUUID } from "node:crypto";
import * as fs from "node:fs/promises";
import { join } from "node:path";
import { SpeakerError } from "../errors.ts";
import { folderFault, SourceError } from "./faults.ts";
import type { ManifestFile, ManifestModel } from "./manifest.ts";
import type { Source, SourceRequest, SourceTimeouts } from "./sources/source.ts";
import type { ModelProgress } from "./store.ts";
import { isLeftover, type Verification } from "./verification.ts";

const SCRATCH_PREFIX = ".scratch-";

export interface TransferOptions {
  readonly model: ManifestModel;
  /** Folder of the model. */
  readonly dir: string;
  readonly sources: readonly Source[];
  readonly timeouts: SourceTimeouts;
  readonly verification: Verification;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: ModelProgress) => void;
  readonly onSourceFailed: (source: string, reason: string) => void;
}

/** One go at bringing the missing files of a model, source by source. The caller holds the model's lock. */
export class Transfer {
  readonly #options: TransferOptions;
  readonly #missing = new Map<string, ManifestFile>();
  readonly #delivered: { path: string; sha256: string }[] = [];
  /** Of the files that the present source was asked for. */
  #fetchBytes = 0;
  #hashedBytes = 0;
  /** What lies behind the plain words, for the log. */
  readonly #causes: unknown[] = [];

  constructor(options: TransferOptions) {
    this.#options = options;
  }

  /** @throws SpeakerError MODEL_UNAVAILABLE with what failed at every source; the signal's reason when aborted */
  async run(files: readonly ManifestFile[]): Promise<void> {
    for (const file of files) this.#missing.set(file.path, file);
    await this.#removeLeftovers();
    await this.#checkSpace(files);
    const failures: string[] = [];
    for (const source of this.#options.sources) {
      const reasons = await this.#trySource(source);
      await this.#settle();
      if (this.#missing.size === 0) return;
      const reason = summarise(reasons);
      this.#options.onSourceFailed(source.label, reason);
      failures.push(`${source.label}: ${reason}`);
    }
    const cause = new AggregateError(this.#causes);
    throw unavailable(this.#options.model, this.#missing.size, failures, cause);
  }

  async #trySource(source: Source): Promise<string[]> {
    const { signal } = this.#options;
    const reasons: string[] = [];
    let scratch: string | null = null;
    this.#fetchBytes = bytesOf(this.#missing.values());
    this.#hashedBytes = 0;
    const request: SourceRequest = {
      model: this.#options.model,
      files: [...this.#missing.values()],
      signal,
      timeouts: this.#options.timeouts,
      partPath: (file) => this.#part(file),
      scratchDir: async () => {
        if (scratch === null) {
          scratch = join(this.#options.dir, `${SCRATCH_PREFIX}${randomUUID()}`);
          await fs.mkdir(scratch);
        }
        return scratch;
      },
      deliver: (file) => this.#deliver(file, source, reasons),
      refuse: (file, reason) => reasons.push(`${file.path} ${reason}`),
      report: (file, receivedBytes, totalBytes) =>
        this.#progress(source.phase, source, file, receivedBytes, totalBytes),
    };
    try {
      await source.fetch(request);
    } catch (error) {
      signal.throwIfAborted();
      const fault = error instanceof SpeakerError ? error : folderFault(error);
      if (fault !== null) {
        // A part on a full disk only keeps it full.
        await Promise.all(request.files.map((file) => fs.rm(this.#part(file), { force: true })));
        throw fault;
      }
      reasons.push(error instanceof SourceError ? error.message : "it failed in an unexpected way");
      this.#causes.push(error);
    } finally {
      if (scratch !== null) await fs.rm(scratch, { recursive: true, force: true });
    }
    return reasons;
  }

  async #deliver(file: ManifestFile, source: Source, reasons: string[]): Promise<boolean> {
    const part = this.#part(file);
    const { size } = await fs.stat(part);
    const sha256 = await this.#options.verification.prove(file, part, {
      signal: this.#options.signal,
      onBytes: (bytes) => {
        this.#hashedBytes += bytes;
        this.#progress(
          "verify",
          source,
          file,
          this.#hashedBytes,
          Math.max(this.#hashedBytes, this.#fetchBytes),
        );
      },
    });
    if (sha256 === null) {
      const digest = file.sha256 === undefined ? "digest" : "SHA-256";
      reasons.push(
        `${file.path} has the wrong ${size === file.bytes ? digest : "size"} there and was refused`,
      );
      await fs.rm(part, { force: true });
      return false;
    }
    await replace(part, join(this.#options.dir, file.path));
    this.#missing.delete(file.path);
    this.#delivered.push({ path: file.path, sha256 });
    return true;
  }

  /**
   * Stamps what a source has delivered, once it is on the disk: a stamp that outlived a power cut that its file did
   * not survive would vouch for zeros. All at once, for one wait on the disk in place of one for each file.
   */
  async #settle(): Promise<void> {
    const delivered = this.#delivered.splice(0);
    if (delivered.length === 0) return;
    await Promise.all(delivered.map((file) => syncToDisk(join(this.#options.dir, file.path))));
    await this.#options.verification.accept(delivered);
  }

  #part(file: ManifestFile): string {
    return join(this.#options.dir, `${file.path}.part`);
  }

  #progress(
    phase: ModelProgress["phase"],
    source: Source,
    file: ManifestFile | null,
    receivedBytes: number,
    totalBytes: number,
  ): void {
    const { model, onProgress } = this.#options;
    onProgress({
      ...{ model: model.id, file: file?.path ?? null, source: source.label },
      ...{ phase, receivedBytes, totalBytes },
    });
  }

  /** What a killed process left. Parts stay: they are taken up again. */
  async #removeLeftovers(): Promise<void> {
    for (const name of await fs.readdir(this.#options.dir)) {
      if (name.startsWith(SCRATCH_PREFIX) || isLeftover(name)) {
        await fs.rm(join(this.#options.dir, name), { recursive: true, force: true });
      }
    }
  }

  async #checkSpace(files: readonly ManifestFile[]): Promise<void> {
    const needed = bytesOf(files);
    const { bavail, bsize } = await fs.statfs(this.#options.dir);
    if (bavail * bsize >= needed) return;
    const megabytes = (bytes: number) => Math.ceil(bytes / 1e6);
    throw new SpeakerError(
      "MODEL_UNAVAILABLE",
      `The model ${this.#options.model.id} needs ${megabytes(needed)} MB, and the disk of the models folder has ` +
        `${megabytes(bavail * bsize)} MB left. Free some space, or set MODELS_DIR to a folder on a larger disk.`,
    );
  }
}

async function replace(from: string, to: string): Promise<void> {
  const isFolder = await fs.stat(to).then(
    (stat) => stat.isDirectory(),
    () => false,
  );
  if (isFolder) await fs.rm(to, { recursive: true });
  await fs.rename(from, to);
}

async function syncToDisk(path: string): Promise<void> {
  const file = await fs.open(path, "r+");
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

function bytesOf(files: Iterable<ManifestFile>): number {
  let total = 0;
  for (const file of files) total += file.bytes;
  return total;
}

function summarise(reasons: readonly string[]): string {
  const shown = [...new Set(reasons)].slice(0, 3);
  const more = new Set(reasons).size - shown.length;
  if (shown.length === 0) return "it did not have the files";
  return shown.join(", ") + (more > 0 ? `, and ${more} more like it` : "");
}

function unavailable(
  model: ManifestModel,
  missing: number,
  failures: readonly string[],
  cause: unknown,
): SpeakerError {
  const files = missing === 1 ? "1 file" : `${missing} files`;
  const tried = failures.map((failure, index) => `(${index + 1}) ${failure}`).join("; ");
  return new SpeakerError(
    "MODEL_UNAVAILABLE",
    `The model ${model.id} is not here: ${files} could not be fetched. Tried: ${tried || "no source is known"}. ` +
      `What helps: let this machine reach one of these; or name a mirror that serves ${model.id}/<file> ` +
      `(MODELS_MIRROR_URL) or a folder that holds the files (MODELS_SOURCE_DIR); or copy a models folder from a ` +
      `machine that has it and set MODELS_DIR to it.`,
    { cause },
  );
}
