import type { ServerResponse } from "node:http";
import type { Identity } from "../auth/identity.ts";
import type { RequestFacts } from "../context.ts";
import { setRateHeaders } from "../limits/rate-limit.ts";
import type { Resources } from "../resources.ts";

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

/**
 * Counts a fetch of a stored file, in a window of its own: see `RateLimits.fetcherOf`.
 *
 * @throws RateLimitedError
 */
export async function chargeFetch(
  { rateLimits }: Pick<Resources, "rateLimits">,
  response: ServerResponse,
  { ip }: Pick<RequestFacts, "ip">,
  identity: Identity,
  cost: number,
): Promise<void> {
  await rateLimits.charge(rateLimits.fetcherOf(identity, ip), cost, (left) => setRateHeaders(response, left));
}
