import { ForbiddenError, SpeakerError } from "../errors.ts";
import type { Caller } from "./caller.ts";
import { type Identity, UNKNOWN } from "./identity.ts";
import { requireScope } from "./refusal.ts";
import type { Scope } from "./scopes.ts";
import { type ServerSecret, sameDigest } from "./secret.ts";

/** What a signature covers: another path, another tenant or a later end does not fit it. */
function signatureOf(secret: ServerSecret, path: string, expires: number, tenant: string): Buffer {
  return secret.digest("file", JSON.stringify([path, expires, tenant]));
}

/** The query of an address that opens this path without a key until it expires. */
export function signPath(secret: ServerSecret, path: string, tenant: string, ttlSeconds: number): string {
  const expires = Math.floor(Date.now() / 1000) + ttlSeconds;
  const signature = signatureOf(secret, path, expires, tenant).toString("base64url");
  return `expires=${expires}&signature=${signature}`;
}

/**
 * Checks the signature in a query.
 *
 * @param tenant owner of what the path names; null when there is nothing, which then looks like a wrong signature
 * @returns false when the query carries none
 * @throws ForbiddenError when it does not fit; SpeakerError LINK_EXPIRED when its time is over.
 */
function checkSignature(
  secret: ServerSecret,
  path: string,
  tenant: string | null,
  query: URLSearchParams,
): boolean {
  const signature = query.get("signature");
  if (signature === null) return false;
  const expires = Number(query.get("expires"));
  const expected = signatureOf(secret, path, expires, tenant ?? "");
  const given = Buffer.from(signature, "base64url");
  if (!sameDigest(given.toString("hex"), expected.toString("hex")) || tenant === null) {
    throw new ForbiddenError(
      "The signature of this address does not fit. Take `audio.url` as it is from the job, or send an API key.",
    );
  }
  if (expires * 1000 <= Date.now()) {
    throw new SpeakerError(
      "LINK_EXPIRED",
      "This address has expired. Ask for the job again: its `audio.url` is a fresh one.",
    );
  }
  return true;
}

export interface FileRequest {
  /** The path that was signed, such as `/audio/<job id>`. */
  readonly path: string;
  /** Tenant that owns it; `""` for what every tenant may see; null when there is nothing. */
  readonly owner: string | null;
  /** Scopes of which a key needs one. */
  readonly scopes: readonly Scope[];
  readonly caller: Caller;
  readonly query: URLSearchParams;
}

/** Who has opened a file. */
export interface FileAccess {
  /** Who asks, for the audit log; unknown where the signature alone opened it. */
  readonly identity: Identity;
  /** Whose end ends what is sent while it is made: nobody's where a signature opened it, which lasts by itself. */
  readonly holder: Identity;
}

/**
 * Opens a file for whoever asks over HTTP: by its signature, or by a key of its tenant.
 *
 * @returns null when there is nothing that this caller may know of
 * @throws UnauthenticatedError, ForbiddenError, or SpeakerError LINK_EXPIRED.
 */
export function openFile(secret: ServerSecret, file: FileRequest): FileAccess | null {
  const { caller, owner } = file;
  if (checkSignature(secret, file.path, owner, file.query)) {
    return { identity: caller.identity ?? UNKNOWN, holder: UNKNOWN };
  }
  if (caller.identity === null) throw caller.refused;
  const { identity } = caller;
  requireScope(identity, ...file.scopes);
  return owner === "" || owner === identity.tenant ? { identity, holder: identity } : null;
}
