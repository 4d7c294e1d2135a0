import { writeFile } from "node:fs/promises";
import { SpeakerError } from "../../src/errors.ts";
import { openFolderStorage } from "../../src/storage/fs.ts";

/** A process that writes into a store: until it is killed, or until nothing more fits. */
const [root = "", task] = process.argv.slice(2);
const storage = await openFolderStorage(root);

async function failure(work: () => Promise<void>): Promise<{ code: string; message: string } | null> {
  try {
    await work();
    return null;
  } catch (error) {
    if (!(error instanceof SpeakerError)) throw error;
    return { code: error.code, message: error.message };
  }
}

if (task === "fill") {
  await storage.put("audio/full/small.bin", Buffer.alloc(100_000));
  const put = await failure(() => storage.put("audio/full/large.bin", Buffer.alloc(1_000_000)));
  const file = await failure(async () => {
    const path = await storage.temporaryPath();
    // Whoever makes the file meets the limit first, and gives it up.
    await writeFile(path, Buffer.alloc(100_000));
    await storage.putFile("audio/full/large.bin", path);
    await storage.put("audio/full/larger.bin", Buffer.alloc(2_000_000));
  });
  await storage.remove("audio/full/large.bin");
  process.stdout.write(JSON.stringify([put, file]));
} else {
  for (let i = 0; ; i++) {
    const key = `audio/killed/${i}.bin`;
    await storage.put(key, Buffer.alloc(1_000_000, i % 256));
    process.stdout.write(`${key}\n`);
  }
}
