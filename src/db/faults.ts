/** What drivers say when the server is gone, is going down or cannot be reached. */
const LOST = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ETIMEDOUT",
  "ENOTFOUND",
  "EHOSTUNREACH",
  "EPIPE",
  "CONNECTION_CLOSED",
  "CONNECTION_ENDED",
  "CONNECTION_DESTROYED",
  "CONNECT_TIMEOUT",
  "57P01",
  "57P02",
  "57P03",
  "08000",
  "08003",
  "08006",
  "53300",
]);

/** True when the database itself is unreachable, so that nothing is wrong with the request. */
export function isDatabaseLost(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ("code" in cause && LOST.has(String(cause.code))) return true;
  }
  return false;
}

/** True when two transactions waited for each other and this one was given up: it may be tried again. */
export function isDeadlock(error: unknown): boolean {
  return hasSqlState(error, "40P01");
}

/** True when a row that this one refers to is not there, or no longer. */
export function isMissingReference(error: unknown): boolean {
  return hasSqlState(error, "23503");
}

function hasSqlState(error: unknown, code: string): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ("code" in cause && cause.code === code) return true;
  }
  return false;
}
