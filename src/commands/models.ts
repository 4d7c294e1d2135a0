import { loadConfig } from "../config.ts";
import { createLogger } from "../log.ts";
import { openModelStore, SERVICE_MODELS } from "../speech-engine.ts";
import { modelProgress } from "./progress.ts";
import { table } from "./table.ts";

function openStore() {
  const config = loadConfig();
  const log = createLogger(config.log);
  const progress = modelProgress(log);
  return { store: openModelStore(config.models, log, progress.show), progress };
}

/** `speaker models pull`: fetches, verifies and prepares, so that a later start needs no network. */
export async function pullModels(ids: string[]): Promise<void> {
  const { store, progress } = openStore();
  const wanted = ids.length === 0 ? SERVICE_MODELS : ids;
  try {
    await store.pull(wanted);
  } finally {
    progress.done();
  }
  process.stdout.write(`Ready in ${store.dir}: ${wanted.join(", ")}\n`);
}

/** `speaker models verify`: hashes what is here; exit code 1 when a file is missing or damaged. */
export async function verifyModels(ids: string[]): Promise<void> {
  const { store, progress } = openStore();
  const present = (await store.list()).filter(({ state }) => state !== "MISSING").map(({ id }) => id);
  const reports = await store.verify(ids.length === 0 ? present : ids);
  progress.done();
  process.stdout.write(
    table(
      ["MODEL", "FILE", "STATE"],
      reports.map(({ model, file, state }) => [model, file, state]),
    ),
  );
  if (reports.some(({ state }) => state !== "OK")) {
    process.stderr.write("Some files are missing or damaged; `speaker models pull` replaces them.\n");
    process.exitCode = 1;
  }
}

const MEGABYTE = 1_000_000;

/** `speaker models list` */
export async function listModels(): Promise<void> {
  const { store } = openStore();
  const rows = (await store.list()).map(({ id, state, bytes, licence, purpose }) => [
    id,
    state,
    `${(bytes / MEGABYTE).toFixed(1)} MB`,
    licence,
    purpose,
  ]);
  process.stdout.write(table(["MODEL", "STATE", "SIZE", "LICENCE", "PURPOSE"], rows));
}
