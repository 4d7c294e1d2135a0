import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decodeAudio } from "../../src/audio/decode.ts";
import { STOCK_VOICES } from "../../src/voices/stock.ts";
import { createTestDatabase, type TestDatabase } from "../helpers/database.ts";
import { startTestNode } from "../helpers/node.ts";

const CLI = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));

describe("command line", () => {
  let folder: string;
  let database: TestDatabase;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "speaker-cli-"));
    database = await createTestDatabase("embedded", { empty: true });
  });
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
    await database.drop();
  });

  function speaker(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
    const env = { ...process.env, ...database.env, LOG_LEVEL: "silent" };
    return new Promise((resolve) => {
      execFile(process.execPath, [CLI, ...args], { env }, (error, stdout, stderr) =>
        resolve({
          code: typeof error?.code === "number" ? error.code : error === null ? 0 : 1,
          stdout,
          stderr,
        }),
      );
    });
  }

  it("says a text into a file, without a server (real model)", { timeout: 180_000 }, async () => {
    const out = join(folder, "hello.flac");
    const { code, stdout } = await speaker(
      "say",
      '<speak>Hello from <voice name="espeak-en-GB">the command line</voice>.</speak>',
      ...["--ssml", "--language", "en"],
      "--voice",
      "bf_emma",
      "--out",
      out,
    );
    expect(code).toBe(0);
    const { channels, sampleRate } = await decodeAudio(new Uint8Array(await readFile(out)));
    const seconds = (channels[0]?.length ?? 0) / sampleRate;
    expect(seconds).toBeGreaterThan(1);
    expect(stdout).toContain(`${seconds.toFixed(2)} s of flac, voice bf_emma`);
  });

  it("lets a server say it, over the typed client", { timeout: 120_000 }, async () => {
    const node = await startTestNode(database);
    const out = join(folder, "server.wav");
    const { code, stdout } = await speaker(
      "say",
      "Bonjour de la part du serveur.",
      ...["--language", "fr"],
      "--server",
      node.url,
      "--out",
      out,
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/s of wav/);
    expect((await decodeAudio(new Uint8Array(await readFile(out)))).sampleRate).toBe(24_000);
    const voices = await speaker("voices", "--server", node.url, "--language", "en-GB");
    const british = STOCK_VOICES.filter(({ language }) => language.startsWith("en-GB"));
    expect(voices.stdout.trim().split("\n")).toHaveLength(british.length + 1);
    await node.stop();
  });

  it("refuses what it cannot say, in one line and with exit code 1", { timeout: 120_000 }, async () => {
    for (const [args, message] of [
      [["say", " "], /text: is empty or blank/],
      [["say", "Hello", "--voice", "nobody"], /voiceId: names no voice/],
      [["say", "Hello", "--language", "qaa"], /language: accepts a `code`/],
      [["say", "Hello", "--ssml"], /text: SSML begins with <speak>/],
      [["say", "Hello", "--out", "hello.txt"], /No format has the extension/],
      [["say", "Hello", "--speed", "9"], /accepts 0.5 to 2/],
      [["models", "verify", "nothing"], /nothing/],
      [["models", "pull", "--language", "tlh"], /no voice of Klingon/],
      [["models", "pull", "-l", "qaa"], /Nothing here speaks qaa/],
      [["dance"], /unknown command/],
    ] as const) {
      const { code, stderr } = await speaker(...args);
      expect(code).toBe(1);
      expect(stderr).toMatch(message);
      expect(stderr).not.toMatch(/\n\s+at /);
    }
  });

  it("lists voices, and lists and verifies models", { timeout: 120_000 }, async () => {
    const voices = await speaker("voices");
    expect(voices.stdout.trim().split("\n")).toHaveLength(STOCK_VOICES.length + 1);
    expect(voices.stdout).toMatch(/af_heart +Heart +en-US +FEMALE +A/);
    const models = await speaker("models", "list");
    expect(models.stdout).toMatch(/kokoro-82m .*READY/);
    const verified = await speaker("models", "verify", "kokoro-voices");
    expect(verified.code).toBe(0);
    expect(verified.stdout.match(/ OK$/gm)).toHaveLength(54);
  });

  it("migrates a database", { timeout: 60_000 }, async () => {
    const { code, stdout } = await speaker("migrate");
    expect(code).toBe(0);
    expect(stdout).toMatch(/embedded database is up to date/);
  });
});
