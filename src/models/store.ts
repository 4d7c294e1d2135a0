import * as fs from "node:fs/promises";
import { join } from "node:path";
import { NotFoundError, SpeakerError } from "../errors.ts";
import { acquireLock, type Lock, LockHeldError } from "../lockfile.ts";
import { folderFault } from "./faults.ts";
import { type Manifest, type ManifestFile, type ManifestModel, readManifest } from "./manifest.ts";
import { type Clients, sourcesOf } from "./sources/index.ts";
import type { Source, SourceTimeouts } from "./sources/source.ts";
import { Transfer } from "./transfer.ts";
import { type FileState, Verification } from "./verification.ts";

/** One step of bringing a model; bytes count over the whole model, `file` is the one in hand where known. */
export interface ModelProgress {
  readonly model: string;
  readonly file: string | null;
  readonly source: string | null;
  readonly phase: "download" | "verify" | "prepare";
  readonly receivedBytes: number;
  readonly totalBytes: number;
}

type ProgressListener = (progress: ModelProgress) => void;

interface StoreLogger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

export interface ModelStoreOptions {
  /** Where weights are kept; made when first needed. */
  readonly dir: string;
  readonly manifest?: Manifest;
  /** A folder with the files, asked first: for networks without a way out. */
  readonly sourceDir?: string | null;
  /** Base of a mirror that serves `<model>/<file>`, asked before the public places. */
  readonly mirrorUrl?: string | null;
  readonly logger?: StoreLogger;
  readonly onProgress?: ProgressListener;
  /** Package clients to use in place of the ones that are found. */
  readonly clients?: Clients;
  readonly timeouts?: Partial<SourceTimeouts>;
}

/** A model whose files are all there and right. */
export interface ModelFiles {
  readonly dir: string;
  /** Path of one of its files. Throws for a name that the manifest does not have. */
  file(name: string): string;
}

export interface FileReport {
  readonly model: string;
  readonly file: string;
  readonly state: FileState;
}

export interface ModelReport {
  readonly id: string;
  readonly title: string;
  readonly purpose: string;
  readonly engine: string;
  readonly licence: string;
  readonly attribution: string;
  readonly bytes: number;
  /** UNVERIFIED: all there with the right size, but not hashed since they last changed. */
  readonly state: "READY" | "UNVERIFIED" | "INCOMPLETE" | "MISSING";
  readonly sources: readonly string[];
}

const DEFAULT_TIMEOUTS: SourceTimeouts = { connectMs: 10_000, stallMs: 30_000, clientStallMs: 90_000 };

/**
 * The weights of every model: fetched once from the first source that has them, proven by size and SHA-256
 * before use, kept in a folder that several processes may share.
 */
export class ModelStore {
  readonly dir: string;
  readonly manifest: Manifest;
  readonly #options: ModelStoreOptions;

  constructor(options: ModelStoreOptions) {
    this.dir = options.dir;
    this.manifest = options.manifest ?? readManifest();
    this.#options = options;
  }

