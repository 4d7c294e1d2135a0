import { openFolderStorage } from "./fs.ts";
import type { StorageSettings } from "./settings.ts";
import type { Storage } from "./storage.ts";

/**
 * Opens the store that the settings name and proves that it can be used.
 *
 * @throws SpeakerError that says what is wrong and what to do; any fault of the local disk as it is.
 */
export async function openStorage(settings: StorageSettings): Promise<Storage> {
  const storage =
    settings.kind === "folder"
      ? await openFolderStorage(settings.folder)
      : // A node with a folder does not load the client.
        await (await import("./s3.ts")).openS3Storage(settings.s3);
  await storage.check();
  return storage;
}
