import type { Plugin } from "graphql-yoga";
import type { Context } from "../../context.ts";
import type { Resources } from "../../resources.ts";
import type { ServerContext } from "../server.ts";
import { measureGraphQL } from "./prometheus.ts";
import { auditRefusedOperations } from "./refusals.ts";
import { traceGraphQL } from "./tracing.ts";

/** What the operator sees of every operation. First among the plugins: what others refuse is seen too. */
export function observeGraphQL({ observability }: Resources): Plugin<Context, ServerContext>[] {
  const { metrics, refusals, tracing } = observability;
  return [...measureGraphQL(metrics), traceGraphQL(tracing), auditRefusedOperations(refusals)];
}
