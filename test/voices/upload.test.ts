import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { UploadVoice } from "../../src/client/operations.ts";
import { post } from "../helpers/caller.ts";
import { describeDatabases } from "../helpers/database.ts";
import { useTestNode } from "../helpers/node.ts";
import { recording, speech, wavFile } from "../helpers/recordings.ts";
import {
  INPUT,
  MAP,
  multipart,
  operationsOf,
  sendBody,
  storedFiles,
  UPLOAD_VOICE,
  uploadFile,
  uploadParts,
} from "../helpers/upload.ts";

const run = promisify(execFile);
const RECORDINGS = [
  ["speech.flac", "flac", "flac"],
  ["speech.m4a", "m4a", "aac"],
  ["fragmented.m4a", "m4a", "aac"],
  ["vbr-cover.mp3", "mp3", "mp3"],
  ["speech.opus", "ogg", "opus"],
  ["speech-vorbis.ogg", "ogg", "vorbis"],
  ["recorded.webm", "webm", "opus"],
  ["speech.wav", "wav", "pcm_s16"],
] as const;

const content = async (name: string) => (name === "speech.wav" ? wavFile(await speech()) : recording(name));
const asBlob = async (name: string, type: string) =>
  new Blob([new Uint8Array(await recording(name))], { type });
const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

