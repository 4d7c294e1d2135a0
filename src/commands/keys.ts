import type { Actor } from "../audit/audit.ts";
import { NAME_PATTERN } from "../auth/environment.ts";
import { actorOf, OPEN } from "../auth/identity.ts";
import {
  createApiKey,
  type IssuedKey,
  isValid,
  type KeyDeps,
  listApiKeys,
  revokeApiKey,
  rotateApiKey,
} from "../auth/key.ts";
import { NO_KEY_LIMITS } from "../auth/limits.ts";
import { isScope, SCOPE_NAMES, type Scope } from "../auth/scopes.ts";
import { openServerSecret } from "../auth/secret.ts";
import { loadConfig } from "../config.ts";
import { InvalidInputError } from "../errors.ts";
import { openMigratedDatabase } from "../resources.ts";
import { table } from "./table.ts";

const HOUR_MS = 3_600_000;

/** Who the audit log names for what is done on the machine itself. */
const actor = (): Actor => ({
  ...actorOf(OPEN, { ip: null, userAgent: null, requestId: "command-line" }),
  name: "command-line",
});

/** Works on the database itself: the embedded one must not be open elsewhere, a PostgreSQL may. */
async function withKeys(work: (deps: KeyDeps) => Promise<string>): Promise<void> {
  const config = loadConfig();
  const database = await openMigratedDatabase(config);
  try {
    const { db, kind } = database;
    const { dataDir, auth } = config;
    const secret = await openServerSecret({
      ...{ pepper: auth.pepper, dataDir, db },
      embedded: kind === "embedded",
    });
    process.stdout.write(await work({ db, secret }));
  } finally {
    await database.close();
  }
}

export interface CreateKeyOptions {
  readonly name: string;
  readonly scopes: string;
  readonly tenant?: string;
  readonly expiresHours?: number;
}

/** `speaker keys create`: also for the first key of a service that is not open. */
export async function createKey(options: CreateKeyOptions): Promise<void> {
  const scopes = scopesOf(options.scopes);
  const { name, tenant = null, expiresHours } = options;
  const issues = [
    ...(NAME_PATTERN.test(name) ? [] : ["name"]),
    ...(tenant === null || NAME_PATTERN.test(tenant) ? [] : ["tenant"]),
  ].map((path) => ({ path: [path], message: "accepts 1 to 64 of A-Z a-z 0-9 _ . -" }));
  if (issues.length > 0) throw new InvalidInputError(issues);
  const expiresAt = expiresHours === undefined ? null : new Date(Date.now() + expiresHours * HOUR_MS);
  await withKeys(async (deps) =>
    shown(await createApiKey(deps, actor(), { name, tenant, scopes, expiresAt, limits: NO_KEY_LIMITS })),
  );
}

function scopesOf(text: string): Scope[] {
  const names = text.split(/[\s,+|]+/).filter((name) => name !== "");
  const scopes = names.filter(isScope);
  if (scopes.length === 0 || scopes.length < names.length) {
    const message = `accepts one or more of ${SCOPE_NAMES.join(", ")}, separated by commas`;
    throw new InvalidInputError([{ path: ["scopes"], message }]);
  }
  return [...new Set(scopes)];
}

function shown({ key, secret }: IssuedKey): string {
  return `${secret}\n\nThis is shown once. Key ${key.id}, tenant ${key.tenant}, scopes ${key.scopes.join(", ")}.\n`;
}

/** `speaker keys list` */
export async function listKeys(): Promise<void> {
  await withKeys(async ({ db }) => {
    const day = (date: Date | null) => date?.toISOString().slice(0, 16) ?? "";
    const rows = (await listApiKeys(db)).map((key) => [
      key.id,
      key.name,
      `spk_${key.prefix}…`,
      key.tenant,
      key.scopes.join(","),
      isValid(key) ? "valid" : key.revokedAt === null ? "expired" : "revoked",
      day(key.lastUsedAt),
    ]);
    return table(["KEY", "NAME", "SECRET", "TENANT", "SCOPES", "STATE", "LAST USED"], rows);
  });
}

/** `speaker keys revoke` */
export async function revokeKey(id: string): Promise<void> {
  await withKeys(async (deps) => `Revoked: ${(await revokeApiKey(deps, actor(), id)).name}.\n`);
}

/** `speaker keys rotate` */
export async function rotateKey(id: string, options: { readonly grace: number }): Promise<void> {
  await withKeys(async (deps) => shown(await rotateApiKey(deps, actor(), id, options.grace)));
}
