import type { Plugin } from "graphql-yoga";
import { setRateHeaders } from "../../limits/rate-limit.ts";
import type { Resources } from "../../resources.ts";
import type { ServerContext } from "../server.ts";

/** Charges every operation of a batch: the request itself has paid for the first. */
export function chargeBatches({ config, rateLimits }: Resources): Plugin<object, ServerContext> {
  const { batchLimit } = config.graphql;
  if (batchLimit === 0) return {};
  return {
    onRequestParse: ({ serverContext: { identity, facts, res } }) => ({
      onRequestParseDone: async ({ requestParserResult: batch }) => {
        // Yoga refuses longer ones next, as a whole.
        if (!Array.isArray(batch) || batch.length > batchLimit) return;
        const caller = rateLimits.callerOf(identity, facts.ip);
        await rateLimits.charge(caller, Math.max(0, batch.length - 1), (left) => {
          if (res !== undefined) setRateHeaders(res, left);
        });
      },
    }),
  };
}