describeDatabases("uploadVoice", (kind) => {
  // What is tested is what stands when the answer is given: without a worker where that can be, else with a short one.
  const node = useTestNode(kind, kind === "postgres" ? { ROLE: "api" } : { CLONE_BUDGET_SECONDS: "0" });
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "speaker-upload-"));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const query = async (text: string, variables: object = {}) =>
    (await post(node.url, text, variables)).body.data;
  const entries = async (outcome: string) => {
    const { auditLog } = await query(
      `{ auditLog(filter: { actions: ["voice.upload"], outcomes: [${outcome}] }, first: 100) {
        edges { node { targetId details { name value } } } } }`,
    );
    return (
      auditLog.edges as { node: { targetId: string; details: { name: string; value: string }[] } }[]
    ).map(({ node: { targetId, details } }) => ({
      targetId,
      details: Object.fromEntries(details.map(({ name, value }) => [name, value])),
    }));
  };
  const samples = async (id: string) =>
    (await storedFiles(node.database.env.DATA_DIR)).filter((path) =>
      path.startsWith(`voices/${id}/samples/`),
    );

  it.each(RECORDINGS)("%s through curl", async (name, container, codec) => {
    const bytes = await content(name);
    const path = join(folder, name);
    await writeFile(path, bytes);
    const { stdout } = await run("curl", [
      ...["--silent", "--show-error", `${node.url}/graphql`, "-H", "X-GraphQL-Yoga-CSRF: 1"],
      ...["-F", `operations=${operationsOf({ ...INPUT, name: `curl ${name}`, tags: ["curl"] })}`],
      ...["-F", `map=${MAP}`, "-F", `0=@${path}`],
    ]);
    const voice = JSON.parse(stdout).data.uploadVoice;
    expect(voice).toMatchObject({
      __typename: "Voice",
      kind: "CLONED",
      name: `curl ${name}`,
      language: { code: "en-GB" },
      tags: ["curl"],
      gender: "UNKNOWN",
    });
    const [key, ...others] = await samples(voice.id);
    expect(others).toEqual([]);
    const kept = await readFile(join(node.database.env.DATA_DIR, "storage", key ?? ""));
    expect(sha256(kept)).toBe(sha256(bytes));
    const audit = (await entries("ACCEPTED")).find(
      ({ targetId }: { targetId: string }) => targetId === voice.id,
    );
    expect(audit?.details).toMatchObject({
      container,
      codec,
      bytes: `${bytes.length}`,
      consent: "OWN_VOICE",
    });
    // Neither the file's name nor the path it came from is kept anywhere.
    expect(JSON.stringify(audit)).not.toContain(name);
  });

  it("through the typed client, with its enrolment queued", async () => {
    const { uploadVoice } = await node.client.request(UploadVoice, {
      input: {
        file: await asBlob("recorded.webm", "audio/webm;codecs=opus"),
        name: "  Me ",
        language: "EN-us",
        description: "recorded in a browser",
        consent: { kind: "PERMISSION", note: "by letter of May 2026" },
      },
    });
    if (uploadVoice.__typename !== "Voice") return expect.fail(JSON.stringify(uploadVoice));
    const { voice } = await query(
      `query ($id: ID!) { voice(id: $id) { name description language { code } consent { kind note by at }
        enrolment { kind attempts voice { id } } } }`,
      { id: uploadVoice.id },
    );
    expect(voice).toMatchObject({
      name: "Me",
      description: "recorded in a browser",
      language: { code: "en-US" },
      consent: { kind: "PERMISSION", note: "by letter of May 2026", by: "anonymous" },
      enrolment: { kind: "ENROLMENT", voice: { id: uploadVoice.id } },
    });
  });

  it("through fetch with a form", async () => {
    const form = new FormData();
    form.set("operations", operationsOf());
    form.set("map", MAP);
    form.set("0", await asBlob("speech.opus", "audio/ogg"), "voice.opus");
    const response = await fetch(`${node.url}/graphql`, {
      method: "POST",
      body: form,
      headers: { "Apollo-Require-Preflight": "true" },
    });
    expect((await response.json()).data.uploadVoice.__typename).toBe("Voice");
  });

  it("as Apollo's and urql's links send it: keys that count from 1, operation name, extensions", async () => {
    const named = UPLOAD_VOICE.replace("mutation", "mutation Upload");
    const body = multipart([
      {
        name: "operations",
        content: JSON.stringify({
          operationName: "Upload",
          variables: { input: INPUT },
          extensions: { clientLibrary: { name: "@apollo/client", version: "4.0.0" } },
          query: named,
        }),
      },
      { name: "map", content: JSON.stringify({ 1: ["variables.input.file"] }) },
      { name: "1", content: await recording("speech.opus"), fileName: "voice.opus", type: "audio/ogg" },
    ]);
    const { body: answer } = await sendBody(node.url, body);
    expect(answer.data.uploadVoice.__typename).toBe("Voice");
  });

  describe("refuses, and keeps nothing but the refusal", () => {
    // Workers have files in the making: that uploads leave none is for test/uploads/transport.test.ts.
    const allSamples = async () =>
      (await storedFiles(node.database.env.DATA_DIR)).filter((path) => path.includes("/samples/"));
    const untouched = async (act: () => Promise<void>) => {
      const before = await allSamples();
      const { voices } = await query("{ voices { totalCount } }");
      await act();
      expect(await allSamples()).toEqual(before);
      expect((await query("{ voices { totalCount } }")).voices).toEqual(voices);
    };

    it.each<[string, object, readonly string[]]>([
      ["without consent", { consent: null }, ["input", "consent"]],
      ["an empty name", { name: "  " }, ["input", "name"]],
      ["a name of 101 characters", { name: "n".repeat(101) }, ["input", "name"]],
      ["a language that is not served", { language: "tlh" }, ["input", "language"]],
      ["too long a description", { description: "d".repeat(2_001) }, ["input", "description"]],
      ["21 tags", { tags: Array.from({ length: 21 }, (_, i) => `t${i}`) }, ["input", "tags"]],
      [
        "an endless note",
        { consent: { kind: "LICENSED", note: "n".repeat(2_001) } },
        ["input", "consent", "note"],
      ],
    ])("%s", async (_what, change, path) => {
      await untouched(async () => {
        const answer = await uploadFile(node.url, await recording("speech.opus"), { ...INPUT, ...change });
        expect(answer).toMatchObject({ __typename: "InvalidInputError", code: "INVALID_INPUT" });
        expect(answer.issues).toEqual([{ path, message: expect.any(String) }]);
      });
      expect((await entries("REFUSED"))[0]?.details).toMatchObject({ code: "INVALID_INPUT" });
    });

    it("every fault of the input at once", async () => {
      const input = { ...INPUT, name: "", language: "x", consent: undefined };
      const { issues } = await uploadFile(node.url, await recording("speech.opus"), input);
      expect(issues.map((issue: { path: string[] }) => issue.path.join("."))).toEqual([
        "input.name",
        "input.language",
        "input.consent",
      ]);
    });

    it("what is not a recording, with the reason also in the audit log", async () => {
      await untouched(async () => {
        const answer = await uploadFile(node.url, wavFile(new Float32Array(80_000)), INPUT, "silence.wav");
        expect(answer).toMatchObject({ __typename: "UnsupportedAudioError", reason: "SILENT" });
        const other = await uploadFile(node.url, wavFile(await speech()), INPUT, "speech.mp3");
        expect(other).toMatchObject({ __typename: "UnsupportedAudioError", reason: "TYPE_MISMATCH" });
      });
      expect((await entries("REFUSED")).slice(0, 2).map(({ details }) => details)).toEqual([
        expect.objectContaining({ code: "UNSUPPORTED_AUDIO", reason: "TYPE_MISMATCH" }),
        expect.objectContaining({ code: "UNSUPPORTED_AUDIO", reason: "SILENT" }),
      ]);
    });
  });

  describe("replaceVoiceSample", () => {
    const replace = async (id: string, bytes: Uint8Array, consent: object | null = { kind: "LICENSED" }) => {
      const mutation = UPLOAD_VOICE.replaceAll("uploadVoice", "replaceVoiceSample").replace(
        "UploadVoiceInput",
        "ReplaceVoiceSampleInput",
      );
      const [, map, file] = uploadParts(bytes);
      const variables = { input: { id, file: null, consent } };
      const operations = { name: "operations", content: JSON.stringify({ query: mutation, variables }) };
      const { body } = await sendBody(node.url, multipart([operations, map as never, file as never]));
      return body.data.replaceVoiceSample;
    };

    it("puts the new recording in the old one's place and enrols anew", async () => {
      const { id } = await uploadFile(node.url, await recording("speech.opus"));
      const [before] = await samples(id);
      const jobOf = async () =>
        (await query("query ($id: ID!) { voice(id: $id) { enrolment { id } } }", { id })).voice.enrolment.id;
      const oldJob = await jobOf();
      const flac = await recording("speech.flac");
      expect(await replace(id, flac)).toMatchObject({ __typename: "Voice", id });
      const after = await samples(id);
      expect(after).toHaveLength(1);
      expect(after[0]).not.toBe(before);
      expect(sha256(await readFile(join(node.database.env.DATA_DIR, "storage", after[0] ?? "")))).toBe(
        sha256(flac),
      );
      expect(await jobOf()).not.toBe(oldJob);
      const { job } = await query("query ($id: ID!) { job(id: $id) { status } }", { id: oldJob });
      expect(["CANCELLED", "FAILED", "SUCCEEDED"]).toContain(job.status);
      const { voice } = await query("query ($id: ID!) { voice(id: $id) { consent { kind } } }", { id });
      expect(voice.consent.kind).toBe("LICENSED");
    });

    it("leaves the old one where the new one is refused", async () => {
      const { id } = await uploadFile(node.url, await recording("speech.opus"));
      const before = await samples(id);
      expect(await replace(id, Buffer.from("nonsense"))).toMatchObject({ reason: "NOT_AUDIO" });
      expect(await replace(id, await recording("speech.flac"), null)).toMatchObject({
        __typename: "InvalidInputError",
      });
      expect(await samples(id)).toEqual(before);
    });

    it("refuses voices that have no sample, and that are not there", async () => {
      const bytes = await recording("speech.opus");
      expect(await replace("af_heart", bytes)).toMatchObject({ code: "CONFLICT" });
      expect(await replace("nobody", bytes)).toMatchObject({ code: "NOT_FOUND" });
    });
  });
});
