import { ConfigError } from "../config.ts";
import { SpeakerError } from "../errors.ts";
import { LockHeldError } from "../lockfile.ts";
import { describeError } from "../log.ts";

/** Why a command could not do its work, in one line that says what to do; no stack for what a user can mend. */
export function explainFailure(error: unknown): string {
  if (error instanceof ConfigError) return error.message;
  if (error instanceof LockHeldError) {
    return `Another Speaker has this data folder open. ${error.message} Stop it, use another DATA_DIR, or set DATABASE_URL to share a PostgreSQL.`;
  }
  if (error instanceof SpeakerError) return error.message;
  const system = systemFailure(error);
  return system ?? describeError(error).stack ?? String(error);
}

function systemFailure(error: unknown): string | null {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const { code, port, path, address } = cause as NodeJS.ErrnoException & {
      port?: number;
      address?: string;
    };
    const what = path ?? "the data folder";
    if (code === "EADDRINUSE")
      return `Port ${port} is in use. Stop what uses it, or set PORT to another one.`;
    if (code === "EADDRNOTAVAIL") return `HOST ${address} is no address of this machine.`;
    if (code === "EACCES" || code === "EPERM" || code === "EROFS") {
      return port === undefined
        ? `${what} cannot be written (${code}). Give this user the right to, or set DATA_DIR and MODELS_DIR to other folders.`
        : `Port ${port} needs more rights (${code}). Set PORT to 1024 or higher.`;
    }
    if (code === "ENOSPC" || code === "EDQUOT")
      return `The disk is full (${code}). Free some space, or set DATA_DIR to another disk.`;
    if (code === "ENOTDIR") return `${what} is not a folder (ENOTDIR). Set DATA_DIR to one.`;
    if (
      code === "ECONNREFUSED" ||
      code === "ENOTFOUND" ||
      code === "CONNECT_TIMEOUT" ||
      code === "ETIMEDOUT"
    ) {
      return `The database of DATABASE_URL does not answer (${code}). Check its address and that it runs.`;
    }
    if (code === "28P01" || code === "28000")
      return `The database of DATABASE_URL refuses this user (${code}). Check the name and password.`;
    if (code === "3D000")
      return `The database that DATABASE_URL names does not exist (${code}). Create it first.`;
  }
  return null;
}
