import { GraphQLError } from "graphql";
import type { Logger } from "pino";
import type { Db } from "../db/client.ts";
import { isDatabaseLost } from "../db/faults.ts";
import { type ErrorCode, SpeakerError, UnsupportedAudioError, UploadFailedError } from "../errors.ts";
import { type Actor, recordAudit } from "./audit.ts";

/** Under which action and for which kind of thing the attempt at a mutation is written down. */
export const ATTEMPTS: Readonly<Record<string, { readonly action: string; readonly targetType: string }>> = {
  synthesize: { action: "synthesis.request", targetType: "voice" },
  cancelJob: { action: "job.cancel", targetType: "job" },
  retryJob: { action: "job.retry", targetType: "job" },
  uploadVoice: { action: "voice.upload", targetType: "voice" },
  replaceVoiceSample: { action: "voice.sample.replace", targetType: "voice" },
  updateVoice: { action: "voice.update", targetType: "voice" },
  deleteVoice: { action: "voice.delete", targetType: "voice" },
  createVoiceMix: { action: "voice.mix", targetType: "voice" },
  createVoicePreview: { action: "voice.preview", targetType: "voice" },
  exportVoice: { action: "voice.export", targetType: "voice" },
  importVoice: { action: "voice.import", targetType: "voice" },
  createDictionary: { action: "dictionary.create", targetType: "dictionary" },
  updateDictionary: { action: "dictionary.update", targetType: "dictionary" },
  importDictionary: { action: "dictionary.import", targetType: "dictionary" },
  deleteDictionary: { action: "dictionary.delete", targetType: "dictionary" },
  createApiKey: { action: "key.create", targetType: "key" },
  revokeApiKey: { action: "key.revoke", targetType: "key" },
  rotateApiKey: { action: "key.rotate", targetType: "key" },
};

/** What a fault of the service is, in place of a caller's mistake. */
const FAULTS: ReadonlySet<string> = new Set(["INTERNAL", "SERVICE_UNAVAILABLE"]);

/** Refusals that cost a stranger nothing to cause: of each kind one entry a minute from each place. */
const CHEAP: ReadonlySet<string> = new Set(["UNAUTHENTICATED", "RATE_LIMITED"]);
const CHEAP_EVERY_MS = 60_000;
/** Places remembered; with more, the oldest are forgotten and may write again. */
const PLACES = 10_000;

/** An id that may be kept: what a caller sends as one could be anything, also the text that must not be here. */
const ID = /^[\w.:-]{1,64}$/;

/** Writes down what was asked for and not done: who, what and why, never the input. */
export class Refusals {
  readonly #db: Db;
  readonly #log: Logger;
  readonly #lastAt = new Map<string, { at: number; unwritten: number }>();

  constructor(db: Db, log: Logger) {
    this.#db = db;
    this.#log = log;
  }

  /** Never fails: a refusal reaches the caller also when it cannot be written down. */
  async record(actor: Actor, field: string, args: unknown, error: unknown): Promise<void> {
    const code = codeOf(error);
    const unwritten = CHEAP.has(code) ? this.#due(`${actor.ip} ${actor.name} ${field} ${code}`) : 0;
    if (unwritten === null) return;
    const attempt = ATTEMPTS[field] ?? { action: `mutation.${field}`, targetType: "other" };
    try {
      await recordAudit(this.#db, actor, {
        ...attempt,
        outcome: FAULTS.has(code) ? "FAILED" : "REFUSED",
        targetId: targetOf(args),
        details: { mutation: field, code, ...reasonOf(error), ...(unwritten > 0 && { unwritten }) },
      });
    } catch (failure) {
      this.#log.warn({ err: failure, requestId: actor.requestId, code }, "a refusal could not be audited");
    }
  }

  /** Writes down that somebody came with a key that does not hold; who it was is not known. */
  async recordStranger(facts: Pick<Actor, "ip" | "userAgent" | "requestId">, error: unknown): Promise<void> {
    const code = codeOf(error);
    if (code !== "UNAUTHENTICATED") return;
    const unwritten = this.#due(`${facts.ip} key ${code}`);
    if (unwritten === null) return;
    const { ip, userAgent, requestId } = facts;
    try {
      await recordAudit(
        this.#db,
        { name: "unknown", tenant: "unknown", ip, userAgent, requestId },
        {
          action: "key.use",
          outcome: "REFUSED",
          targetType: "key",
          targetId: null,
          details: { code, ...(unwritten > 0 && { unwritten }) },
        },
      );
    } catch (failure) {
      this.#log.warn({ err: failure, requestId, code }, "a refusal could not be audited");
    }
  }

  /** How many like it went unwritten before this one; null when this one is too soon. */
  #due(place: string): number | null {
    const now = performance.now();
    const last = this.#lastAt.get(place);
    if (last !== undefined && now - last.at < CHEAP_EVERY_MS) {
      last.unwritten++;
      return null;
    }
    this.#lastAt.delete(place);
    this.#lastAt.set(place, { at: now, unwritten: 0 });
    if (this.#lastAt.size > PLACES) {
      const [oldest] = this.#lastAt.keys();
      if (oldest !== undefined) this.#lastAt.delete(oldest);
    }
    return last?.unwritten ?? 0;
  }
}

/** The code that the caller sees for an error, as `presentError` chooses it. */
export function codeOf(error: unknown): ErrorCode {
  let root = error;
  while (root instanceof GraphQLError && root.originalError !== undefined) root = root.originalError;
  if (root instanceof SpeakerError) return root.code;
  if (root instanceof GraphQLError) {
    const { code } = root.extensions;
    return typeof code === "string" ? (code as ErrorCode) : "BAD_REQUEST";
  }
  return isDatabaseLost(root) ? "SERVICE_UNAVAILABLE" : "INTERNAL";
}

/** What an error that many reasons may have says of its own. */
function reasonOf(error: unknown): { readonly reason?: string } {
  if (error instanceof UnsupportedAudioError) return { reason: error.reason };
  return error instanceof UploadFailedError ? { reason: error.failure } : {};
}

/** The id in the arguments of a mutation: `id`, or `input.id` and the like. */
function targetOf(args: unknown): string | null {
  const { id, input } = (args ?? {}) as { id?: unknown; input?: Record<string, unknown> };
  const candidate = id ?? input?.id ?? input?.voiceId ?? input?.jobId;
  return typeof candidate === "string" && ID.test(candidate) ? candidate : null;
}
