import type { Actor } from "../audit/audit.ts";
import { type KeyLimits, NO_KEY_LIMITS } from "./limits.ts";
import { expandScopes, type Scope } from "./scopes.ts";

/** Who asks, as far as the key tells. */
export interface Identity {
  readonly name: string;
  readonly tenant: string;
  /** The managed key; null for keys of the environment and without a key. */
  readonly keyId: string | null;
  /** Empty for a caller without a key where one is needed. */
  readonly scopes: ReadonlySet<Scope>;
  readonly limits: KeyLimits;
  readonly expiresAt: Date | null;
}

const NOBODY = { name: "anonymous", tenant: "default", keyId: null, limits: NO_KEY_LIMITS, expiresAt: null };

/** A caller without a key where access is open: everything is allowed. */
export const OPEN: Identity = { ...NOBODY, scopes: expandScopes(["admin"]) };

/** A caller without a key where one is needed. */
export const UNKNOWN: Identity = { ...NOBODY, scopes: new Set() };

/** The identity with the facts of one request: what rules and audit work with. */
export function actorOf(
  { name, tenant, keyId, scopes }: Identity,
  facts: Pick<Actor, "ip" | "userAgent" | "requestId">,
): Actor {
  const { ip, userAgent, requestId } = facts;
  return { name, tenant, keyId, scopes, ip, userAgent, requestId, startedAt: performance.now() };
}
