import { randomBytes } from "node:crypto";
import { and, desc, eq, isNull, lt, or, sql } from "drizzle-orm";
import { v7, validate } from "uuid";
import { type Actor, recordAudit } from "../audit/audit.ts";
import type { Db, Tx } from "../db/client.ts";
import { notify } from "../db/events.ts";
import { ConflictError, NotFoundError } from "../errors.ts";
import type { KeyLimits } from "./limits.ts";
import type { Scope } from "./scopes.ts";
import { type ServerSecret, sameDigest } from "./secret.ts";
import { type ApiKeyRow, apiKeys } from "./table.ts";

export interface KeyDeps {
  readonly db: Db;
  readonly secret: ServerSecret;
}

export interface NewKey {
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** Left out, the key gets a tenant of its own: its id. */
  readonly tenant: string | null;
  readonly limits: KeyLimits;
  readonly expiresAt: Date | null;
}

/** A key with its secret, which is never seen again. */
export interface IssuedKey {
  readonly key: ApiKeyRow;
  readonly secret: string;
}

/** 40 bits to find a row by, 256 to guess. */
const PREFIX_BYTES = 5;
const SECRET_BYTES = 32;
const KEY = /^spk_([0-9a-f]{10})_[\w-]{43}$/;

/** How many keys a list shows at most; the newest come first. */
export const LISTED_KEYS = 1000;

/** Whether this looks like a managed key, right or wrong. */
export function isManagedKey(credential: string): boolean {
  return credential.startsWith("spk_");
}

async function issue(
  tx: Tx,
  { secret }: KeyDeps,
  values: Omit<typeof apiKeys.$inferInsert, "id" | "prefix" | "hash" | "tenant"> & { tenant: string | null },
): Promise<IssuedKey> {
  const id = v7();
  const prefix = randomBytes(PREFIX_BYTES).toString("hex");
  const text = `spk_${prefix}_${randomBytes(SECRET_BYTES).toString("base64url")}`;
  const [key] = await tx
    .insert(apiKeys)
    .values({
      ...values,
      id,
      prefix,
      tenant: values.tenant ?? id,
      hash: secret.digest("api-key", text).toString("hex"),
    })
    .returning();
  if (key === undefined) throw new Error("insert returned no row");
  await notify(tx, "keys");
  return { key, secret: text };
}

function audit(tx: Tx, actor: Actor, action: "key.create" | "key.revoke" | "key.rotate", key: ApiKeyRow) {
  return recordAudit(tx, actor, {
    action,
    outcome: "ACCEPTED",
    targetType: "key",
    targetId: key.id,
    details: { name: key.name, prefix: key.prefix, tenant: key.tenant, scopes: key.scopes.join(" ") },
  });
}

/** Makes a key. Its secret is in the answer and nowhere else. */
export async function createApiKey(deps: KeyDeps, actor: Actor, input: NewKey): Promise<IssuedKey> {
  return await deps.db.transaction(async (tx) => {
    const issued = await issue(tx, deps, { ...input, scopes: [...input.scopes], createdBy: actor.name });
    await audit(tx, actor, "key.create", issued.key);
    return issued;
  });
}

/**
 * Ends a key at once; whatever streams on its behalf ends too. Revoking a revoked key changes nothing.
 *
 * @throws NotFoundError
 */
export async function revokeApiKey({ db }: KeyDeps, actor: Actor, id: string): Promise<ApiKeyRow> {
  return await db.transaction(async (tx) => {
    const key = await lockKey(tx, id);
    if (key.revokedAt !== null) return key;
    const [row] = await tx
      .update(apiKeys)
      .set({ revokedAt: sql`now()` })
      .where(eq(apiKeys.id, id))
      .returning();
    await notify(tx, `key:${id}`);
    await audit(tx, actor, "key.revoke", key);
    return row ?? key;
  });
}

/**
 * A new secret for the same name, tenant, scopes, limits and expiry. The old key works on for `graceSeconds`,
 * never beyond its own expiry.
 *
 * @throws NotFoundError; ConflictError when the key has been revoked or has expired.
 */
export async function rotateApiKey(
  deps: KeyDeps,
  actor: Actor,
  id: string,
  graceSeconds: number,
): Promise<IssuedKey> {
  return await deps.db.transaction(async (tx) => {
    const old = await lockKey(tx, id);
    if (!isValid(old)) {
      throw new ConflictError("The key has been revoked or has expired. Create a new one with createApiKey.");
    }
    const { name, tenant, scopes, limits, expiresAt } = old;
    const issued = await issue(tx, deps, {
      ...{ name, tenant, scopes, limits, expiresAt },
      createdBy: actor.name,
      rotatedFrom: id,
    });
    const end = sql`now() + make_interval(secs => ${graceSeconds})`;
    await tx
      .update(apiKeys)
      .set(
        graceSeconds === 0
          ? { revokedAt: sql`now()` }
          : { expiresAt: sql`least(${end}, coalesce(${apiKeys.expiresAt}, ${end}))` },
      )
      .where(eq(apiKeys.id, id));
    await notify(tx, `key:${id}`);
    await audit(tx, actor, "key.rotate", issued.key);
    return issued;
  });
}

async function lockKey(tx: Tx, id: string): Promise<ApiKeyRow> {
  const [key] = validate(id) ? await tx.select().from(apiKeys).where(eq(apiKeys.id, id)).for("update") : [];
  if (key === undefined) throw new NotFoundError("There is no such key.");
  return key;
}

export function isValid({ revokedAt, expiresAt }: ApiKeyRow): boolean {
  return revokedAt === null && (expiresAt === null || expiresAt > new Date());
}

export async function listApiKeys(db: Db): Promise<ApiKeyRow[]> {
  return await db.select().from(apiKeys).orderBy(desc(apiKeys.id)).limit(LISTED_KEYS);
}

export async function findApiKey(db: Db, id: string): Promise<ApiKeyRow | null> {
  const [key] = await db.select().from(apiKeys).where(eq(apiKeys.id, id));
  return key ?? null;
}

/** Whether a managed key was ever made: from then on nobody gets in without one. */
export async function hasApiKeys(db: Db): Promise<boolean> {
  return (await db.select({ id: apiKeys.id }).from(apiKeys).limit(1)).length > 0;
}

/** The valid key that this secret belongs to; null for a wrong, revoked or expired one. */
export async function verifyApiKey({ db, secret }: KeyDeps, credential: string): Promise<ApiKeyRow | null> {
  const prefix = KEY.exec(credential)?.[1];
  if (prefix === undefined) return null;
  const [key] = await db.select().from(apiKeys).where(eq(apiKeys.prefix, prefix));
  const digest = secret.digest("api-key", credential).toString("hex");
  // Compared also when there is no such row, so that both take as long.
  const same = sameDigest(digest, key?.hash ?? "0".repeat(digest.length));
  return key !== undefined && same && isValid(key) ? key : null;
}

const LAST_USED_EVERY = sql`interval '1 minute'`;

/** Notes that the key is in use, once a minute at most. */
export async function touchApiKey(db: Db, id: string): Promise<void> {
  const due = or(isNull(apiKeys.lastUsedAt), lt(apiKeys.lastUsedAt, sql`now() - ${LAST_USED_EVERY}`));
  await db
    .update(apiKeys)
    .set({ lastUsedAt: sql`now()` })
    .where(and(eq(apiKeys.id, id), due));
}
