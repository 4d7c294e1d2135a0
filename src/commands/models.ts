import { loadConfig } from "../config.ts";
import { NotFoundError } from "../errors.ts";
import { findLanguage } from "../languages/language.ts";
import { createLogger } from "../log.ts";
import { openModelStore, SERVICE_MODELS } from "../speech-engine.ts";
import { piperVoicesOf } from "../voices/default-voice.ts";
import { modelProgress } from "./progress.ts";
import { table } from "./table.ts";

function openStore() {
  const config = loadConfig();
  const log = createLogger(config.log);
  const progress = modelProgress(log);
  return { store: openModelStore(config.models, log, progress.show), progress };
}

export interface PullOptions {
  /** BCP-47 tags: the best voice of Piper for each. */
  readonly language?: readonly string[];
  /** All voices of these languages. */
  readonly all?: boolean;
}

/** `speaker models pull`: fetches, verifies and prepares, so that a later start needs no network. */
export async function pullModels(ids: string[], { language = [], all = false }: PullOptions): Promise<void> {
  const asked = [...ids, ...language.flatMap((tag) => voicesFor(tag, all))];
  const { store, progress } = openStore();
  const wanted = asked.length === 0 ? SERVICE_MODELS : [...new Set(asked)];
  try {
    await store.pull(wanted);
  } finally {
    progress.done();
  }
  process.stdout.write(`Ready in ${store.dir}: ${wanted.join(", ")}\n`);
}

function voicesFor(tag: string, all: boolean): string[] {
  const language = findLanguage(tag);
  if (language === null)
    throw new NotFoundError(`Nothing here speaks ${tag}. Use a language tag such as de.`);
  const voices = piperVoicesOf(language).map(({ id }) => id);
  if (voices.length === 0) {
    const tiers = language.tiers.join(", ");
    throw new NotFoundError(`Piper has no voice of ${language.name}; it is spoken without one (${tiers}).`);
  }
  return all ? voices : voices.slice(0, 1);
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

/** `speaker models list`: what the service uses and the voices that are here; `all` names the others too. */
export async function listModels({ all = false }: { all?: boolean }): Promise<void> {
  const { store } = openStore();
  const models = await store.list();
  const shown = models.filter(({ engine, state }) => all || engine !== "piper" || state !== "MISSING");
  const rows = shown.map(({ id, state, bytes, licence, purpose }) => [
    id,
    state,
    `${(bytes / MEGABYTE).toFixed(1)} MB`,
    licence,
    purpose,
  ]);
  process.stdout.write(table(["MODEL", "STATE", "SIZE", "LICENCE", "PURPOSE"], rows));
  const more = models.length - shown.length;
  if (more > 0) process.stdout.write(`and ${more} voices of Piper that are not here; --all lists them\n`);
}
