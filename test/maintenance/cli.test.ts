import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { rm, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { Synthesize } from "../../src/client/operations.ts";
import { openFolderStorage } from "../../src/storage/fs.ts";
import { createTestDatabase, type TestDatabase } from "../helpers/database.ts";
import { finished } from "../helpers/jobs.ts";
import { startTestNode, type TestNode } from "../helpers/node.ts";

const cli = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));

function speaker(test: TestDatabase, ...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, LOG_LEVEL: "fatal", ...test.env };
  return new Promise((resolve) => {
    execFile(process.execPath, [cli, "storage", ...args], { env }, (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), out, err }),
    );
  });
}

async function health(node: TestNode): Promise<{ status: string; message: string } | undefined> {
  const query = "{ health { checks { name status message } } }";
  const response = await fetch(`${node.url}/graphql?query=${encodeURIComponent(query)}`);
  const { data } = (await response.json()) as {
    data: { health: { checks: { name: string; status: string; message: string }[] } };
  };
  return data.health.checks.find(({ name }) => name === "storage");
}

describe("speaker storage", () => {
  it("checks and sweeps; what is missing is a clear error over HTTP and a warning of health", {
    timeout: 180_000,
  }, async () => {
    const test = await createTestDatabase("embedded");
    const node = await startTestNode(test, { STORAGE_SWEEP_MINUTES: "0" });
    const { synthesize } = await node.client.request(Synthesize, {
      input: { text: "Soon it will be missed.", voiceId: "af_heart", format: "WAV" },
    });
    const { id, audio } = await finished(node.client, (synthesize as { id: string }).id);
    const held = await speaker(test, "check");
    expect([held.code, held.err]).toEqual([1, expect.stringContaining("has this data folder open")]);
    await node.stop();

    const root = join(test.env.DATA_DIR, "storage");
    const fine = await speaker(test, "check");
    expect([fine.code, fine.out]).toEqual([
      0,
      expect.stringContaining("Every object that the database names is there."),
    ]);

    const storage = await openFolderStorage(root);
    await storage.put("voices/nobody/sample.wav", Buffer.alloc(1_500_000));
    await writeFile(join(root, "tmp", "left"), "x");
    const yesterday = new Date(Date.now() - 86_400_000);
    for (const path of ["voices/nobody/sample.wav", "tmp/left"])
      await utimes(join(root, path), yesterday, yesterday);
    const dry = await speaker(test, "sweep", "--dry-run");
    expect(dry.out).toContain("Orphans would be removed: 1, 1.5 MB. Unfinished files would be removed: 1.");
    expect(existsSync(join(root, "voices/nobody/sample.wav"))).toBe(true);
    const wet = await speaker(test, "sweep");
    expect([wet.code, wet.out]).toEqual([0, expect.stringContaining("Orphans removed: 1, 1.5 MB.")]);
    expect(existsSync(join(root, "voices/nobody"))).toBe(false);
    expect(existsSync(join(root, "tmp/left"))).toBe(false);

    await rm(join(root, "audio"), { recursive: true });
    const missed = await speaker(test, "check");
    expect(missed.code).toBe(1);
    expect(missed.out).toContain("1 objects that the database names are not there:");
    expect(missed.out).toMatch(new RegExp(`audio of job +${id} +audio/${id}/`));
    expect((await speaker(test, "sweep")).out).toContain("are not there");

    const again = await startTestNode(test, { STORAGE_SWEEP_MINUTES: "0" });
    expect(await health(again)).toMatchObject({
      status: "DEGRADED",
      message: "writable, but 1 stored objects are missing, see `speaker storage check`",
    });
    const url = (audio?.url ?? "").replace(/^http:\/\/[^/]+/, again.url);
    for (const method of ["GET", "HEAD"]) {
      const response = await fetch(url, { method });
      expect([response.status, response.headers.get("etag"), response.headers.get("accept-ranges")]).toEqual([
        410,
        null,
        null,
      ]);
    }
    expect(await (await fetch(url)).json()).toMatchObject({
      error: { code: "GONE", message: expect.stringContaining("no longer there") },
    });
    await again.stop();
    await test.drop();
  });
});
