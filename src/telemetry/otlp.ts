import { setTimeout as sleep } from "node:timers/promises";
import { type Context, ROOT_CONTEXT, SpanKind, SpanStatusCode, TraceFlags, trace } from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BasicTracerProvider, BatchSpanProcessor } from "@opentelemetry/sdk-trace-base";
import type { Span, SpanOptions, Tracing } from "./tracing.ts";

/** Spans that were not sent get this long when the service stops. */
const CLOSE_MS = 3_000;

const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

/** Tracing by OpenTelemetry over OTLP/HTTP. Imported only when it is on: its packages take time and memory. */
export function openOtlpTracing(config: {
  readonly endpoint: string;
  readonly serviceName: string;
  readonly version: string;
  readonly nodeId: string;
}): Tracing {
  const exporter = new OTLPTraceExporter({ url: `${config.endpoint}/v1/traces` });
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({
      "service.name": config.serviceName,
      "service.version": config.version,
      "service.instance.id": config.nodeId,
    }),
    spanProcessors: [new BatchSpanProcessor(exporter)],
  });
  const tracer = provider.getTracer("speaker", config.version);
  const contexts = new WeakMap<Span, Context>();
  return {
    start(name, { parent, traceparent, server = false, attributes = {} }: SpanOptions = {}) {
      const inner = (parent === undefined ? undefined : contexts.get(parent)) ?? remoteContext(traceparent);
      const recorded = tracer.startSpan(
        name,
        { kind: server ? SpanKind.SERVER : SpanKind.INTERNAL, attributes },
        inner,
      );
      const span: Span = {
        set: (more) => void recorded.setAttributes(more),
        end(failed) {
          if (failed) recorded.setStatus({ code: SpanStatusCode.ERROR });
          recorded.end();
        },
      };
      contexts.set(span, trace.setSpan(ROOT_CONTEXT, recorded));
      return span;
    },
    async close() {
      // A collector that is away is no reason to stay: what it did not take is lost.
      const sent = provider.shutdown().catch(() => {});
      await Promise.race([sent, sleep(CLOSE_MS, undefined, { ref: false })]);
    },
  };
}

/** The caller's trace goes on here; whether it is recorded is the caller's choice (its sampled flag). */
function remoteContext(traceparent: string | undefined): Context {
  const match = TRACEPARENT.exec(traceparent ?? "");
  if (match === null) return ROOT_CONTEXT;
  const [, traceId = "", spanId = "", flags = "00"] = match;
  return trace.setSpanContext(ROOT_CONTEXT, {
    traceId,
    spanId,
    isRemote: true,
    traceFlags: Number.parseInt(flags, 16) & TraceFlags.SAMPLED,
  });
}
