import type { Scope } from "../auth/scopes.ts";
import type { Db, Tx } from "../db/client.ts";
import { notify } from "../db/events.ts";
import { type AuditOutcome, auditLog } from "./table.ts";

/** Who asks, as far as the service knows: kept with everything that is done on their behalf. */
export interface Actor {
  /** Name of the key; `anonymous` where access is open. */
  readonly name: string;
  /** Whose voices and jobs it sees and makes. */
  readonly tenant: string;
  /** The managed key; null for keys of the environment and for open access. */
  readonly keyId: string | null;
  /** What it may do; empty for a caller without a key where one is needed. */
  readonly scopes: ReadonlySet<Scope>;
  readonly ip: string | null;
  readonly userAgent: string | null;
  readonly requestId: string;
  /** When the request came, by `performance.now()`; left out where nobody waits. */
  readonly startedAt?: number;
}

/** What an entry says of whoever acted. */
export type AuditActor = Pick<Actor, "name" | "tenant" | "ip" | "userAgent" | "requestId" | "startedAt">;

/** The service itself, where nobody asked for what it did. */
export const SERVICE_ACTOR: AuditActor = {
  name: "speaker",
  tenant: "system",
  ip: null,
  userAgent: null,
  requestId: "none",
};

export interface AuditEvent {
  readonly action:
    | "synthesis.request"
    | "job.end"
    | "job.cancel"
    | "job.retry"
    | "voice.upload"
    | "voice.update"
    | "voice.sample.replace"
    | "voice.delete"
    | "voice.mix"
    | "voice.preview"
    | "voice.export"
    | "voice.import"
    | "dictionary.create"
    | "dictionary.update"
    | "dictionary.import"
    | "dictionary.export"
    | "dictionary.delete"
    | "key.create"
    | "key.revoke"
    | "key.rotate"
    | "key.use"
    | "audit.export"
    | "audit.prune";
  readonly outcome: AuditOutcome;
  readonly targetType: string;
  readonly targetId: string | null;
  /** Milliseconds; left out, it is the time since the request came. */
  readonly durationMs?: number | null;
  /** Numbers, ids and digests; the text that is spoken only where the operator wants it (AUDIT_TEXT). */
  readonly details: Readonly<Record<string, string | number | boolean | null>>;
}

const USER_AGENT_CHARACTERS = 512;

/** Writes an audit entry in the transaction that does the thing, so that neither exists without the other. */
export async function recordAudit(
  db: Db | Tx,
  actor: AuditActor,
  event: AuditEvent | (Omit<AuditEvent, "action"> & { readonly action: string }),
): Promise<void> {
  const { startedAt } = actor;
  await db.insert(auditLog).values({
    actor: actor.name,
    tenant: actor.tenant,
    ip: actor.ip,
    userAgent: actor.userAgent?.slice(0, USER_AGENT_CHARACTERS) ?? null,
    requestId: actor.requestId,
    durationMs: startedAt === undefined ? null : Math.round(performance.now() - startedAt),
    ...event,
  });
  await notify(db, "audit");
}
