import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { openFolderStorage } from "../../src/storage/fs.ts";
import { post } from "../helpers/caller.ts";
import { createTestDatabase, type TestDatabase } from "../helpers/database.ts";
import { TestProgram } from "../helpers/node.ts";
import { recording } from "../helpers/recordings.ts";
import { multipart, openRequest, storedFiles, uploadParts } from "../helpers/upload.ts";

const ENV = { INFERENCE_ENGINE: "fake", INFERENCE_MEMBERS: "1" };
const running: TestProgram[] = [];
const databases: TestDatabase[] = [];
afterEach(async () => {
  for (const program of running.splice(0)) await program.end("SIGKILL");
  for (const database of databases.splice(0)) await database.drop();
});

async function start(database: TestDatabase) {
  const program = new TestProgram({ database, env: ENV });
  running.push(program);
  return { program, ...(await program.ready()) };
}

/** The cloned voices, each with the files of its sample. */
async function voicesWithSamples(url: string, dataDir: string) {
  const { body } = await post(url, "{ voices(filter: { kind: CLONED }) { edges { node { id } } } }");
  const files = await storedFiles(dataDir);
  return body.data.voices.edges.map(({ node }: { node: { id: string } }) =>
    files.filter((path) => path.startsWith(`voices/${node.id}/samples/`)),
  );
}

describe("a process that is killed during an upload", () => {
  it("leaves no voice while the file is on its way, and its file to the next sweep", {
    timeout: 120_000,
  }, async () => {
    const database = await createTestDatabase("embedded");
    databases.push(database);
    const dataDir = database.env.DATA_DIR;
    const first = await start(database);
    const { outgoing, answer } = openRequest(first.url, { "Transfer-Encoding": "chunked" });
    const body = multipart(uploadParts(await recording("speech.flac")));
    outgoing.write(body.subarray(0, 60_000));
    await vi.waitFor(async () => expect((await storedFiles(dataDir)).length).toBe(1), { timeout: 20_000 });
    await first.program.end("SIGKILL");
    await answer.catch(() => {});
    const second = await start(database);
    expect(await voicesWithSamples(second.url, dataDir)).toEqual([]);
    // What the maintenance of every node does with its grace, without it.
    const storage = await openFolderStorage(join(dataDir, "storage"));
    expect(await storage.removeUnfinished(new Date(Date.now() + 1_000), false)).toBe(1);
    expect(await storedFiles(dataDir)).toEqual([]);
  });

  it("leaves no voice or a whole one when the file has just arrived", { timeout: 120_000 }, async () => {
    const database = await createTestDatabase("embedded");
    databases.push(database);
    const dataDir = database.env.DATA_DIR;
    const first = await start(database);
    const { outgoing, answer } = openRequest(first.url, { "Transfer-Encoding": "chunked" });
    outgoing.end(multipart(uploadParts(await recording("speech.flac"))));
    await vi.waitFor(async () => expect((await storedFiles(dataDir)).length).toBe(1), { timeout: 20_000 });
    await first.program.end("SIGKILL");
    await answer.catch(() => {});
    const second = await start(database);
    for (const samples of await voicesWithSamples(second.url, dataDir)) expect(samples).toHaveLength(1);
  });
});
