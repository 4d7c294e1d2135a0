import SchemaBuilder, { BasePlugin, type PothosOutputFieldConfig, type SchemaTypes } from "@pothos/core";
import { type GraphQLFieldResolver, getOperationAST, Kind, OperationTypeNode } from "graphql";
import type { Plugin } from "graphql-yoga";
import { codeOf, type Refusals } from "../../audit/refusals.ts";
import type { Context } from "../../context.ts";
import type { ServerContext } from "../server.ts";

const NAME = "refusals";

declare global {
  namespace PothosSchemaTypes {
    interface Plugins<Types extends SchemaTypes> {
      refusals: RefusalsPlugin<Types>;
    }
  }
}

/** Operations of which a refused mutation has been written down. */
const written = new WeakSet<Context>();

/** Writes down every mutation that ends in an error, be it typed or not, also when the key may not call it. */
class RefusalsPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override wrapResolve(
    resolver: GraphQLFieldResolver<unknown, Types["Context"], object>,
    { parentType, name }: PothosOutputFieldConfig<Types>,
  ): GraphQLFieldResolver<unknown, Types["Context"], object> {
    if (parentType !== "Mutation") return resolver;
    return async (root, args, context, info) => {
      try {
        return await resolver(root, args, context, info);
      } catch (error) {
        const { resources, actor } = context as Context;
        written.add(context as Context);
        resources.observability.metrics.mutationFailures.inc({ mutation: name, code: codeOf(error) });
        await resources.observability.refusals.record(actor, name, args, error);
        throw error;
      }
    };
  }
}

SchemaBuilder.registerPlugin(NAME, RefusalsPlugin);

export default NAME;

/** A document may hold more; one that was refused as a whole is told by its first fields. */
const MOST_FIELDS = 5;

/**
 * Writes down keys that do not hold, and mutations that never came to their resolvers: variables of the wrong type,
 * limits. A document that is not valid against the schema attempts nothing and is only counted, see the metrics.
 */
export function auditRefusedOperations(refusals: Refusals): Plugin<Context, ServerContext> {
  return {
    onPluginInit({ registerContextErrorHandler }) {
      registerContextErrorHandler(({ context, error }) => {
        const { facts } = context as unknown as ServerContext;
        void refusals.recordStranger(facts, error);
      });
    },
    onExecute({ args: { document, operationName, contextValue } }) {
      const operation = getOperationAST(document, operationName);
      if (operation?.operation !== OperationTypeNode.MUTATION) return;
      return {
        async onExecuteDone({ result }) {
          if (Symbol.asyncIterator in result) return;
          const [error] = result.errors ?? [];
          if (error === undefined || written.has(contextValue)) return;
          const fields = operation.selectionSet.selections.flatMap((selection) =>
            selection.kind === Kind.FIELD ? [selection.name.value] : [],
          );
          for (const field of fields.length === 0 ? ["unknown"] : fields.slice(0, MOST_FIELDS)) {
            await refusals.record(contextValue.actor, field, {}, error);
          }
        },
      };
    },
  };
}
