import { describe, expect, it } from "vitest";
import { CancelJob, RetryJob, Voices } from "../../src/client/operations.ts";
import { STOCK_VOICES } from "../../src/voices/stock.ts";
import { describeDatabases } from "../helpers/database.ts";
import { finished } from "../helpers/jobs.ts";
import { useTestNode } from "../helpers/node.ts";

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: answers of any shape
  readonly body: any;
}

async function post(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const response = await fetch(`${url}/graphql`, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/graphql-response+json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

const SPEAK = `mutation ($input: SynthesizeInput!) {
  synthesize(input: $input) {
    __typename
    ... on SynthesisJob { id status text characters speed format language { code } voice { id } }
    ... on Error { code message requestId timestamp }
    ... on InvalidInputError { issues { path message } }
  }
}`;

describeDatabases("API", (kind) => {
  const node = useTestNode(kind);

  const query = async (text: string, variables: object = {}) =>
    (await post(node.url, { query: text, variables })).body;
  const speak = async (input: object) => (await query(SPEAK, { input })).data.synthesize;
  const jobCount = async () => (await query("{ jobs { totalCount } }")).data.jobs.totalCount;

  it("carries request id and API version on every response, and keeps a caller's own id", async () => {
    for (const path of ["/graphql?query={__typename}", "/healthz", "/nothing", "/audio/nothing"]) {
      const { headers } = await fetch(node.url + path);
      expect(headers.get("x-request-id")).toMatch(/^[\w-]{36}$/);
      expect(headers.get("x-api-version")).toBe("1");
    }
    const own = await post(node.url, { query: "{ __typename }" }, { "X-Request-Id": "my-trace:1" });
    expect(own.headers.get("x-request-id")).toBe("my-trace:1");
    const odd = await post(node.url, { query: "{ __typename }" }, { "X-Request-Id": 'a b"c' });
    expect(odd.headers.get("x-request-id")).toMatch(/^[\w-]{36}$/);
  });

  it("says what it is", async () => {
    const { serverInfo } = (
      await query(
        "{ serverInfo { name version apiVersion uptimeSeconds engines limits { textCharacters queuedJobs minSpeed maxSpeed } } }",
      )
    ).data;
    expect(serverInfo).toMatchObject({
      name: "Speaker",
      apiVersion: "1",
      limits: { textCharacters: 50_000, minSpeed: 0.5, maxSpeed: 2 },
    });
    expect(serverInfo.uptimeSeconds).toBeGreaterThan(0);
  });

  it("is healthy, and says on what it computes", async () => {
    const { health } = (
      await query(
        "{ health { status checks { name status message } executionProvider queue { limit } workers { state runningJobs members { state } } cpu { cores } memory { totalBytes } freeDiskBytes } }",
      )
    ).data;
    expect(health.status).toBe("OK");
    expect(health.checks.map((check: { name: string }) => check.name)).toEqual([
      "database",
      "queue",
      "workers",
      "consuming",
      "models",
      "storage",
      "memory",
      "eventLoop",
      "gpu",
    ]);
    expect(health.workers).toHaveLength(1);
    expect(health.workers[0].state).toBe("ready");
    expect((await fetch(`${node.url}/readyz`)).status).toBe(200);
    expect((await fetch(`${node.url}/healthz`)).status).toBe(200);
  });

  describe("voices and languages", () => {
    it("serves Kokoro's nine languages with their 54 voices first, then more than a hundred others", async () => {
      const { languages } = (
        await query(
          "{ languages { code name nativeName tier engines voiceCount tiers { tier engine voiceCount installed } } }",
        )
      ).data;
      expect(languages.length).toBeGreaterThan(100);
      const codes = languages.map((language: { code: string }) => language.code);
      expect(codes.slice(0, 10)).toEqual([
        "en-US",
        "en-GB",
        "es",
        "fr",
        "hi",
        "it",
        "ja",
        "pt-BR",
        "zh",
        "af",
      ]);
      expect(new Set(codes).size).toBe(codes.length);
      const native = languages.filter((language: { tier: string }) => language.tier === "NATIVE");
      expect(native).toHaveLength(9);
      const kokoro = native.map(
        ({ tiers }: { tiers: { voiceCount: number }[] }) => tiers[0]?.voiceCount ?? 0,
      );
      expect(kokoro.reduce((sum: number, count: number) => sum + count, 0)).toBe(54);
      const german = languages.find((language: { code: string }) => language.code === "de");
      expect(german).toMatchObject({
        name: "German",
        nativeName: "Deutsch",
        engines: ["piper", "kokoro", "espeak"],
      });
      expect(german.tiers).toMatchObject([
        { tier: "VOICE", engine: "piper", installed: german.tier === "VOICE" },
        { tier: "ADAPTED", engine: "kokoro", voiceCount: 54, installed: true },
        { tier: "BASIC", engine: "espeak", voiceCount: 1, installed: true },
      ]);
      const one = await query(
        '{ language(code: "EN-gb") { code } near: language(code: "de-AT") { code } none: language(code: "qaa") { code } } ',
      );
      expect(one.data).toEqual({ language: { code: "en-GB" }, near: { code: "de" }, none: null });
      const basic = (await query("{ languages(tier: BASIC) { code tiers { tier } } }")).data.languages;
      expect(basic.length).toBeGreaterThan(20);
      expect(basic.every(({ code }: { code: string }) => codes.includes(code))).toBe(true);
    });

    it("shows how well each voice speaks its language, its speakers, and whether it is here", async () => {
      const of = async (id: string) =>
        (await query(`{ voice(id: "${id}") { engine tier speakers installed language { code } } }`)).data
          .voice;
      expect(await of("af_heart")).toEqual({
        ...{ engine: "kokoro", tier: "NATIVE", speakers: [], installed: true },
        language: { code: "en-US" },
      });
      expect(await of("es_ES-sharvard-medium")).toMatchObject({
        ...{ engine: "piper", tier: "VOICE", speakers: ["M", "F"] },
        language: { code: "es" },
      });
      expect(await of("espeak-is")).toMatchObject({ engine: "espeak", tier: "BASIC", installed: true });
    });

    it.each([
      [{ language: "en", engine: "kokoro" }, 28],
      [{ language: "EN-US", engine: "kokoro" }, 20],
      [{ language: "e%" }, 0],
      [{ gender: "MALE", language: "fr" }, 0],
      [{ kind: "CLONED" }, 0],
      [{ text: "heart" }, 1],
      [{ text: "Japanese" }, 5],
      [{ text: "_", engine: "kokoro" }, 54],
      [{ text: "%" }, 0],
      [{ tags: [] }, STOCK_VOICES.length],
      [{ engine: "espeak", language: "de" }, 1],
      [{ engine: "piper", text: "joe" }, 1],
      [{ engine: "none" }, 0],
    ])("filters by %j", async (filter, expected) => {
      const { voices } = await node.client.request(Voices, {
        filter: filter as never,
        first: 1,
        after: null,
      });
      expect(voices.totalCount).toBe(expected);
    });

    it("pages through all voices, each once, forwards and backwards", async () => {
      const seen: string[] = [];
      for (let after: string | null = null; ; ) {
        const page: {
          pageInfo: { hasNextPage: boolean; endCursor?: string | null };
          edges: { node: { id: string } }[];
        } = (await node.client.request(Voices, { filter: {}, first: 47, after })).voices;
        seen.push(...page.edges.map(({ node }) => node.id));
        if (!page.pageInfo.hasNextPage) break;
        after = page.pageInfo.endCursor ?? null;
      }
      expect(seen).toHaveLength(STOCK_VOICES.length);
      expect(new Set(seen)).toEqual(new Set(STOCK_VOICES.map(({ id }) => id)));
      const { last } = (
        await query("{ last: voices(last: 3) { edges { node { id } } pageInfo { hasPreviousPage } } }")
      ).data;
      expect(last.edges.map((edge: { node: { id: string } }) => edge.node.id)).toEqual(seen.slice(-3));
      expect(last.pageInfo.hasPreviousPage).toBe(true);
    });

    it("answers an empty page with null cursors", async () => {
      const { voices } = (
        await query(
          '{ voices(filter: { text: "nobody" }) { edges { cursor } pageInfo { startCursor endCursor } } }',
        )
      ).data;
      expect(voices).toEqual({ edges: [], pageInfo: { startCursor: null, endCursor: null } });
    });

    it("finds one voice, or null", async () => {
      const { data } = await query(
        '{ voice(id: "bf_emma") { name gender kind status grade language { code } } none: voice(id: "x") { id } }',
      );
      expect(data).toEqual({
        voice: {
          name: "Emma",
          gender: "FEMALE",
          kind: "STOCK",
          status: "READY",
          grade: "B-",
          language: { code: "en-GB" },
        },
        none: null,
      });
    });
  });

  describe("synthesize", () => {
    it("accepts a text and gives the job at once", async () => {
      const job = await speak({
        text: "Good morning, 🌞 world.",
        voiceId: "bf_emma",
        speed: 1.5,
        format: "OPUS",
        language: "en",
      });
      expect(job).toMatchObject({
        __typename: "SynthesisJob",
        characters: 22,
        speed: 1.5,
        format: "OPUS",
        language: { code: "en-GB" },
        voice: { id: "bf_emma" },
      });
      const done = await finished(node.client, job.id);
      expect(done.status).toBe("SUCCEEDED");
    });

    it("gives the same job for the same idempotency key", async () => {
      const input = { text: "Once only.", voiceId: "af_heart", idempotencyKey: "once-1" };
      const [first, second] = await Promise.all([speak(input), speak(input)]);
      expect(second.id).toBe(first.id);
      expect(await speak({ ...input, speed: 2 })).toMatchObject({
        __typename: "ConflictError",
        code: "CONFLICT",
      });
    });

    it("takes another priority, or another way to end, for another request", async () => {
      const input = { text: "How urgent?", voiceId: "af_heart", idempotencyKey: "urgent-1" };
      const { id } = await speak(input);
      const defaults = { priority: "INTERACTIVE", cancelOnDisconnect: false };
      expect((await speak({ ...input, ...defaults })).id).toBe(id);
      for (const change of [{ priority: "BATCH" }, { cancelOnDisconnect: true }]) {
        expect((await speak({ ...input, ...change })).__typename).toBe("ConflictError");
      }
    });

    it("tells how urgent a job is and when it will have ended, until it has", async () => {
      const fields = "id priority status queuePosition estimatedSeconds";
      const text = "An estimate is given with the job itself. ".repeat(40);
      const input = { text, voiceId: "af_heart", priority: "BATCH" };
      const mutation = `mutation ($input: SynthesizeInput!) { synthesize(input: $input) { ... on Job { ${fields} } } }`;
      const { synthesize } = (await query(mutation, { input })).data;
      expect(synthesize).toMatchObject({ priority: "BATCH", estimatedSeconds: expect.any(Number) });
      expect(synthesize.queuePosition).toBe(synthesize.status === "QUEUED" ? 1 : null);
      await finished(node.client, synthesize.id);
      const { job } = (await query(`query ($id: ID!) { job(id: $id) { ${fields} } }`, { id: synthesize.id }))
        .data;
      expect(job).toMatchObject({ status: "SUCCEEDED", queuePosition: null, estimatedSeconds: null });
    });

    const heart = { voiceId: "af_heart", text: "Hello." };
    it.each<[string, object, string, RegExp]>([
      ["empty text", { ...heart, text: "" }, "input.text", /accepts 1 to 50000 characters/],
      ["blank text", { ...heart, text: " \n\t " }, "input.text", /accepts 1 to 50000 characters/],
      [
        "over-long text",
        { ...heart, text: "a".repeat(50_001) },
        "input.text",
        /50001 characters; it accepts 1 to 50000/,
      ],
      ["a control character", { ...heart, text: "a\u0007b" }, "input.text", /U\+0007 at offset 1/],
      ["unpaired markup", { ...heart, text: "<b>bold" }, "input.text", /offset 0/],
      [
        "ten thousand emoji",
        { ...heart, text: "😀".repeat(10_000) },
        "input.text",
        /nothing that can be spoken/,
      ],
      ["an unknown voice", { ...heart, voiceId: "zz_nobody" }, "input.voiceId", /names no voice/],
      [
        "a voice of another language",
        { ...heart, voiceId: "espeak-de", language: "fr" },
        "input.language",
        /speaks de alone/,
      ],
      ["an unknown language", { ...heart, language: "xx-klingon" }, "input.language", /`languages` gives/],
      ["too slow", { ...heart, speed: 0.49 }, "input.speed", /accepts 0.5 to 2/],
      ["too fast", { ...heart, speed: 2.01 }, "input.speed", /accepts 0.5 to 2/],
      [
        "a bad idempotency key",
        { ...heart, idempotencyKey: "a b" },
        "input.idempotencyKey",
        /printable ASCII/,
      ],
    ])("refuses %s by a typed error and stores nothing", async (_name, input, path, message) => {
      const before = await jobCount();
      const refused = await speak(input);
      expect(refused).toMatchObject({ __typename: "InvalidInputError", code: "INVALID_INPUT" });
      expect(refused.issues).toHaveLength(1);
      expect(refused.issues[0].path.join(".")).toBe(path);
      expect(refused.issues[0].message).toMatch(message);
      expect(await jobCount()).toBe(before);
    });

    it("lists every fault of an input, not only the first", async () => {
      const refused = await speak({ text: "", voiceId: "af_heart", speed: 9, idempotencyKey: "" });
      expect(refused.issues.map((issue: { path: string[] }) => issue.path.join(".")).sort()).toEqual([
        "input.idempotencyKey",
        "input.speed",
        "input.text",
      ]);
    });

    it("names the accepted formats for an unknown one", async () => {
      const { status, body } = await post(node.url, {
        query: SPEAK,
        variables: { input: { ...heart, format: "ogg" } },
      });
      expect(status).toBe(400);
      expect(body.errors[0].message).toMatch(/"input.format".*Accepted: AAC, FLAC, MP3, OPUS, PCM, WAV/);
      expect(body.errors[0].extensions).toMatchObject({ code: "BAD_REQUEST", requestId: expect.any(String) });
    });
  });

  describe("jobs", () => {
    it("can be cancelled and retried, and say why not", async () => {
      const { id } = await speak({ text: "Cancel me. ".repeat(400), voiceId: "af_heart" });
      expect((await node.client.request(CancelJob, { id })).cancelJob).toMatchObject({
        __typename: "SynthesisJob",
        status: "CANCELLED",
      });
      expect((await node.client.request(CancelJob, { id })).cancelJob).toMatchObject({
        __typename: "SynthesisJob",
        status: "CANCELLED",
      });
      expect((await node.client.request(RetryJob, { id })).retryJob).toMatchObject({
        __typename: "SynthesisJob",
        status: "QUEUED",
      });
      await node.client.request(CancelJob, { id });
      for (const unknown of ["nonsense", "0190a000-0000-7000-8000-00000000dead"]) {
        expect((await node.client.request(CancelJob, { id: unknown })).cancelJob).toMatchObject({
          __typename: "NotFoundError",
          code: "NOT_FOUND",
        });
      }
      const done = await finished(node.client, (await speak(heartText)).id);
      expect((await node.client.request(CancelJob, { id: done.id })).cancelJob).toMatchObject({
        __typename: "ConflictError",
      });
      expect((await node.client.request(RetryJob, { id: done.id })).retryJob).toMatchObject({
        __typename: "ConflictError",
      });
    });
    const heartText = { text: "Short.", voiceId: "af_heart" };

    it("are listed newest first, by state and by voice", async () => {
      const { id } = await speak({ text: "The newest.", voiceId: "if_sara" });
      const { data } = await query(
        '{ jobs(first: 1) { edges { node { id kind } } } mine: jobs(filter: { voiceId: "if_sara" }) { totalCount } failed: jobs(filter: { status: [FAILED] }) { totalCount } }',
      );
      expect(data.jobs.edges[0].node).toEqual({ id, kind: "SYNTHESIS" });
      expect(data.mine.totalCount).toBe(1);
      expect(data.failed.totalCount).toBe(0);
      await finished(node.client, id);
    });

    it("are null when unknown, whatever the id looks like", async () => {
      const { data } = await query(
        '{ a: job(id: "1 or 1=1") { id } b: job(id: "0190a000-0000-7000-8000-00000000dead") { id } }',
      );
      expect(data).toEqual({ a: null, b: null });
    });
  });

  describe("malformed requests", () => {
    it.each<[string, unknown, RegExp]>([
      ["a document that does not parse", { query: "{" }, /Syntax Error/],
      ["a field that does not exist", { query: "{ nothing }" }, /Cannot query field/],
      ["a missing variable", { query: SPEAK, variables: {} }, /required type "SynthesizeInput!".*"\$input"/],
      [
        "a lone surrogate",
        { query: SPEAK, variables: { input: { voiceId: "af_heart", text: "a\ud83d" } } },
        /surrogate/,
      ],
      [
        "a variable of the wrong type",
        { query: SPEAK, variables: { input: 5 } },
        /Expected type "SynthesizeInput"/,
      ],
      ["no document", {}, /query/i],
      ["a body that is no JSON", "nonsense", /JSON/],
      ["a page out of range", { query: "{ voices(first: 101) { totalCount } }" }, /first: accepts 1 to 100/],
      ["a foreign cursor", { query: '{ voices(after: "bm9wZQ") { totalCount } }' }, /cursor/],
    ])("answers %s with status 400, a code and no stack", async (_name, body, message) => {
      const answer = await post(node.url, body);
      expect(answer.body.errors[0].message).toMatch(message);
      expect(answer.body.errors[0].extensions.code).toMatch(/^(BAD_REQUEST|INVALID_INPUT|GRAPHQL_\w+)$/);
      expect(answer.status).toBe(400);
      expect(JSON.stringify(answer.body)).not.toMatch(/stack|node_modules|\.ts:/);
    });

    it("cuts off a body that is too large", async () => {
      const answer = await post(node.url, { query: `{ __typename } # ${"x".repeat(1_100_000)}` });
      expect(answer.status).toBe(413);
    });
  });

  it("serves GraphiQL without anything from elsewhere", async () => {
    const page = await fetch(`${node.url}/graphql`, { headers: { Accept: "text/html" } });
    const html = await page.text();
    expect(page.headers.get("content-type")).toMatch("text/html");
    expect(html).not.toMatch(/<script[^>]+src="https?:|<link[^>]+href="https?:/);
    expect(await fetch(node.url, { redirect: "manual" }).then((r) => r.headers.get("location"))).toBe(
      "/graphql",
    );
  });
});
