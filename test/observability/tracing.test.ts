import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Synthesize } from "../../src/client/operations.ts";
import { openTracing } from "../../src/telemetry/tracing.ts";
import { post } from "../helpers/caller.ts";
import { createTestDatabase, type TestDatabase } from "../helpers/database.ts";
import { finished } from "../helpers/jobs.ts";
import { startTestNode, type TestNode } from "../helpers/node.ts";

interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly status?: { readonly code?: number };
  readonly attributes: readonly { readonly key: string; readonly value: Record<string, unknown> }[];
}

/** A collector that speaks OTLP/HTTP with JSON, as far as a test needs one. */
class Collector {
  readonly spans: ReceivedSpan[] = [];
  readonly resources: string[] = [];
  readonly #server: Server;

  constructor() {
    this.#server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      if (request.url === "/v1/traces") {
        const { resourceSpans } = JSON.parse(Buffer.concat(chunks).toString());
        for (const { resource, scopeSpans } of resourceSpans) {
          this.resources.push(JSON.stringify(resource.attributes));
          for (const { spans } of scopeSpans) this.spans.push(...spans);
        }
      }
      response.writeHead(200, { "Content-Type": "application/json" }).end("{}");
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close = () => new Promise((resolve) => this.#server.close(resolve));

  attribute(span: ReceivedSpan, key: string): unknown {
    return Object.values(span.attributes.find((attribute) => attribute.key === key)?.value ?? {})[0];
  }
}

describe("traces", () => {
  const collector = new Collector();
  let database: TestDatabase;
  let node: TestNode;
  beforeAll(async () => {
    database = await createTestDatabase("embedded");
    node = await startTestNode(database, { OTEL_EXPORTER_OTLP_ENDPOINT: await collector.listen() });
  });
  afterAll(async () => {
    await collector.close();
    await database.drop();
  });

  it("go to a collector: request and operation in the caller's trace, job with its utterances, no text", async () => {
    const secret = "A sentence that no trace may hold.";
    const { synthesize } = await node.client.request(Synthesize, {
      input: { text: secret, voiceId: "af_heart" },
    });
    if (synthesize.__typename !== "SynthesisJob") throw new Error(synthesize.__typename);
    await finished(node.client, synthesize.id);
    const traceId = "0af7651916cd43dd8448eb211c80319c";
    await post(node.url, "{ __typename }", {}, { traceparent: `00-${traceId}-b7ad6b7169203331-01` });
    // What has not been sent is sent when the node stops.
    await node.stop();

    const named = (name: string) => collector.spans.filter((span) => span.name === name);
    const requests = named("POST /graphql");
    const continued = requests.find((span) => span.traceId === traceId);
    expect(continued?.parentSpanId).toBe("b7ad6b7169203331");
    const operations = named("graphql.execute");
    expect(operations.find((span) => span.traceId === traceId)?.parentSpanId).toBe(continued?.spanId);
    const mutation = operations.find((span) => collector.attribute(span, "graphql.fields") === "synthesize");
    expect(requests.map(({ spanId }) => spanId)).toContain(mutation?.parentSpanId);

    const [job, ...otherJobs] = named("job");
    expect(otherJobs).toEqual([]);
    if (job === undefined) throw new Error("no span of the job");
    expect(collector.attribute(job, "speaker.job.id")).toBe(synthesize.id);
    expect(collector.attribute(job, "speaker.job.outcome")).toBe("succeeded");
    const utterances = named("utterance");
    expect(utterances.length).toBeGreaterThan(0);
    for (const { parentSpanId, traceId: trace } of utterances) {
      expect(parentSpanId).toBe(job.spanId);
      expect(trace).toBe(job.traceId);
    }
    // Request and job are told apart by their traces and belong together by the request's id.
    expect(collector.attribute(job, "speaker.request_id")).toBe(
      collector.attribute(mutation as ReceivedSpan, "speaker.request_id"),
    );
    expect(JSON.stringify(collector.spans)).not.toContain("no trace may hold");
    expect(collector.resources[0]).toContain('"service.name"');
  });

  it("do not keep a service from stopping when nobody takes them", async () => {
    const gone = new Collector();
    const endpoint = await gone.listen();
    await gone.close();
    const tracing = await openTracing({ endpoint, serviceName: "speaker", version: "0", nodeId: "n" });
    tracing.start("request", { attributes: { x: 1 } }).end(false);
    const startedAt = performance.now();
    await tracing.close();
    expect(performance.now() - startedAt).toBeLessThan(10_000);
  });
});
