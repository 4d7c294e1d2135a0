import { createHash, randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { openStorage } from "../../src/storage/open.ts";
import { openS3Storage, type S3Options } from "../../src/storage/s3.ts";
import type { Storage } from "../../src/storage/storage.ts";
import { describeS3, S3Server } from "../helpers/s3-server.ts";
import { type Fault, type FaultProxy, type SeenRequest, startFaultProxy } from "./fault-proxy.ts";

const MEBIBYTE = 1024 * 1024;
const PATIENCE = { attempts: 3, silenceMs: 500, pauseMs: 5 };
const UNAVAILABLE = { code: "SERVICE_UNAVAILABLE" };

let server: S3Server;
let proxy: FaultProxy;
let folder: string;
let storage: Storage;

const put = ({ method }: SeenRequest) => method === "PUT";
const get = ({ method }: SeenRequest) => method === "GET";
const part = (number: number) => (request: SeenRequest) =>
  put(request) && request.url.includes(`partNumber=${number}`);

/** Does harm to the first `times` requests that match. */
function harm(matches: (request: SeenRequest) => boolean, fault: Fault, times = 1): void {
  let left = times;
  proxy.harm = (request) => (matches(request) && left-- > 0 ? fault : null);
}

async function temporaryFile(bytes: Uint8Array): Promise<string> {
  const path = await storage.temporaryPath();
  await writeFile(path, bytes);
  return path;
}

async function readAll(stream: Readable | null): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream ?? []) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const laterThanAll = () => new Date(Date.now() + 60_000);

