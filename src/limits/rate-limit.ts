import type { ServerResponse } from "node:http";
import { type Identity, OPEN, UNKNOWN } from "../auth/identity.ts";
import type { Config } from "../config.ts";
import { RateLimitedError } from "../errors.ts";
import { addressGroup } from "../http/client-address.ts";
import type { RateCounter } from "./counter.ts";

/** What a caller may still do in its present window. */
export interface Allowance {
  readonly limit: number;
  readonly remaining: number;
  readonly resetSeconds: number;
}

/** Whose requests are counted together, and how many a minute may bring. */
export interface Caller {
  readonly id: string;
  /** Null: not limited. */
  readonly perMinute: number | null;
}

/**
 * A minute allows so many times as many fetches of stored files as requests. A player asks for one file in many ranges
 * and gives up at the first refusal, and sending a stored range costs a small part of what a GraphQL operation does.
 */
export const FETCHES_PER_REQUEST = 10;

/** Counts what callers do: a key by its name, everyone else by the address. */
export class RateLimits {
  readonly weights: Readonly<Record<string, number>>;
  readonly #counter: RateCounter;
  readonly #perMinute: number | null;

  constructor(counter: RateCounter, { perMinute, weights }: Config["rateLimit"]) {
    this.#counter = counter;
    this.#perMinute = perMinute;
    this.weights = weights;
  }

  /** @param identity null for a caller whose key does not hold: guessing keys is counted like everything else */
  callerOf(identity: Identity | null, ip: string | null): Caller {
    if (identity === null || identity === OPEN || identity === UNKNOWN)
      return { id: `ip ${addressGroup(ip)}`, perMinute: this.#perMinute };
    const { keyId, tenant, name, limits } = identity;
    const id = keyId === null ? `key ${tenant}/${name}` : `key ${keyId}`;
    return { id, perMinute: limits.requestsPerMinute ?? this.#perMinute };
  }

  /**
   * The same caller as one who fetches stored files. Fetches have a window of their own, so that neither the ranges of a
   * player use up what its page may ask, nor a page that asks too much stops the sound that it plays.
   */
  fetcherOf(identity: Identity, ip: string | null): Caller {
    const { id, perMinute } = this.callerOf(identity, ip);
    return { id: `fetch ${id}`, perMinute: perMinute === null ? null : perMinute * FETCHES_PER_REQUEST };
  }

  /**
   * Uses up some of what a caller may do.
   *
   * @param onAllowance hears what is left, also when it did not fit; not called for callers without a limit
   * @throws RateLimitedError when it does not fit; nothing is used up then.
   */
  async charge(caller: Caller, cost = 1, onAllowance: (left: Allowance) => void = () => {}): Promise<void> {
    const { id, perMinute: limit } = caller;
    if (limit === null || cost === 0) return;
    // What costs more than the limit could never pass: it takes all that its own request leaves.
    const most = Math.max(1, limit - 1);
    const { admitted, remaining, resetMs } = await this.#counter.take(id, Math.min(cost, most), limit);
    const resetSeconds = Math.max(1, Math.ceil(resetMs / 1000));
    onAllowance({ limit, remaining, resetSeconds });
    if (!admitted) throw new RateLimitedError(limit, resetSeconds);
  }
}

/** Tells a client over HTTP what it may still do (draft-ietf-httpapi-ratelimit-headers-03, as widely used). */
export function setRateHeaders(
  response: ServerResponse,
  { limit, remaining, resetSeconds }: Allowance,
): void {
  if (response.headersSent) return;
  response.setHeader("RateLimit-Limit", limit);
  response.setHeader("RateLimit-Remaining", remaining);
  response.setHeader("RateLimit-Reset", resetSeconds);
}
