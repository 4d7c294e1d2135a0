import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { beforeAll, expect, it } from "vitest";
import { decodeAudio } from "../../src/audio/decode.ts";
import { measureLevel } from "../../src/audio/level.ts";
import { SpeakerClient } from "../../src/client/client.ts";
import { decodeAdts } from "../audio/adts.ts";
import { type Body, bearer, post } from "../helpers/caller.ts";
import { finished } from "../helpers/jobs.ts";
import { useTestNode } from "../helpers/node.ts";
import { describePython, pythonEnv } from "../helpers/openai-python.ts";

const ROOT = "root-secret-0123456789";
const LONG = "These days a chicken leg is a rare dish, and rice is often served in round bowls. ".repeat(4);

describePython("the official Python client, with the real model", () => {
  const node = useTestNode("embedded", {
    INFERENCE_ENGINE: "kokoro",
    INFERENCE_MEMBERS: "auto",
    API_KEYS: `root:${ROOT}:admin`,
  });
  const said: Body[] = [];
  const of = (name: string): Body[] => said.filter((line) => line.name === name);
  /** The long job as it was when its first bytes were there, and as it ended. */
  let during: Body;
  let ended: Body;

  beforeAll(async () => {
    const script = fileURLToPath(new URL("./client.py", import.meta.url));
    const python = spawn("python3", [script], {
      env: { ...pythonEnv(node.url, ROOT), LONG, OUT: join(node.database.env.DATA_DIR, "speech.wav") },
      stdio: ["pipe", "pipe", "pipe"],
    });
    const exit = once(python, "exit");
    let trace = "";
    python.stderr.on("data", (chunk) => {
      trace += chunk;
    });
    for await (const line of createInterface({ input: python.stdout })) {
      const fact = JSON.parse(line);
      said.push(fact);
      if (fact.name !== "first") continue;
      const document = `{ job(id: "${fact.job}") { status } }`;
      during = (await post(node.url, document, {}, bearer(ROOT))).body.data.job;
      python.stdin.end("\n");
      ended = await finished(new SpeakerClient(node.url, { apiKey: ROOT }), fact.job);
    }
    expect({ trace, exit: await exit }).toEqual({ trace: "", exit: [0, null] });
  }, 300_000);

  it("lists the models", () => {
    expect(of("models")[0].ids).toContain("gpt-4o-mini-tts");
  });

  it.each(["mp3", "opus", "aac", "flac", "wav", "pcm"])("gets speech as %s", async (format) => {
    const bytes = Buffer.from(of("format").find((line) => line.format === format).audio, "base64");
    const pcm = () =>
      Float32Array.from(new Int16Array(Uint8Array.from(bytes).buffer), (value) => value / 32_768);
    const decoded = async () => {
      if (format === "pcm") return { samples: pcm(), sampleRate: 24_000 };
      if (format === "aac") return await decodeAdts(bytes);
      const { channels, sampleRate } = await decodeAudio(bytes);
      return { samples: channels[0] ?? new Float32Array(0), sampleRate };
    };
    const { samples, sampleRate } = await decoded();
    const level = measureLevel(samples, sampleRate);
    expect(samples.length / sampleRate).toBeGreaterThan(1.8);
    expect(samples.length / sampleRate).toBeLessThan(4);
    expect(level.rmsDbfs).toBeGreaterThan(-35);
    expect(level.clippedSamples).toBe(0);
    expect(level.leadingSilenceSeconds).toBeLessThan(0.4);
  });

  it("streams into a file", () => {
    expect(of("file")[0].type).toBe("audio/wav");
    expect(of("file")[0].bytes).toBeGreaterThan(80_000);
  });

  it("hears the beginning while the rest is still being spoken, and then everything", () => {
    expect(of("first")[0].bytes).toBe(1024);
    expect(during.status).toBe("RUNNING");
    expect(ended.status).toBe("SUCCEEDED");
    expect(of("rest")[0].bytes).toBe(Math.round(ended.audio.durationSeconds * 24_000) * 2);
  });

  it("gets events", () => {
    const [{ types, last }] = of("events") as [Body];
    expect(types).toEqual(["speech.audio.delta", "speech.audio.done"]);
    expect(last.usage.input_tokens).toBe(42);
  });

  it("asks for several at once", () => {
    expect(of("async")[0].bytes).toHaveLength(3);
    expect(Math.min(...of("async")[0].bytes)).toBeGreaterThan(3_000);
  });

  it("raises its own errors", () => {
    expect(of("error")).toMatchObject([
      { type: "AuthenticationError", code: "invalid_api_key" },
      { type: "BadRequestError", param: "voice", code: "invalid_value" },
      { type: "NotFoundError", param: "model", code: "model_not_found" },
      { type: "BadRequestError", param: "speed", message: expect.stringContaining("0.5 to 2") },
    ]);
  });
});