  /**
   * Makes sure that a model is there and right. Where it was checked before and nothing has changed, that takes
   * milliseconds; else its files are hashed, and those missing or damaged are fetched, by one process at a time.
   *
   * @throws SpeakerError MODEL_UNAVAILABLE that says what failed at which source and what to do; NotFoundError
   *   for an unknown id; the signal's reason when aborted
   */
  async ensure(id: string, options: { signal?: AbortSignal | undefined } = {}): Promise<ModelFiles> {
    const model = this.#model(id);
    const files = this.#files(model);
    if (await this.#isKnownGood(model)) return files;
    try {
      await fs.mkdir(files.dir, { recursive: true });
      const lock = await this.#lock(id, options.signal);
      try {
        await this.#repair(model, options.signal ?? new AbortController().signal);
      } finally {
        await lock.release();
      }
    } catch (error) {
      options.signal?.throwIfAborted();
      // Whole files in a folder that cannot be written, such as a read-only image, are still good.
      const fault = folderFault(error);
      if (fault !== null && (await this.#damaged(model, options.signal)).length === 0) return files;
      throw fault ?? error;
    }
    return files;
  }

  /** Ensures several models, one after the other; all of the manifest by default. Throws as `ensure` does. */
  async pull(
    ids: readonly string[] = this.#ids(),
    options: { signal?: AbortSignal | undefined } = {},
  ): Promise<void> {
    for (const id of ids) this.#model(id);
    for (const id of ids) await this.ensure(id, options);
  }

  /**
   * Hashes every file of the models again, whatever was found before. A damaged file is only reported: the next
   * `ensure` or `pull` replaces it.
   */
  async verify(
    ids: readonly string[] = this.#ids(),
    options: { signal?: AbortSignal | undefined } = {},
  ): Promise<FileReport[]> {
    const reports: FileReport[] = [];
    for (const model of ids.map((id) => this.#model(id))) {
      const verification = this.#verification(model);
      const onBytes = this.#verifyProgress(model);
      for (const file of model.files) {
        const state = await verification.full(file, {
          signal: options.signal,
          onBytes: (bytes) => onBytes(file, bytes),
        });
        reports.push({ model: model.id, file: file.path, state });
      }
    }
    return reports;
  }

  /** What the manifest holds and how much of it is here, without reading or fetching any weights. */
  async list(): Promise<ModelReport[]> {
    return Promise.all(
      this.manifest.models.map(async (model) => {
        const { id, title, purpose, engine, licence, attribution } = model;
        return {
          ...{ id, title, purpose, engine, licence, attribution },
          bytes: model.files.reduce((sum, file) => sum + file.bytes, 0),
          state: await this.#state(model),
          sources: this.#sources(model).map((source) => source.label),
        };
      }),
    );
  }

  /**
   * One file of a model, the first when no name is given, with its SHA-256; it is brought first. Throws as `ensure` does.
   */
  async locate(
    id: string,
    name?: string,
    options: { signal?: AbortSignal | undefined } = {},
  ): Promise<{ readonly path: string; readonly sha256: string }> {
    const model = this.#model(id);
    const file = model.files.find(({ path }) => path === (name ?? model.files[0]?.path));
    const path = (await this.ensure(id, options)).file(file?.path ?? name ?? "");
    const sha256 = file === undefined ? null : await this.#verification(model).digestOf(file);
    // A folder that cannot be written keeps no digest that was found.
    return { path, sha256: sha256 ?? file?.md5 ?? "" };
  }

  /** Which of these models have all their files here, by size alone: nothing is read. */
  async present(ids: readonly string[]): Promise<ReadonlySet<string>> {
    const folders = new Set(await fs.readdir(this.dir).catch(() => []));
    const states = await Promise.all(
      ids
        .filter((id) => folders.has(id))
        .map(async (id) => [id, await this.#state(this.#model(id))] as const),
    );
    return new Set(
      states.flatMap(([id, state]) => (state === "READY" || state === "UNVERIFIED" ? [id] : [])),
    );
  }

  async #state(model: ManifestModel): Promise<ModelReport["state"]> {
    const verification = this.#verification(model);
    const states = await Promise.all(model.files.map((file) => verification.quick(file)));
    if (states.every((state) => state === "MISSING")) return "MISSING";
    if (states.some((state) => state === "MISSING" || state === "CORRUPT")) return "INCOMPLETE";
    return states.includes("UNKNOWN") ? "UNVERIFIED" : "READY";
  }

  async #isKnownGood(model: ManifestModel): Promise<boolean> {
    return (await this.#state(model)) === "READY";
  }

  /** Under the lock: another process may have done the work meanwhile, so everything is looked at again. */
  async #repair(model: ManifestModel, signal: AbortSignal): Promise<void> {
    if (await this.#isKnownGood(model)) return;
    const damaged = await this.#damaged(model, signal);
    if (damaged.length === 0) return;
    const { logger, onProgress } = this.#options;
    logger?.info({ model: model.id, files: damaged.length }, "fetching model files");
    const transfer = new Transfer({
      model,
      dir: this.#files(model).dir,
      sources: this.#sources(model),
      timeouts: { ...DEFAULT_TIMEOUTS, ...this.#options.timeouts },
      verification: this.#verification(model),
      signal,
      onProgress: onProgress ?? (() => undefined),
      onSourceFailed: (source, reason) =>
        logger?.warn({ model: model.id, source, reason }, "model source failed"),
    });
    await transfer.run(damaged);
    logger?.info({ model: model.id }, "model files fetched and verified");
  }

  async #damaged(model: ManifestModel, signal: AbortSignal | undefined): Promise<ManifestFile[]> {
    const verification = this.#verification(model);
    const onBytes = this.#verifyProgress(model);
    const damaged: ManifestFile[] = [];
    for (const file of model.files) {
      let state = await verification.quick(file);
      if (state === "UNKNOWN") {
        state = await verification.full(file, { signal, onBytes: (bytes) => onBytes(file, bytes) });
      }
      if (state === "CORRUPT") {
        this.#options.logger?.warn({ model: model.id, file: file.path }, "model file is damaged");
      }
      if (state !== "OK") damaged.push(file);
    }
    return damaged;
  }

  #verifyProgress(model: ManifestModel): (file: ManifestFile, bytes: number) => void {
    const totalBytes = model.files.reduce((sum, file) => sum + file.bytes, 0);
    let receivedBytes = 0;
    return (file, bytes) => {
      receivedBytes += bytes;
      this.#options.onProgress?.({
        ...{ model: model.id, file: file.path, source: null, phase: "verify" },
        ...{ receivedBytes, totalBytes },
      });
    };
  }

  async #lock(id: string, signal: AbortSignal | undefined): Promise<Lock> {
    const path = join(this.dir, `${id}.lock`);
    const aborting = signal ? { signal } : {};
    try {
      return await acquireLock(path, { wait: false, ...aborting });
    } catch (error) {
      if (!(error instanceof LockHeldError)) throw error;
      this.#options.logger?.info(
        { model: id, holder: error.holder },
        "another process is fetching this model",
      );
      return acquireLock(path, aborting);
    }
  }

  #sources(model: ManifestModel): Source[] {
    return sourcesOf(model, this.#options, async (id, file, signal) =>
      (await this.ensure(id, { signal })).file(file),
    );
  }

  #files(model: ManifestModel): ModelFiles {
    const dir = join(this.dir, model.id);
    return {
      dir,
      file(name) {
        if (!model.files.some((file) => file.path === name)) {
          throw new SpeakerError("INTERNAL", `The model ${model.id} has no file of the name ${name}.`);
        }
        return join(dir, name);
      },
    };
  }

  #verification(model: ManifestModel): Verification {
    return new Verification(join(this.dir, model.id));
  }

  #model(id: string): ManifestModel {
    const model = this.manifest.models.find((candidate) => candidate.id === id);
    if (model === undefined) {
      const voices = this.manifest.models.filter(({ engine }) => engine === "piper").length;
      const own = this.manifest.models.filter(({ engine }) => engine !== "piper").map((one) => one.id);
      const more = voices === 0 ? "" : `, and ${voices} voices of Piper, such as en_US-joe-medium`;
      throw new NotFoundError(`There is no model ${id}. The manifest has: ${own.join(", ")}${more}.`);
    }
    return model;
  }

  #ids(): string[] {
    return this.manifest.models.map((model) => model.id);
  }
}
