import { usePrometheus } from "@graphql-yoga/plugin-prometheus";
import { type DocumentNode, getOperationAST } from "graphql";
import type { Plugin, YogaInitialContext } from "graphql-yoga";
import { codeOf } from "../../audit/refusals.ts";
import type { Context } from "../../context.ts";
import { ERROR_CODES } from "../../errors.ts";
import type { Metrics } from "../../metrics/definitions.ts";
import { BoundedNames } from "../../metrics/names.ts";
import type { ServerContext } from "../server.ts";

/** Names of the operations that Speaker's own client sends. */
const OWN_OPERATIONS = ["Synthesize", "CancelJob", "RetryJob", "JobProgress", "Voices", "IntrospectionQuery"];

/** GraphQL's own numbers: operations by name and what they took, errors by code, subscriptions that are open. */
export function measureGraphQL(metrics: Metrics): Plugin<Context, ServerContext>[] {
  const names = new BoundedNames(OWN_OPERATIONS);
  return [measureOperations(metrics, names), measureErrors(metrics), measureSubscriptions(metrics, names)];
}

function operationOf(document: DocumentNode | undefined, name: string | null | undefined) {
  return document === undefined ? null : getOperationAST(document, name);
}

function measureOperations(metrics: Metrics, names: BoundedNames): Plugin<Context, ServerContext> {
  return usePrometheus({
    registry: metrics.registry,
    // The port has one `/metrics` for every role, and it asks who wants them.
    endpoint: false,
    // Of what the plugin has, only this: each histogram costs every operation, and its labels hold the whole URL.
    metrics: {
      graphql_envelop_deprecated_field: false,
      graphql_envelop_request: false,
      graphql_envelop_request_duration: {
        histogram: metrics.operationDuration as never,
        phases: ["execute"],
        shouldObserve: () => true,
        fillLabelsFn: ({ document }, { params }: YogaInitialContext) => {
          // Not the name that the plugin found: it takes the first definition for the operation, also a fragment.
          const operation = operationOf(document, params.operationName);
          return { operation: names.of(operation?.name?.value), type: operation?.operation ?? "unknown" };
        },
      },
      graphql_envelop_request_time_summary: false,
      graphql_envelop_phase_parse: false,
      graphql_envelop_phase_validate: false,
      graphql_envelop_phase_context: false,
      graphql_envelop_error_result: false,
      graphql_envelop_phase_execute: false,
      graphql_envelop_phase_subscribe: false,
      graphql_envelop_schema_change: false,
      graphql_yoga_http_duration: false,
    },
  }) as unknown as Plugin<Context, ServerContext>;
}

/** Codes of ours as they are. Those of the library about the document say less than that it is malformed. */
function labelOf(code: string): string {
  if (code in ERROR_CODES) return code;
  return code.startsWith("GRAPHQL_") ? "BAD_REQUEST" : "other";
}

function measureErrors(metrics: Metrics): Plugin<Context, ServerContext> {
  const count = (error: unknown) => {
    metrics.graphqlErrors.inc({ code: labelOf(codeOf(error)) });
  };
  const countAll = (errors: readonly unknown[] | undefined) => errors?.forEach(count);
  return {
    onPluginInit({ registerContextErrorHandler }) {
      registerContextErrorHandler(({ error }) => count(error));
    },
    onParse:
      () =>
      ({ result }) => {
        if (result instanceof Error) count(result);
      },
    onValidate:
      () =>
      ({ valid, result }) => {
        if (!valid) countAll(result as readonly unknown[]);
      },
    onExecute: () => ({
      onExecuteDone: ({ result }) => {
        if (!(Symbol.asyncIterator in result)) countAll(result.errors);
      },
    }),
    onSubscribe: () => ({
      onSubscribeResult: ({ result }) => {
        if (!(Symbol.asyncIterator in result)) return countAll(result.errors);
        return { onNext: ({ result: next }) => countAll(next.errors) };
      },
      onSubscribeError: ({ error }) => count(error),
    }),
  };
}

function measureSubscriptions(metrics: Metrics, names: BoundedNames): Plugin<Context, ServerContext> {
  return {
    onSubscribe: ({ args: { document, operationName } }) => ({
      onSubscribeResult({ result, setResult }) {
        if (!(Symbol.asyncIterator in result)) return;
        const operation = operationOf(document, operationName);
        metrics.subscriptionsStarted.inc({ operation: names.of(operation?.name?.value) });
        metrics.subscriptions.inc();
        setResult(closing(result, () => metrics.subscriptions.dec()));
      },
    }),
  };
}

/** The same stream, telling once when it ends: by itself, by a fault, or because its reader has left. */
function closing<Item>(stream: AsyncIterable<Item>, ended: () => void): AsyncIterableIterator<Item> {
  const source = stream[Symbol.asyncIterator]();
  let open = true;
  const end = () => {
    if (open) ended();
    open = false;
  };
  const watched = async (step: Promise<IteratorResult<Item>> | undefined) => {
    try {
      const result = (await step) ?? ({ done: true, value: undefined } as const);
      if (result.done) end();
      return result;
    } catch (error) {
      end();
      throw error;
    }
  };
  return {
    next: () => watched(source.next()),
    return: () => {
      end();
      return watched(source.return?.());
    },
    throw: (error) => {
      end();
      return watched(source.throw?.(error));
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
