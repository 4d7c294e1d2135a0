import { type DocumentNode, getOperationAST, Kind } from "graphql";
import type { Plugin } from "graphql-yoga";
import type { Context } from "../../context.ts";
import { spanOfRequest } from "../../telemetry/http.ts";
import type { Tracing } from "../../telemetry/tracing.ts";
import type { ServerContext } from "../server.ts";

/** A span for the execution of each operation, under that of its HTTP request where it came by one. */
export function traceGraphQL(tracing: Tracing): Plugin<Context, ServerContext> {
  return {
    onExecute({ args: { document, operationName, contextValue } }) {
      const parent = spanOfRequest((contextValue as unknown as ServerContext).req);
      const span = tracing.start("graphql.execute", {
        ...(parent !== null && { parent }),
        attributes: describe(document, operationName, contextValue.requestId),
      });
      return {
        onExecuteDone({ result }) {
          const failed = !(Symbol.asyncIterator in result) && (result.errors?.length ?? 0) > 0;
          span.end(failed);
        },
      };
    },
  };
}

/** Type and fields of the schema: what a client names freely stays out. */
function describe(document: DocumentNode, name: string | null | undefined, requestId: string) {
  const operation = getOperationAST(document, name);
  const fields = operation?.selectionSet.selections.flatMap((selection) =>
    selection.kind === Kind.FIELD ? [selection.name.value] : [],
  );
  return {
    "graphql.operation.type": operation?.operation ?? "unknown",
    "graphql.fields": fields?.slice(0, 10).join(",") ?? "",
    "speaker.request_id": requestId,
  };
}
