import { fileURLToPath } from "node:url";
import type { Logger } from "pino";
import { v7 } from "uuid";
import { type AudioIntake, createAudioIntake } from "./audio/intake/intake.ts";
import { AuditKeeper } from "./audit/keeper.ts";
import { Authenticator } from "./auth/authenticator.ts";
import type { Config } from "./config.ts";
import { type Database, type Db, openDatabase } from "./db/client.ts";
import { EventBus } from "./db/events.ts";
import { DictionaryThread } from "./dictionaries/thread.ts";
import { JobOutlook } from "./jobs/outlook.ts";
import { JobQueue } from "./jobs/queue.ts";
import type { Lifecycle } from "./lifecycle.ts";
import { openRateLimits } from "./limits/open.ts";
import type { RateLimits } from "./limits/rate-limit.ts";
import { type Observability, openObservability } from "./metrics/observability.ts";
import { PreviewFrontEnd } from "./phonemize/front-end.ts";
import { PhonemePreview } from "./phonemize/phonemize.ts";
import { openModelStore } from "./speech-engine.ts";
import { StockSpeakers } from "./stock-speakers.ts";
import { openStorage } from "./storage/open.ts";
import type { Storage } from "./storage/storage.ts";
import { engineIdentity } from "./synthesis/cache/identity.ts";
import { AudioStreams } from "./synthesis/stream/streams.ts";
import type { SynthesisDeps } from "./synthesis/synthesis.ts";
import { createInstalledVoices, type InstalledVoices } from "./voices/installed.ts";
import { createVoicePacks, type VoicePacks } from "./voices/packs.ts";
import { seedStockVoices } from "./voices/stock.ts";

const MIGRATIONS = fileURLToPath(new URL("../migrations", import.meta.url));

/** Everything a node holds open, made in one place. */
export interface Resources {
  readonly config: Config;
  readonly log: Logger;
  readonly nodeId: string;
  readonly startedAt: Date;
  readonly database: Database;
  readonly db: Db;
  readonly bus: EventBus;
  readonly auth: Authenticator;
  readonly queue: JobQueue;
  readonly outlook: JobOutlook;
  readonly rateLimits: RateLimits;
  readonly storage: Storage;
  readonly intake: AudioIntake;
  readonly packs: VoicePacks;
  /** Reads and writes pronunciation dictionaries; it starts at first use. */
  readonly dictionaries: DictionaryThread;
  /** Shows how texts would be said. */
  readonly phonemes: PhonemePreview;
  readonly installed: InstalledVoices;
  /** Names engine and weights, the same on every node; see `engineIdentity`. */
  readonly engine: string;
  readonly synthesis: SynthesisDeps;
  readonly streams: AudioStreams;
  readonly observability: Observability;
}

/** Opens the database and applies the migrations; what `migrate` alone needs too. */
export async function openMigratedDatabase(config: Config): Promise<Database> {
  const database = await openDatabase(config.database);
  try {
    await database.exclusively(async () => {
      await database.migrate(MIGRATIONS);
      await seedStockVoices(database.db);
    });
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** Opens what every role needs: database, events, queue, storage. Each is stopped by `lifecycle`. */
export async function openResources(config: Config, log: Logger, lifecycle: Lifecycle): Promise<Resources> {
  const database = await openMigratedDatabase(config);
  lifecycle.add("database", () => database.close());
  log.info({ database: database.kind, server: await database.version() }, "database open");

  const bus = new EventBus();
  await bus.start(database);
  lifecycle.add("events", () => bus.close());

  const auth = await Authenticator.open({ config, db: database.db, bus });

  const queue = new JobQueue(database, log, { supervise: config.role !== "api" });
  await database.exclusively(() => queue.start());
  lifecycle.add("queue", () => queue.stop());

  const storage = await openStorage(config.storage);
  const models = openModelStore(config.models, log);
  const packs = createVoicePacks(models, storage);
  const installed = createInstalledVoices(models);
  const engine = engineIdentity(config.inference.engine, models.manifest);
  const intake = createAudioIntake({
    onLost: (reason) => log.warn({ reason }, "a decoding process was lost"),
  });
  lifecycle.add("audio intake", () => intake.close());
  const previewFrontEnd = new PreviewFrontEnd(models, log);
  lifecycle.add("previews of phonemes", () => previewFrontEnd.close());
  const dictionaries = new DictionaryThread();
  lifecycle.add("dictionaries", () => dictionaries.close());
  const { db } = database;
  const audit = new AuditKeeper({ db, bus, log, ...config.audit });
  audit.start();
  lifecycle.add("audit", () => audit.stop());
  const nodeId = v7();
  const observability = await openObservability(
    { config, log, db, nodeId },
    lifecycle,
    (): Resources => resources,
  );
  const synthesis: SynthesisDeps = {
    db,
    packs,
    installed,
    queue,
    queueLimit: config.jobs.queueLimit,
    quotas: config.quotas,
    attempts: config.jobs.attempts,
    limits: config.limits,
    auditText: config.audit.text,
    ...(config.cache !== null && {
      cache: { engine, storage, ...config.audio, observer: observability.work },
    }),
  };
  const phonemes = new PhonemePreview({
    ...{ db, packs, installed },
    // What they are asked for is never spoken.
    stockSpeakers: new StockSpeakers(models, {
      request: (utterance) => utterance,
      onDemand: config.voicesOnDemand,
    }),
    frontEnd: previewFrontEnd,
  });
  const streams = new AudioStreams({ db, bus, storage, jobs: synthesis, log, ...config.streams });
  if (config.role !== "worker") streams.warm();
  lifecycle.add("audio streams", () => streams.close());
  const resources: Resources = {
    config,
    log,
    nodeId,
    startedAt: new Date(),
    database,
    db,
    bus,
    auth,
    queue,
    outlook: new JobOutlook(db),
    rateLimits: openRateLimits(database, config.rateLimit, log, lifecycle),
    storage,
    intake,
    packs,
    dictionaries,
    phonemes,
    installed,
    engine,
    synthesis,
    streams,
    observability,
  };
  return resources;
}
