import { describe, expect, it } from "vitest";
import { CancelJob, RetryJob } from "../../src/client/operations.ts";
import { post } from "../helpers/caller.ts";
import { describeDatabases } from "../helpers/database.ts";
import { finished } from "../helpers/jobs.ts";
import { useTestNode } from "../helpers/node.ts";
import { SPEAK } from "./speak.ts";

describeDatabases("synthesis", (kind) => {
  const node = useTestNode(kind);
  const query = async (text: string, variables: object = {}) => (await post(node.url, text, variables)).body;
  const speak = async (input: object) => (await query(SPEAK, { input })).data.synthesize;
  const jobCount = async () => (await query("{ jobs { totalCount } }")).data.jobs.totalCount;

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
      const { status, body } = await post(node.url, SPEAK, { input: { ...heart, format: "ogg" } });
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
});
