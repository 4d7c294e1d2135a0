import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { eq } from "drizzle-orm";
import type { Db } from "../db/client.ts";
import { serverSecrets } from "./table.ts";

const NAME = "pepper";
const SECRET_BYTES = 32;

/** Keyed digests under the server's own secret; each purpose has a key of its own. */
export interface ServerSecret {
  /** HMAC-SHA-256 of the text for this purpose. */
  digest(purpose: "api-key" | "file", text: string): Buffer;
}

export interface SecretSource {
  /** `KEY_PEPPER`; null when it is to be made here. */
  readonly pepper: string | null;
  readonly dataDir: string;
  readonly db: Db;
  readonly embedded: boolean;
}

/**
 * The server's secret: `KEY_PEPPER`, or one that is made once and kept: beside the embedded database in a file that
 * only its owner can read, and in the database where nodes share one.
 */
export async function openServerSecret(source: SecretSource): Promise<ServerSecret> {
  const secret =
    source.pepper ??
    (source.embedded ? await secretOfFolder(source.dataDir) : await secretOfDatabase(source.db));
  return {
    digest(purpose, text) {
      const key = createHmac("sha256", secret).update(`speaker/${purpose}`).digest();
      return createHmac("sha256", key).update(text).digest();
    },
  };
}

async function secretOfFolder(dataDir: string): Promise<string> {
  const path = join(dataDir, "server.secret");
  const kept = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
  if (kept !== null) return kept;
  const made = newSecret();
  // Whole or not at all: half a secret would make every key worthless. The database's lock keeps others out.
  await writeFile(`${path}.new`, made, { mode: 0o600 });
  await rename(`${path}.new`, path);
  return made;
}

async function secretOfDatabase(db: Db): Promise<string> {
  // Of nodes that start together one writes; all read the same.
  await db.insert(serverSecrets).values({ name: NAME, value: newSecret() }).onConflictDoNothing();
  const [row] = await db.select().from(serverSecrets).where(eq(serverSecrets.name, NAME));
  if (row === undefined) throw new Error("the server's secret was not kept");
  return row.value;
}

function newSecret(): string {
  return randomBytes(SECRET_BYTES).toString("base64url");
}

/** Whether two digests in hexadecimal are the same, in a time that does not tell where they differ. */
export function sameDigest(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a, "hex"), Buffer.from(b, "hex")];
  return left.length === right.length && timingSafeEqual(left, right);
}
