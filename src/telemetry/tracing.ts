/** What is known of a step; never texts, keys or addresses. */
type Attributes = Readonly<Record<string, string | number | boolean>>;

/** A step of the work whose start and end are recorded. */
export interface Span {
  set(attributes: Attributes): void;
  end(failed: boolean): void;
}

export interface SpanOptions {
  /** The step that this one is a part of; left out, a trace begins here. */
  readonly parent?: Span;
  /** The caller's own trace, as its `traceparent` header names it (W3C Trace Context). */
  readonly traceparent?: string;
  readonly server?: boolean;
  readonly attributes?: Attributes;
}

/** Where spans go. */
export interface Tracing {
  start(name: string, options?: SpanOptions): Span;
  /** Sends what has not been sent. */
  close(): Promise<void>;
}

const NO_SPAN: Span = { set: () => {}, end: () => {} };

/** Tracing that is off costs a call that does nothing. */
const NO_TRACING: Tracing = { start: () => NO_SPAN, close: async () => {} };

/** Tracing to the collector at `endpoint`; null turns it off, and no package of it is loaded. */
export async function openTracing(config: {
  readonly endpoint: string | null;
  readonly serviceName: string;
  readonly version: string;
  readonly nodeId: string;
}): Promise<Tracing> {
  const { endpoint, ...service } = config;
  if (endpoint === null) return NO_TRACING;
  const { openOtlpTracing } = await import("./otlp.ts");
  return openOtlpTracing({ ...service, endpoint });
}
