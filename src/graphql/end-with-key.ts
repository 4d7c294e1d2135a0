import { type ExecutionResult, GraphQLError } from "graphql";
import type { Plugin } from "graphql-yoga";
import { EndableStream, watchIdentity } from "../auth/stream.ts";
import type { Context } from "../context.ts";
import type { Resources } from "../resources.ts";
import type { ServerContext } from "./server.ts";

/** Ends every subscription, over WebSockets and server-sent events, with the key that opened it. */
export function endWithKey({ auth, bus }: Resources): Plugin<Context, ServerContext> {
  return {
    onSubscribe: ({ args }) => ({
      onSubscribeResult({ result, setResult }) {
        if (!(Symbol.asyncIterator in result)) return;
        const { identity } = args.contextValue as Context;
        let unwatch = () => {};
        const stream = new EndableStream(result as AsyncIterable<ExecutionResult>, () => unwatch());
        unwatch = watchIdentity(auth, bus, identity, (error) =>
          stream.end({ errors: [new GraphQLError(error.message, { originalError: error })] }),
        );
        setResult(stream as never);
      },
    }),
  };
}
