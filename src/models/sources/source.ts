import type { ManifestFile, ManifestModel } from "../manifest.ts";

/** What a source is asked for, and the hands it works with. */
export interface SourceRequest {
  readonly model: ManifestModel;
  readonly files: readonly ManifestFile[];
  readonly signal: AbortSignal;
  readonly timeouts: SourceTimeouts;
  /** Where a file grows until it is whole; a source may find the beginning of it there and go on. */
  partPath(file: ManifestFile): string;
  /** An empty folder on the same file system, removed when the source is done. */
  scratchDir(): Promise<string>;
  /**
   * Checks the digest of the part and puts it in place, or removes it.
   *
   * @returns whether it was right
   */
  deliver(file: ManifestFile): Promise<boolean>;
  /** Notes that this source cannot give this file; others are still tried. */
  refuse(file: ManifestFile, reason: string): void;
  report(file: ManifestFile | null, receivedBytes: number, totalBytes: number): void;
}

export interface SourceTimeouts {
  /** Until a server begins to answer. A closed network may swallow packets rather than refuse them. */
  readonly connectMs: number;
  /** Without a byte from a server. */
  readonly stallMs: number;
  /** Without a byte written by a package client, which has its own timeouts and retries. */
  readonly clientStallMs: number;
}

/** A place that weights come from. */
export interface Source {
  /** Names the source to people: no path, no credentials. */
  readonly label: string;
  /** What fetching from it is, to those who watch. */
  readonly phase: "download" | "prepare";
  /**
   * Delivers as many of the files as it can.
   *
   * @throws SourceError when the source as a whole is of no use
   */
  fetch(request: SourceRequest): Promise<void>;
}

/** Fills `{path}` and `{extension}` of a manifest template. */
export function fillTemplate(template: string, { path }: ManifestFile): string {
  const dot = path.indexOf(".");
  return template.replaceAll("{path}", path).replaceAll("{extension}", dot < 0 ? "" : path.slice(dot));
}
