import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import pino from "pino";
import { afterAll, beforeAll } from "vitest";
import { SpeakerClient } from "../../src/client/client.ts";
import { type Node, startNode } from "../../src/serve.ts";
import { createTestDatabase, type TestDatabase, testConfig } from "./database.ts";

export interface TestNode {
  readonly url: string;
  readonly client: SpeakerClient;
  stop(): Promise<void>;
}

/** A node in this process, with the deterministic engine: for queueing, transport and the API. */
export async function startTestNode(database: TestDatabase, env: NodeJS.ProcessEnv = {}): Promise<TestNode> {
  const config = testConfig(database, { INFERENCE_ENGINE: "fake", INFERENCE_MEMBERS: "1", ...env });
  const node: Node = await startNode(config, pino({ level: "silent" }), () => {});
  const url = `http://127.0.0.1:${node.port}`;
  return { url, client: new SpeakerClient(url), stop: () => node.stop() };
}

/** A node for the tests of the surrounding `describe`: started before them, stopped and dropped after. */
export function useTestNode(kind: TestDatabase["kind"], env: NodeJS.ProcessEnv = {}) {
  let database: TestDatabase | undefined;
  let node: TestNode | undefined;
  beforeAll(async () => {
    database = await createTestDatabase(kind);
    node = await startTestNode(database, env);
  }, START_TIMEOUT_MS);
  afterAll(async () => {
    await node?.stop();
    await database?.drop();
  });
  const started = <T>(value: T | undefined): T => {
    if (value === undefined) throw new Error("the node has not been started");
    return value;
  };
  return {
    get url() {
      return started(node).url;
    },
    get client() {
      return started(node).client;
    },
    get database() {
      return started(database);
    },
  };
}

/** The first start on a machine fetches weights. */
const START_TIMEOUT_MS = 600_000;

export interface ProgramOptions {
  readonly database: TestDatabase;
  readonly env?: NodeJS.ProcessEnv;
  readonly args?: readonly string[];
  /** The file that is run: the service, or the command line. */
  readonly entry?: "main.js" | "cli.js";
}

/** The program itself in a process of its own, to be killed. */
export class TestProgram {
  readonly process: ChildProcess;
  readonly output: string[] = [];
  readonly #lines: Promise<void>;
  readonly #watchers = new Set<(line: string) => void>();

  constructor({ database, env = {}, args = [], entry = "main.js" }: ProgramOptions) {
    const main = fileURLToPath(new URL(`../../dist/${entry}`, import.meta.url));
    this.process = spawn(process.execPath, [main, ...args], {
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        MODELS_DIR: process.env.MODELS_DIR,
        XDG_CACHE_HOME: process.env.XDG_CACHE_HOME,
        NODE_ENV: "test",
        LOG_FORMAT: "json",
        PORT: "0",
        RATE_LIMIT_PER_MINUTE: "0",
        ...database.env,
        ...env,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#lines = Promise.all([this.#read("stdout"), this.#read("stderr")]).then(() => {});
  }

  async #read(name: "stdout" | "stderr"): Promise<void> {
    const stream = this.process[name];
    if (stream === null) return;
    for await (const line of createInterface({ input: stream })) {
      this.output.push(line);
      for (const watch of this.#watchers) watch(line);
    }
  }

  /** The first line, past or to come, that matches; fails with all output when the program ends before. */
  async line(pattern: RegExp): Promise<string> {
    const past = this.output.find((line) => pattern.test(line));
    if (past !== undefined) return past;
    return await new Promise((resolve, reject) => {
      this.#watchers.add((line) => {
        if (pattern.test(line)) resolve(line);
      });
      void this.#lines.then(() => reject(new Error(`the program ended:\n${this.output.join("\n")}`)));
    });
  }

  /** Waits until the node is ready. */
  async ready(): Promise<{ url: string; client: SpeakerClient }> {
    const { port } = JSON.parse(await this.line(/"msg":"ready"/)) as { port: number };
    const url = `http://127.0.0.1:${port}`;
    return { url, client: new SpeakerClient(url) };
  }

  /** Sends a signal and waits for the end; the exit code, or the signal's name. */
  async end(signal?: NodeJS.Signals): Promise<number | NodeJS.Signals | null> {
    const { process } = this;
    if (process.exitCode === null && process.signalCode === null) {
      const ended = once(process, "exit");
      if (signal !== undefined) process.kill(signal);
      await ended;
    }
    await this.#lines;
    return process.exitCode ?? process.signalCode;
  }
}
