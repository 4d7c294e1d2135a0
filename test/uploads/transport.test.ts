import { describe, expect, it, vi } from "vitest";
import { post } from "../helpers/caller.ts";
import { describeDatabases } from "../helpers/database.ts";
import { useTestNode } from "../helpers/node.ts";
import { recording, wavFile } from "../helpers/recordings.ts";
import {
  INPUT,
  MAP,
  multipart,
  openRequest,
  operationsOf,
  type Part,
  sendBody,
  storedFiles,
  uploadParts,
} from "../helpers/upload.ts";

const LIMIT = 200_000;
const file: Part = { name: "0", content: "x".repeat(1_000), fileName: "a.wav" };
const operations: Part = { name: "operations", content: operationsOf() };
const map = (value: unknown): Part => ({ name: "map", content: JSON.stringify(value) });

describeDatabases("multipart requests", (kind) => {
  const node = useTestNode(kind, { UPLOAD_MAX_BYTES: `${LIMIT}`, UPLOAD_TIMEOUT_SECONDS: "2" });
  const voices = async () =>
    (await post(node.url, "{ voices(filter: { kind: CLONED }) { totalCount } }")).body.data.voices.totalCount;
  const nothingLeft = async () => {
    await vi.waitFor(async () => expect(await storedFiles(node.database.env.DATA_DIR)).toEqual([]));
    expect(await voices()).toBe(0);
  };
  const send = (parts: readonly Part[], headers: Record<string, string> = {}) =>
    sendBody(node.url, multipart(parts), headers);

  describe("are refused as requests when they are not in order", () => {
    it.each<[string, readonly Part[], number, string]>([
      ["no fields at all", [], 400, "BAD_REQUEST"],
      ["only a file", [file], 400, "BAD_REQUEST"],
      ["no map", [operations, file], 400, "BAD_REQUEST"],
      ["no operations", [map({ 0: ["variables.input.file"] }), file], 400, "BAD_REQUEST"],
      ["map in front of operations", [{ name: "map", content: MAP }, operations, file], 400, "BAD_REQUEST"],
      ["file in front of map", [operations, file, { name: "map", content: MAP }], 400, "BAD_REQUEST"],
      [
        "operations that are not JSON",
        [{ name: "operations", content: "{" }, map({}), file],
        400,
        "BAD_REQUEST",
      ],
      [
        "operations that are a string",
        [{ name: "operations", content: '"x"' }, map({}), file],
        400,
        "BAD_REQUEST",
      ],
      ["map that is not JSON", [operations, { name: "map", content: "{" }, file], 400, "BAD_REQUEST"],
      ["map that is a list", [operations, map(["variables.input.file"]), file], 400, "BAD_REQUEST"],
      ["map that is null", [operations, map(null), file], 400, "BAD_REQUEST"],
      ["map without a list", [operations, map({ 0: "variables.input.file" }), file], 400, "BAD_REQUEST"],
      ["map to a number", [operations, map({ 0: [7] }), file], 400, "BAD_REQUEST"],
      ["map to nothing", [operations, map({ 0: ["variables.nothing.file"] }), file], 400, "BAD_REQUEST"],
      [
        "map to what is not null",
        [operations, map({ 0: ["variables.input.name"] }), file],
        400,
        "BAD_REQUEST",
      ],
      ["map to the query", [operations, map({ 0: ["query"] }), file], 400, "BAD_REQUEST"],
      ["map to __proto__", [operations, map({ 0: ["variables.__proto__.file"] }), file], 400, "BAD_REQUEST"],
      [
        "map to constructor",
        [operations, map({ 0: ["constructor.prototype.file"] }), file],
        400,
        "BAD_REQUEST",
      ],
      [
        "map into what every object shares",
        [operations, map({ 0: ["variables.hasOwnProperty.call"] }), file],
        400,
        "BAD_REQUEST",
      ],
      [
        "a file for two places",
        [operations, map({ 0: ["variables.input.file", "variables.input.file"] }), file],
        400,
        "BAD_REQUEST",
      ],
      [
        "two files",
        [
          operations,
          map({ 0: ["variables.input.file"], 1: ["variables.input.file"] }),
          file,
          { ...file, name: "1" },
        ],
        400,
        "BAD_REQUEST",
      ],
      [
        "a batch",
        [
          { name: "operations", content: `[${operationsOf()},${operationsOf()}]` },
          map({ 0: ["0.variables.input.file"] }),
          file,
        ],
        400,
        "BAD_REQUEST",
      ],
      [
        "operations of a megabyte",
        [
          { name: "operations", content: operationsOf({ ...INPUT, name: "n".repeat(150_000) }) },
          map({}),
          file,
        ],
        400,
        "BAD_REQUEST",
      ],
    ])("%s", async (_what, parts, status, code) => {
      const answer = await send(parts);
      expect(answer.status).toBe(status);
      expect(answer.body.errors[0].extensions).toMatchObject({ code });
      expect(answer.body.errors[0].extensions.requestId).toBe(answer.headers.get("x-request-id"));
      await nothingLeft();
      // What the whole process shares is as it was.
      expect(Object.hasOwn({ a: 1 }, "a")).toBe(true);
      expect(({} as Record<string, unknown>).file).toBeUndefined();
    });

    it("a content type without a boundary, a compressed body, other kinds of body", async () => {
      const body = multipart([operations]);
      const code = (answer: Awaited<ReturnType<typeof sendBody>>) => [
        answer.status,
        answer.body.errors[0].extensions.code,
      ];
      expect(code(await sendBody(node.url, body, { "Content-Type": "multipart/form-data" }))).toEqual([
        400,
        "BAD_REQUEST",
      ]);
      expect(code(await sendBody(node.url, body, { "Content-Encoding": "gzip" }))).toEqual([
        415,
        "UNSUPPORTED_MEDIA_TYPE",
      ]);
      expect(
        code(await sendBody(node.url, wavFile(new Float32Array(100)), { "Content-Type": "audio/wav" })),
      ).toEqual([415, "UNSUPPORTED_MEDIA_TYPE"]);
    });

    it("JSON where a file belongs", async () => {
      for (const value of [null, "voice.wav", { name: "voice.wav" }]) {
        const { status, body } = await post(node.url, operationsQuery, { input: { ...INPUT, file: value } });
        expect(status).toBe(400);
        expect(body.errors[0].extensions.code).toBe("BAD_REQUEST");
      }
    });

    it("a form in front of which the client states more bytes than are taken", async () => {
      const answer = await send(uploadParts(Buffer.alloc(LIMIT * 3)));
      expect(answer.status).toBe(413);
      expect(answer.body.errors[0].extensions.code).toBe("UPLOAD_TOO_LARGE");
      await nothingLeft();
    });
  });

  describe("are answered with a typed error when the file does not arrive", () => {
    it("missing", async () => {
      const { status, body } = await send([operations, { name: "map", content: MAP }]);
      expect(status).toBe(200);
      expect(body.data.uploadVoice).toMatchObject({ __typename: "UploadFailedError", failure: "MISSING" });
      await nothingLeft();
    });

    it("empty", async () => {
      const { body } = await send(uploadParts(Buffer.alloc(0)));
      expect(body.data.uploadVoice).toMatchObject({ __typename: "UploadFailedError", failure: "EMPTY" });
      await nothingLeft();
    });

    it("ended in the middle", async () => {
      const body = multipart(uploadParts(Buffer.alloc(50_000)), { end: false });
      const answer = await sendBody(node.url, body.subarray(0, body.length - 1_000));
      expect(answer.body.data.uploadVoice).toMatchObject({
        __typename: "UploadFailedError",
        failure: "INTERRUPTED",
      });
      await nothingLeft();
    });

    it("larger than is taken, within what the request may hold", async () => {
      const { body } = await send(uploadParts(Buffer.alloc(LIMIT + 1)));
      expect(body.data.uploadVoice).toMatchObject({ __typename: "UploadTooLargeError", limitBytes: LIMIT });
      await nothingLeft();
    });

    it("as large as is taken", async () => {
      const { body } = await send(uploadParts(Buffer.alloc(LIMIT)));
      expect(body.data.uploadVoice).toMatchObject({
        __typename: "UnsupportedAudioError",
        reason: "NOT_AUDIO",
      });
      await nothingLeft();
    });

    it("larger than is taken, in chunks of unstated length that go on and on", async () => {
      const { outgoing, answer } = openRequest(node.url, { "Transfer-Encoding": "chunked" });
      const body = multipart(uploadParts(Buffer.alloc(LIMIT * 5)));
      outgoing.write(body);
      expect((await answer).body.data.uploadVoice).toMatchObject({
        __typename: "UploadTooLargeError",
        limitBytes: LIMIT,
      });
      outgoing.destroy();
      await nothingLeft();
    });

    it("too slow", async () => {
      const { outgoing, answer } = openRequest(node.url, { "Transfer-Encoding": "chunked" });
      outgoing.write(multipart(uploadParts(Buffer.alloc(1_000)), { end: false }));
      const { body } = await answer;
      expect(body.data.uploadVoice).toMatchObject({ __typename: "UploadFailedError", failure: "TIMED_OUT" });
      outgoing.destroy();
      await nothingLeft();
    });

    it("too slow in front of the file: the request itself is refused", async () => {
      const { outgoing, answer } = openRequest(node.url, { "Transfer-Encoding": "chunked" });
      outgoing.write(multipart([operations], { end: false }));
      const { status, body } = await answer;
      expect(status).toBe(408);
      expect(body.errors[0].extensions.code).toBe("UPLOAD_TIMED_OUT");
      outgoing.destroy();
    });

    it("aborted by the client: nothing is left, and the service goes on", async () => {
      const { outgoing, answer } = openRequest(node.url, { "Transfer-Encoding": "chunked" });
      const body = multipart(uploadParts(Buffer.alloc(100_000)));
      outgoing.write(body.subarray(0, 60_000));
      await vi.waitFor(async () => expect((await storedFiles(node.database.env.DATA_DIR)).length).toBe(1));
      outgoing.destroy();
      await answer.catch(() => {});
      await nothingLeft();
    });
  });

  it("answers at once when the input is refused, however much of the file is to come", async () => {
    const { outgoing, answer } = openRequest(node.url, { "Transfer-Encoding": "chunked" });
    const body = multipart(uploadParts(Buffer.alloc(100_000), { ...INPUT, name: "" }));
    outgoing.write(body.subarray(0, 20_000));
    expect((await answer).body.data.uploadVoice).toMatchObject({ __typename: "InvalidInputError" });
    outgoing.destroy();
    await nothingLeft();
  });

  it("takes many at the same time", async () => {
    const content = await recording("vbr-cover.mp3");
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        send(uploadParts(index % 2 === 0 ? content.subarray(0, 9_000) : Buffer.alloc(20_000, index))),
      ),
    );
    expect(answers.map(({ body }) => body.data.uploadVoice.reason)).toEqual(
      answers.map((_, index) => (index % 2 === 0 ? "TOO_SHORT" : "NOT_AUDIO")),
    );
    await nothingLeft();
  });
});

const operationsQuery = (JSON.parse(operationsOf()) as { query: string }).query;
