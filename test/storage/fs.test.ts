import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterEach, describe, expect, it } from "vitest";
import { openFolderStorage } from "../../src/storage/fs.ts";

const folders: string[] = [];
const writer = fileURLToPath(new URL("./writer.ts", import.meta.url));

afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "speaker-fs-"));
  folders.push(folder);
  return folder;
}

const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);

describe("a store in a folder, on disk", () => {
  it("opens files and folders to its user alone, whatever the process leaves open", async () => {
    const root = join(await newFolder(), "store");
    const storage = await openFolderStorage(root);
    const path = await storage.temporaryPath();
    await writeFile(path, "sound");
    await chmod(path, 0o666);
    await storage.putFile("audio/job/a.wav", path);
    await storage.put("audio/job/b.wav", Buffer.from("sound"));
    for (const folder of ["", "tmp", "audio", "audio/job"])
      expect(await modeOf(join(root, folder))).toBe("700");
    for (const file of ["audio/job/a.wav", "audio/job/b.wav"])
      expect(await modeOf(join(root, file))).toBe("600");
  });

  it("follows no link, neither to a file nor through a folder, and lists none", async () => {
    const [root, outside] = [await newFolder(), await newFolder()];
    const storage = await openFolderStorage(root);
    await writeFile(join(outside, "secret.wav"), "not yours");
    await storage.put("audio/job/own.wav", Buffer.from("own"));
    await symlink(join(outside, "secret.wav"), join(root, "audio/job/link.wav"));
    await symlink(outside, join(root, "audio/elsewhere"));

    await expect(storage.get("audio/job/link.wav")).rejects.toThrow();
    expect(await storage.size("audio/job/link.wav")).toBeNull();
    await expect(storage.get("audio/elsewhere/secret.wav")).rejects.toThrow("link");
    await expect(storage.put("audio/elsewhere/new.wav", Buffer.from("x"))).rejects.toThrow("link");
    await expect(storage.remove("audio/elsewhere/secret.wav")).rejects.toThrow("link");
    expect(await storage.list("audio/job/")).toEqual(["audio/job/own.wav"]);
    expect(await storage.list("audio/")).toEqual(["audio/job/"]);
    await storage.remove("audio/");
    expect(await readdir(outside)).toEqual(["secret.wav"]);
  });

  it("tells of a full disk by a typed error, and nothing is left of what did not fit", async () => {
    const root = await newFolder();
    // A limit on the length of files stands for the disk's: 200 blocks of 1 KiB. The signal it sends is ignored.
    const script = `trap '' XFSZ; ulimit -f 200; exec "$0" --import tsx "$1" "$2" fill`;
    const run = promisify(execFile)("bash", ["-c", script, process.execPath, writer, root]);
    const { stdout } = await run;
    const [put, putFile] = JSON.parse(stdout) as { code: string; message: string }[];
    for (const error of [put, putFile]) {
      expect(error).toMatchObject({ code: "SERVICE_UNAVAILABLE", message: expect.stringContaining("full") });
    }
    const storage = await openFolderStorage(root);
    expect(await readdir(join(root, "tmp"))).toEqual([]);
    expect(await storage.list("audio/full/")).toEqual(["audio/full/small.bin"]);
  });

  it("has every object whole or not at all after its process was killed while writing", {
    timeout: 120_000,
  }, async () => {
    const root = await newFolder();
    const child = spawn(process.execPath, ["--import", "tsx", writer, root, "write"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const acknowledged: string[] = [];
    const ended = once(child, "exit");
    for await (const line of createInterface({ input: child.stdout })) {
      acknowledged.push(line);
      if (acknowledged.length === 25) child.kill("SIGKILL");
    }
    await ended;
    const storage = await openFolderStorage(root);
    let objects = 0;
    for await (const { key, bytes } of storage.entries("audio/")) {
      objects++;
      expect(bytes).toBe(1_000_000);
      const content = await readFile(join(root, key));
      expect(content.every((byte) => byte === content[0])).toBe(true);
    }
    expect(objects).toBeGreaterThanOrEqual(acknowledged.length);
    for (const key of acknowledged) expect(await storage.size(key)).toBe(1_000_000);
    await storage.removeUnfinished(new Date(Date.now() + 1000), false);
    expect(await readdir(join(root, "tmp"))).toEqual([]);
  });

  it("leaves no empty folder, and stores into one that another process removes at that moment", async () => {
    const root = await newFolder();
    const [one, other] = [await openFolderStorage(root), await openFolderStorage(root)];
    for (let round = 0; round < 200; round++) {
      await one.put("pieces/job/a.piece", Buffer.from("a"));
      await Promise.all([
        one.remove("pieces/job/a.piece"),
        other.put("pieces/job/b.piece", Buffer.from("b")),
      ]);
      expect(await other.size("pieces/job/b.piece")).toBe(1);
      await other.remove("pieces/job/b.piece");
      expect(existsSync(join(root, "pieces/job"))).toBe(false);
    }
  });

  it("cannot be opened where a file stands in its place", async () => {
    const folder = await newFolder();
    await mkdir(join(folder, "x"));
    await writeFile(join(folder, "x/store"), "a file");
    await expect(openFolderStorage(join(folder, "x/store"))).rejects.toMatchObject({ code: "EEXIST" });
  });
});
