import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { post } from "../helpers/caller.ts";
import { useTestNode } from "../helpers/node.ts";
import { recording, wavFile } from "../helpers/recordings.ts";

const CLI = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));

describe("speaker upload", () => {
  const node = useTestNode("embedded", { CLONE_BUDGET_SECONDS: "0" });
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "speaker-upload-cli-"));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const upload = (path: string, ...args: string[]) =>
    new Promise<{ failed: boolean; stdout: string; stderr: string }>((resolve) => {
      const fixed = ["--name", "Anna", "--language", "en-GB", "--server", node.url];
      execFile(
        process.execPath,
        [CLI, "upload", path, ...fixed, ...args],
        { env: { ...process.env, LOG_LEVEL: "silent" } },
        (error, stdout, stderr) => resolve({ failed: error !== null, stdout, stderr }),
      );
    });

  it("makes a voice and waits for its enrolment", { timeout: 120_000 }, async () => {
    const path = join(folder, "anna.m4a");
    await writeFile(path, await recording("speech.m4a"));
    const { stdout, stderr, failed } = await upload(path, "--consent", "own-voice", "--note", "my own");
    expect(stderr.trim()).toBe("");
    expect(failed).toBe(false);
    const { body } = await post(
      node.url,
      "query ($id: ID!) { voice(id: $id) { name status consent { kind note } enrolment { status } } }",
      { id: stdout.trim() },
    );
    expect(body.data.voice).toMatchObject({
      name: "Anna",
      status: "READY",
      consent: { kind: "OWN_VOICE", note: "my own" },
      enrolment: { status: "SUCCEEDED" },
    });
  });

  it("says in words what is wrong", { timeout: 120_000 }, async () => {
    const silent = join(folder, "silent.wav");
    await writeFile(silent, wavFile(new Float32Array(80_000)));
    expect(await upload(silent, "--consent", "licensed")).toMatchObject({
      failed: true,
      stderr: expect.stringContaining("silent from start to end"),
    });
    expect(await upload(join(folder, "nothing.wav"), "--consent", "licensed")).toMatchObject({
      failed: true,
      stderr: expect.stringContaining("cannot be read (ENOENT)"),
    });
    expect(await upload(silent)).toMatchObject({
      failed: true,
      stderr: expect.stringContaining("--consent"),
    });
  });
});