describeS3("a bucket behind a bad connection", () => {
  beforeAll(async () => {
    server = await S3Server.start();
    await server.createBucket("faults");
    proxy = await startFaultProxy(server.endpoint);
    folder = await mkdtemp(join(tmpdir(), "speaker-s3-"));
    storage = await openS3Storage(server.options("faults", folder, proxy.url), PATIENCE);
  });
  afterEach(() => {
    proxy.harm = () => null;
    proxy.seen.length = 0;
  });
  afterAll(async () => {
    await proxy.close();
    await server.kill();
    await rm(folder, { recursive: true });
  });

  it.each<Fault>([
    { kind: "status", status: 503 },
    { kind: "status", status: 500 },
    { kind: "silence" },
    { kind: "reset" },
    { kind: "lose-answer" },
  ])("repeats what failed by $kind $status, and gives up with a typed error", async (fault) => {
    harm(put, fault, 2);
    await storage.put("audio/a/one.wav", Buffer.from("sound"));
    expect(proxy.seen.filter(put)).toHaveLength(3);
    harm(get, fault, 2);
    expect(Buffer.from((await storage.get("audio/a/one.wav")) ?? []).toString()).toBe("sound");

    harm(() => true, fault, Number.POSITIVE_INFINITY);
    const uses = [
      () => storage.put("audio/a/two.wav", Buffer.from("sound")),
      () => storage.get("audio/a/one.wav"),
      () => storage.read("audio/a/one.wav"),
      () => storage.size("audio/a/one.wav"),
      () => storage.list("audio/"),
      () => storage.remove("audio/a/one.wav"),
      () => storage.remove("audio/a/"),
      () => storage.removeMany(["audio/a/one.wav"]),
      () => storage.check(),
      () => storage.removeUnfinished(new Date(), false),
    ];
    const failures = uses.map((use) => expect(use(), use.toString()).rejects.toMatchObject(UNAVAILABLE));
    await Promise.all(failures);
    expect(proxy.seen.length).toBeLessThan(100);
  });

  it("lets the server refuse bytes that changed on the way there", async () => {
    harm(put, { kind: "flip-request" });
    await expect(storage.put("audio/a/flipped.wav", randomBytes(1000))).rejects.toMatchObject(UNAVAILABLE);
    expect(await storage.size("audio/a/flipped.wav")).toBeNull();
  });

  it("looks again at bytes that changed on the way back, and never passes wrong ones on", async () => {
    const bytes = randomBytes(50_000);
    await storage.put("audio/a/back.wav", bytes);
    harm(get, { kind: "flip-answer" });
    expect(Buffer.from((await storage.get("audio/a/back.wav")) ?? [])).toEqual(bytes);
    harm(get, { kind: "flip-answer" }, 2);
    await expect(storage.get("audio/a/back.wav")).rejects.toThrow("damaged");
  });

  it("reads on where a connection broke off", async () => {
    const bytes = randomBytes(6 * MEBIBYTE);
    await storage.putFile("audio/a/long.wav", await temporaryFile(bytes));
    harm(get, { kind: "cut", bytes: 2 * MEBIBYTE }, 2);
    const read = await readAll(await storage.read("audio/a/long.wav", { start: 10, end: bytes.length - 11 }));
    expect(sha256(read)).toBe(sha256(bytes.subarray(10, -10)));
    expect(proxy.seen.filter(get)).toHaveLength(3);

    harm(get, { kind: "cut", bytes: 1000 }, Number.POSITIVE_INFINITY);
    await expect(readAll(await storage.read("audio/a/long.wav"))).rejects.toMatchObject(UNAVAILABLE);
  });

  it("sends a part again that failed, and the object is right", async () => {
    const bytes = randomBytes(20 * MEBIBYTE);
    harm(part(2), { kind: "status", status: 503 }, 2);
    await storage.putFile("audio/a/parts.wav", await temporaryFile(bytes));
    expect(proxy.seen.filter(part(2))).toHaveLength(3);
    expect(sha256((await storage.get("audio/a/parts.wav")) ?? Buffer.from(""))).toBe(sha256(bytes));
  });

  it("gives an upload up whose part cannot be sent: no object, no part, no temporary file", async () => {
    harm(part(3), { kind: "reset" }, Number.POSITIVE_INFINITY);
    const path = await temporaryFile(randomBytes(30 * MEBIBYTE));
    await expect(storage.putFile("audio/a/given-up.wav", path)).rejects.toMatchObject(UNAVAILABLE);
    proxy.harm = () => null;
    expect(await storage.size("audio/a/given-up.wav")).toBeNull();
    expect(await storage.removeUnfinished(laterThanAll(), true)).toBe(0);
    expect(await readdir(folder)).toEqual([]);
  });

  it("knows an upload as done whose last answer was lost", async () => {
    const bytes = randomBytes(9 * MEBIBYTE);
    harm(({ method, url }) => method === "POST" && url.includes("uploadId="), { kind: "lose-answer" });
    await storage.putFile("audio/a/done.wav", await temporaryFile(bytes));
    expect(sha256((await storage.get("audio/a/done.wav")) ?? Buffer.from(""))).toBe(sha256(bytes));
  });

  it("removes the parts of an upload whose process was killed", async () => {
    // Cannot be given up either: the connection is gone, as the process would be.
    harm(
      (request) => part(2)(request) || request.method === "DELETE",
      { kind: "reset" },
      Number.POSITIVE_INFINITY,
    );
    const path = await temporaryFile(randomBytes(20 * MEBIBYTE));
    await expect(storage.putFile("audio/a/killed.wav", path)).rejects.toMatchObject(UNAVAILABLE);
    proxy.harm = () => null;
    expect(await storage.removeUnfinished(new Date(Date.now() - 60_000), false)).toBe(0);
    expect(await storage.removeUnfinished(laterThanAll(), true)).toBe(1);
    expect(await storage.removeUnfinished(laterThanAll(), false)).toBe(1);
    expect(await storage.removeUnfinished(laterThanAll(), true)).toBe(0);
  });

  it("asks for encryption at rest, of short and of long objects", async () => {
    const encryption = "AES256";
    const encrypted = await openS3Storage(
      { ...server.options("faults", folder, proxy.url), encryption },
      PATIENCE,
    );
    const bytes = randomBytes(9 * MEBIBYTE);
    await encrypted.put("audio/e/short.wav", bytes.subarray(0, 100));
    await encrypted.putFile("audio/e/long.wav", await temporaryFile(bytes));
    const begun = proxy.seen.filter(
      ({ method, url }) => /short/.test(url) || (method === "POST" && /uploads/.test(url)),
    );
    expect(begun.map(({ headers }) => headers["x-amz-server-side-encryption"])).toEqual([
      encryption,
      encryption,
    ]);
    expect(sha256((await encrypted.get("audio/e/long.wav")) ?? Buffer.from(""))).toBe(sha256(bytes));
  });

  it("keeps memory bounded while it sends and reads a long file", { timeout: 120_000 }, async () => {
    const path = await storage.temporaryPath();
    await writeFile(path, Buffer.alloc(160 * MEBIBYTE, 1));
    global.gc?.();
    const before = process.memoryUsage().arrayBuffers;
    let peak = 0;
    const look = setInterval(() => {
      peak = Math.max(peak, process.memoryUsage().arrayBuffers - before);
    }, 5);
    await storage.putFile("audio/a/huge.wav", path);
    let bytes = 0;
    for await (const chunk of (await storage.read("audio/a/huge.wav")) ?? []) bytes += chunk.length;
    clearInterval(look);
    expect(bytes).toBe(160 * MEBIBYTE);
    // Two parts under way, what the proxy of this process holds of them, and what is not collected yet.
    expect(peak).toBeLessThan(110 * MEBIBYTE);
  });
});

