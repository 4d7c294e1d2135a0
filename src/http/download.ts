/** What is made for the one who downloads it, of which a copy may say more than it will tomorrow. */
export interface Download {
  readonly type: string;
  /** Name that it is saved under. */
  readonly filename: string;
  /** Left out where it is not known before all of it has been made. */
  readonly bytes?: number;
}

/** The headers of a file that is made when it is asked for: it is saved, and kept by no cache. */
export function downloadHeaders({ type, filename, bytes }: Download): Record<string, string> {
  return {
    "Content-Type": type,
    ...(bytes !== undefined && { "Content-Length": String(bytes) }),
    "Cache-Control": "private, no-store",
    "Content-Disposition": `attachment; filename="${filename}"`,
  };
}
