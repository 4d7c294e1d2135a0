import type { IncomingMessage, ServerResponse } from "node:http";
import type { Authenticator } from "../auth/authenticator.ts";
import { credentialOfHeaders } from "../auth/credential.ts";
import type { Identity } from "../auth/identity.ts";
import type { RequestFacts } from "../context.ts";
import { UnauthenticatedError } from "../errors.ts";
import { setRateHeaders } from "../limits/rate-limit.ts";
import type { Resources } from "../resources.ts";

/** Who asks; or why the key does not hold, which each door tells in its own way. */
export type Caller =
  | { readonly identity: Identity; readonly refused: null }
  | { readonly identity: null; readonly refused: UnauthenticatedError };

/** Looks who sends a request by the key in its headers. */
export async function authenticateRequest(
  auth: Authenticator,
  { headers }: IncomingMessage,
): Promise<Caller> {
  try {
    return { identity: await auth.authenticate(credentialOfHeaders(headers)), refused: null };
  } catch (error) {
    if (error instanceof UnauthenticatedError) return { identity: null, refused: error };
    throw error;
  }
}

/**
 * Counts a request before it is read, and says in the answer's headers what is left.
 *
 * @param identity null for a key that does not hold: guessing keys is counted too
 * @throws RateLimitedError
 */
export async function chargeRequest(
  { rateLimits }: Pick<Resources, "rateLimits">,
  response: ServerResponse,
  { ip }: Pick<RequestFacts, "ip">,
  identity: Identity | null,
  cost = 1,
): Promise<void> {
  await rateLimits.charge(rateLimits.callerOf(identity, ip), cost, (left) => setRateHeaders(response, left));
}