describeS3("a bucket that cannot be used", () => {
  let own: S3Server;
  let directory: string;
  const attempt = (change: Partial<S3Options>) =>
    openStorage({
      kind: "s3",
      sweep: { everyMinutes: null, graceMinutes: 60 },
      s3: { ...own.options("usable", directory), ...change },
    });

  beforeAll(async () => {
    own = await S3Server.start();
    await own.createBucket("usable");
    directory = await mkdtemp(join(tmpdir(), "speaker-s3-"));
  });
  afterAll(async () => {
    await own.kill();
    await rm(directory, { recursive: true });
  });

  it("opens when all is right", async () => {
    expect((await attempt({})).description).toBe(`bucket usable, prefix some/where/ at ${own.endpoint}`);
  });

  it.each([
    ["an unknown bucket", { bucket: "nobody-made-it" }, /does not exist.*S3_BUCKET/],
    ["a wrong secret", { secretAccessKey: "wrong" }, /SignatureDoesNotMatch.*S3_SECRET_ACCESS_KEY/],
    ["an unknown key", { accessKeyId: "stranger" }, /InvalidAccessKeyId.*S3_ACCESS_KEY_ID/],
  ])("says what to do about %s", async (_, change, message) => {
    const failed = attempt(change);
    await expect(failed).rejects.toMatchObject(UNAVAILABLE);
    await expect(failed).rejects.toThrow(message);
    await expect(failed).rejects.not.toThrow(/not-so-secret|wrong/);
  });

  it("says so when nobody listens, and when the server dies in the middle of an upload", {
    timeout: 120_000,
  }, async () => {
    const patience = { attempts: 2, silenceMs: 500, pauseMs: 5 };
    const nowhere = await openS3Storage(
      { ...own.options("usable", directory), endpoint: "http://127.0.0.1:1" },
      patience,
    );
    await expect(nowhere.check()).rejects.toThrow("does not answer");

    const dying = await S3Server.start();
    await dying.createBucket("dying");
    const between = await startFaultProxy(dying.endpoint);
    const store = await openS3Storage(dying.options("dying", directory, between.url), patience);
    between.harm = async (request) => {
      if (part(2)(request)) await dying.kill();
      return null;
    };
    const path = await store.temporaryPath();
    await writeFile(path, randomBytes(40 * MEBIBYTE));
    await expect(store.putFile("audio/a/dying.wav", path)).rejects.toThrow("does not answer");
    expect(existsSync(path)).toBe(false);
    await between.close();
  });
});
