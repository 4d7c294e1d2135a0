import pino from "pino";
import type { Database } from "../../src/db/client.ts";
import { EventBus } from "../../src/db/events.ts";
import type { JobDeps, NewJob } from "../../src/jobs/job.ts";
import { JobQueue } from "../../src/jobs/queue.ts";
import { openMigratedDatabase } from "../../src/resources.ts";
import { type TestDatabase, testConfig } from "./database.ts";

export const silent = pino({ level: "silent" });

export interface TestQueue extends JobDeps {
  readonly database: Database;
  readonly bus: EventBus;
  close(): Promise<void>;
}

/** A migrated database with its queue and events, without engine and without HTTP. */
export async function openTestQueue(test: TestDatabase, queueLimit = 100): Promise<TestQueue> {
  const database = await openMigratedDatabase(testConfig(test));
  const bus = new EventBus();
  await bus.start(database);
  const queue = new JobQueue(database, silent, { supervise: false });
  await queue.start();
  return {
    database,
    db: database.db,
    bus,
    queue,
    queueLimit,
    quotas: testConfig(test).quotas,
    async close() {
      bus.close();
      await queue.stop();
      await database.close();
    },
  };
}

/** A job of the test kind; the fields given replace the defaults. */
export function newJob(fields: Partial<NewJob> = {}): NewJob {
  return {
    kind: "TEST",
    tenant: "default",
    keyId: null,
    keyName: "anonymous",
    input: { text: "hello" },
    voiceId: "af_heart",
    characters: 5,
    maxAttempts: 3,
    requestId: "test",
    idempotency: null,
    ...fields,
  };
}
