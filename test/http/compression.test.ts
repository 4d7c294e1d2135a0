import { once } from "node:events";
import { type IncomingHttpHeaders, type IncomingMessage, request } from "node:http";
import { brotliDecompressSync, gunzipSync, gzipSync, inflateSync } from "node:zlib";
import { getIntrospectionQuery } from "graphql";
import { describe, expect, it } from "vitest";
import { Synthesize } from "../../src/client/operations.ts";
import { finished } from "../helpers/jobs.ts";
import { useTestNode } from "../helpers/node.ts";

const LISTED = "https://app.example";
const DECODERS: Readonly<Record<string, (body: Buffer) => Buffer>> = {
  br: brotliDecompressSync,
  gzip: gunzipSync,
  deflate: inflateSync,
};
/** About 9 KB of answer. */
const VOICES = "{ voices(first: 54) { edges { cursor node { id name description } } } }";
/** Not valid, in some hundred places. */
const FAULTS = `{ ${Array.from({ length: 40 }, (_, index) => `nothing${index}`).join(" ")} }`;

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

describe("answers over HTTP", () => {
  const node = useTestNode("embedded", { CORS_ORIGINS: LISTED });

  async function open(
    path: string,
    headers: Record<string, string> = {},
    { method = "GET", body }: { method?: string; body?: string | Buffer } = {},
  ): Promise<IncomingMessage> {
    // Each on a connection of its own: a kept one may just be closed when the machine is slow.
    const sent = request(node.url + path, { method, headers, agent: false }).end(body);
    const [response] = (await once(sent, "response")) as [IncomingMessage];
    return response;
  }

  async function send(...args: Parameters<typeof open>): Promise<Answer> {
    const response = await open(...args);
    const { statusCode: status, headers } = response;
    return { status, headers, body: Buffer.concat(await response.toArray()) };
  }

  const ask = (query: string, headers: Record<string, string> = {}) =>
    send(
      "/graphql",
      { "Content-Type": "application/json", ...headers },
      { method: "POST", body: JSON.stringify({ query }) },
    );

  const decoded = ({ headers, body }: Answer) => DECODERS[headers["content-encoding"] ?? ""]?.(body);

  it.each(Object.keys(DECODERS))("are compressed by %s", async (encoding) => {
    const plain = await ask(VOICES);
    expect(plain.headers["content-encoding"]).toBeUndefined();
    expect(plain.headers["content-length"]).toBe(String(plain.body.length));
    const packed = await ask(VOICES, { "Accept-Encoding": encoding });
    expect(packed.headers).toMatchObject({ "content-encoding": encoding, vary: "Origin, Accept-Encoding" });
    expect(packed.headers["content-length"]).toBeUndefined();
    expect(packed.body.length).toBeLessThan(plain.body.length / 2);
    expect(decoded(packed)).toEqual(plain.body);
  });

  it.each([
    ["gzip, deflate, br", "br"],
    ["gzip;q=0.2, br;q=0", "gzip"],
    ["br;q=0.5, gzip;q=0.9", "gzip"],
    ["deflate;q=1, gzip;q=0.5", "deflate"],
    ["*", "br"],
    ["identity, gzip;q=0.5", undefined],
    ["gzip;q=0, *;q=0", undefined],
    ["zstd, compress", undefined],
    ["identity", undefined],
  ])("follow Accept-Encoding: %s", async (accepted, encoding) => {
    const { headers, status } = await ask(VOICES, { "Accept-Encoding": accepted });
    expect([status, headers["content-encoding"]]).toEqual([200, encoding]);
    expect(headers.vary).toContain("Accept-Encoding");
  });

  it("stay as they are when they are short", async () => {
    for (const answer of [
      await ask("{ __typename }", { "Accept-Encoding": "gzip" }),
      await send("/nothing", { "Accept-Encoding": "gzip" }),
    ]) {
      expect(answer.headers["content-encoding"]).toBeUndefined();
      expect(answer.headers["content-length"]).toBe(String(answer.body.length));
    }
  });

  it("are compressed when they are errors, metrics or the audit log, and browsers' fetch reads them", async () => {
    const faults = await ask(FAULTS, {
      "Accept-Encoding": "gzip",
      Accept: "application/graphql-response+json",
    });
    expect(faults.status).toBe(400);
    expect(JSON.parse(String(decoded(faults))).errors).toHaveLength(40);
    const metrics = await send("/metrics", { "Accept-Encoding": "gzip" });
    expect(String(decoded(metrics))).toContain("# TYPE");
    const audit = await send("/audit.jsonl", { "Accept-Encoding": "gzip" });
    expect(decoded(audit)).toBeDefined();
    const response = await fetch(`${node.url}/graphql?query=${encodeURIComponent(VOICES)}`);
    expect(response.headers.get("content-encoding")).toMatch(/^(br|gzip)$/);
    expect(Buffer.from(await response.arrayBuffer())).toEqual((await ask(VOICES)).body);
  });

  it("to HEAD state no length that a GET would not have", async () => {
    const accepting = await send("/metrics", { "Accept-Encoding": "gzip" }, { method: "HEAD" });
    expect(accepting.headers["content-length"]).toBeUndefined();
    expect(accepting.headers.vary).toContain("Accept-Encoding");
    expect([accepting.status, accepting.body.length]).toEqual([200, 0]);
  });

  it("that are streams of events come as they happen", async () => {
    const response = await open(
      "/graphql",
      { "Content-Type": "application/json", Accept: "text/event-stream", "Accept-Encoding": "gzip, br" },
      { method: "POST", body: JSON.stringify({ query: "subscription { healthChanged { status } }" }) },
    );
    expect(response.headers["content-type"]).toContain("text/event-stream");
    // Yoga says so to keep proxies from compressing what it streams.
    expect(response.headers["content-encoding"]).toBe("none");
    const [first] = (await once(response, "data")) as [Buffer];
    expect(String(first)).toMatch(/^(event: next|:)/);
    response.destroy();
  });

  it("that are audio keep length, validator and ranges", async () => {
    const input = { text: "One sentence here.", voiceId: "af_heart", format: "WAV" as const };
    const { synthesize } = await node.client.request(Synthesize, { input });
    if (synthesize.__typename !== "SynthesisJob") throw new Error(synthesize.message);
    const { audio } = await finished(node.client, synthesize.id);
    const { pathname } = new URL(audio?.url ?? "");
    const whole = await send(pathname, { "Accept-Encoding": "gzip, br" });
    expect(whole.headers["content-encoding"]).toBeUndefined();
    expect(whole.headers).toMatchObject({
      "content-length": String(audio?.bytes),
      etag: `"${audio?.sha256}"`,
    });
    expect(whole.body.length).toBe(audio?.bytes);
    const part = await send(pathname, { "Accept-Encoding": "gzip", Range: "bytes=0-1999" });
    expect([part.status, part.body.length]).toEqual([206, 2_000]);
  });

  it("to pages of other origins are compressed only where the operator has listed them", async () => {
    const from = (site: string, origin?: string) =>
      ask(VOICES, {
        "Accept-Encoding": "gzip",
        "Sec-Fetch-Site": site,
        ...(origin !== undefined && { Origin: origin }),
      });
    expect((await from("same-origin")).headers["content-encoding"]).toBe("gzip");
    expect((await from("cross-site", LISTED)).headers["content-encoding"]).toBe("gzip");
    for (const foreign of [
      await from("cross-site"),
      await from("same-site"),
      await from("cross-site", "https://evil.example"),
    ]) {
      expect(foreign.headers["content-encoding"]).toBeUndefined();
      expect(foreign.headers.vary).toContain("Accept-Encoding");
    }
  });

  it("go on after clients that left in the middle of one", async () => {
    const left = await open(
      "/graphql",
      { "Content-Type": "application/json", "Accept-Encoding": "br" },
      { method: "POST", body: JSON.stringify({ query: getIntrospectionQuery() }) },
    );
    expect(left.headers["content-encoding"]).toBe("br");
    left.destroy();
    expect((await ask("{ __typename }")).status).toBe(200);
  });

  it("leave the page of GraphiQL as it is", async () => {
    const { headers } = await open("/graphql", { Accept: "text/html", "Accept-Encoding": "br" });
    expect([headers["content-type"]?.split(";")[0], headers["content-encoding"]]).toEqual([
      "text/html",
      undefined,
    ]);
  });

  it("to compressed requests are refusals", async () => {
    const body = gzipSync(JSON.stringify({ query: "{ __typename }" }));
    for (const encoding of ["gzip", "br", "deflate, gzip"]) {
      const headers = { "Content-Type": "application/json", "Content-Encoding": encoding };
      const { status, body: told } = await send("/graphql", headers, { method: "POST", body });
      expect(status).toBe(415);
      expect(JSON.parse(String(told)).errors[0].extensions.code).toBe("UNSUPPORTED_MEDIA_TYPE");
    }
    expect((await ask("{ __typename }", { "Content-Encoding": "identity" })).status).toBe(200);
  });
});
