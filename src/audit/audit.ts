import type { Scope } from "../auth/scopes.ts";
import type { Db, Tx } from "../db/client.ts";
import { auditLog } from "./table.ts";

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
}

export interface AuditEvent {
  readonly action:
    | "synthesis.request"
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
    | "key.create"
    | "key.revoke"
    | "key.rotate";
  readonly outcome: "ACCEPTED" | "REFUSED";
  readonly targetType: string;
  readonly targetId: string | null;
  /** Numbers, ids and digests; never the text that is spoken. */
  readonly details: Readonly<Record<string, string | number | boolean | null>>;
}

const USER_AGENT_CHARACTERS = 512;

/** Writes an audit entry in the transaction that does the thing, so that neither exists without the other. */
export async function recordAudit(db: Db | Tx, actor: Actor, event: AuditEvent): Promise<void> {
  await db.insert(auditLog).values({
    actor: actor.name,
    tenant: actor.tenant,
    ip: actor.ip,
    userAgent: actor.userAgent?.slice(0, USER_AGENT_CHARACTERS) ?? null,
    requestId: actor.requestId,
    ...event,
  });
}
