import pino, { type Logger } from "pino";
import pretty from "pino-pretty";
import type { Config } from "./config.ts";

/**
 * The program's logger. JSON lines, or readable lines on a terminal. What a log must never hold is kept out
 * here: a failed query's parameters are the texts and keys of callers.
 */
export function createLogger(config: Config["log"]): Logger {
  const readable = config.format === "pretty" || (config.format === "auto" && process.stdout.isTTY);
  const options = { level: config.level, base: null, serializers: { err: describeError } };
  if (!readable)
    return pino({
      ...options,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    });
  return pino(options, pretty({ translateTime: "SYS:HH:MM:ss", ignore: "pid,hostname", sync: true }));
}

interface ErrorDescription {
  readonly type: string;
  readonly message: string;
  readonly code?: unknown;
  readonly stack?: string;
  readonly cause?: ErrorDescription;
}

/** An error for the log: its type, message, code, stack and causes, and none of the data it carries. */
export function describeError(error: unknown): ErrorDescription {
  if (!(error instanceof Error)) return { type: typeof error, message: String(error) };
  const { cause } = error;
  // Drizzle puts the statement and its parameters into the message; the driver's own error says what is wrong.
  if ("params" in error && cause instanceof Error) return describeError(cause);
  return {
    type: error.name,
    message: error.message,
    ...("code" in error && { code: error.code }),
    ...(error.stack !== undefined && { stack: error.stack }),
    ...(cause !== undefined && { cause: describeError(cause) }),
  };
}
