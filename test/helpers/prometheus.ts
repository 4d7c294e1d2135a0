import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Whether this machine has Prometheus with its promtool, as Debian's package `prometheus` brings them. */
export async function hasPrometheus(): Promise<boolean> {
  try {
    await Promise.all([run("prometheus", ["--version"]), run("promtool", ["--version"])]);
    return true;
  } catch {
    return false;
  }
}

/** A series of an instant query: its labels and its value. */
export interface Series {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [number, string];
}

/** A real Prometheus with the committed configuration, scraping one node every second. */
export class TestPrometheus {
  readonly #process: ChildProcess;
  readonly #folder: string;
  readonly #url: string;

  private constructor(process: ChildProcess, folder: string, url: string) {
    this.#process = process;
    this.#folder = folder;
    this.#url = url;
  }

  /**
   * @param source folder of the committed configuration
   * @param target `host:port` of the node
   */
  static async start(source: string, target: string): Promise<TestPrometheus> {
    const folder = await mkdtemp(join(tmpdir(), "speaker-prometheus-"));
    await cp(source, folder, { recursive: true });
    const config = join(folder, "prometheus.yml");
    const port = await freePort();
    const text = (await readFile(config, "utf8"))
      .replaceAll("15s", "1s")
      .replace("localhost:4000", target)
      .replace("localhost:9090", `127.0.0.1:${port}`);
    await writeFile(config, text);
    const child = spawn(
      "prometheus",
      [
        `--config.file=${config}`,
        `--storage.tsdb.path=${join(folder, "data")}`,
        `--web.listen-address=127.0.0.1:${port}`,
      ],
      { stdio: ["ignore", "ignore", "pipe"] },
    );
    const prometheus = new TestPrometheus(child, folder, `http://127.0.0.1:${port}`);
    await prometheus.#ready();
    return prometheus;
  }

  /** Waits until its log says that it answers. */
  async #ready(): Promise<void> {
    const { stderr } = this.#process;
    if (stderr === null) throw new Error("Prometheus has no log");
    const log: string[] = [];
    for await (const line of createInterface({ input: stderr })) {
      log.push(line);
      if (line.includes("Server is ready to receive web requests")) break;
    }
    if (this.#process.exitCode !== null) throw new Error(`Prometheus ended:\n${log.join("\n")}`);
    // Nobody reads on, and a full pipe would stop it.
    stderr.resume();
  }

  /** @throws when Prometheus refuses the query. */
  async query(expression: string): Promise<readonly Series[]> {
    const response = await fetch(`${this.#url}/api/v1/query?${new URLSearchParams({ query: expression })}`);
    const { status, error, data } = (await response.json()) as {
      status: string;
      error?: string;
      data: { result: Series[] };
    };
    if (status !== "success") throw new Error(`${expression}: ${error}`);
    return data.result;
  }

  /** The loaded rules: name, health and whether they fire. */
  async rules(): Promise<readonly { name: string; health: string; state: string }[]> {
    const response = await fetch(`${this.#url}/api/v1/rules`);
    const { data } = (await response.json()) as {
      data: { groups: { rules: { name: string; health: string; state: string }[] }[] };
    };
    return data.groups.flatMap(({ rules }) => rules);
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode === null) {
      const ended = once(this.#process, "exit");
      this.#process.kill("SIGTERM");
      await ended;
    }
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** Prometheus does not tell which port it took, so one is looked for beforehand. */
async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
