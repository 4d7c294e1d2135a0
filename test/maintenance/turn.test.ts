import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import postgres from "postgres";
import { afterEach, describe, expect, it } from "vitest";
import { Lifecycle } from "../../src/lifecycle.ts";
import { lastSweep, startSweeper } from "../../src/maintenance/sweeper.ts";
import { inTurn } from "../../src/maintenance/turn.ts";
import { openMigratedDatabase } from "../../src/resources.ts";
import { openStorage } from "../../src/storage/open.ts";
import { createTestDatabase, describePostgres, type TestDatabase, testConfig } from "../helpers/database.ts";
import { silent } from "../helpers/queue.ts";

const databases: TestDatabase[] = [];

afterEach(async () => {
  for (const database of databases.splice(0)) await database.drop();
});

async function newDatabase(kind: TestDatabase["kind"]): Promise<TestDatabase> {
  const database = await createTestDatabase(kind);
  databases.push(database);
  return database;
}

describePostgres("whose turn it is to sweep", () => {
  it("is one node's at a time, and the next one's when that one is done", async () => {
    const { database } = testConfig(await newDatabase("postgres"));
    const finish = deferred();
    const begun = deferred();
    const first = inTurn(database, async () => {
      begun.resolve();
      await finish.promise;
    });
    await begun.promise;
    expect(await inTurn(database, async () => expect.fail("two at once"))).toBe(false);
    finish.resolve();
    expect(await first).toBe(true);
    let ran = false;
    expect(
      await inTurn(database, async () => {
        ran = true;
      }),
    ).toBe(true);
    expect(ran).toBe(true);
  });

  it("is given back by a failure, and by a process that is killed", { timeout: 60_000 }, async () => {
    const { database } = testConfig(await newDatabase("postgres"));
    await expect(inTurn(database, () => Promise.reject(new Error("bucket lost")))).rejects.toThrow(
      "bucket lost",
    );
    if (database.kind !== "postgres") throw new Error("not a fleet");
    const holder = fileURLToPath(new URL("./lock-holder.ts", import.meta.url));
    const child = spawn(process.execPath, ["--import", "tsx", holder, database.url], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(createInterface({ input: child.stdout }), "line");
    expect(await inTurn(database, async () => {})).toBe(false);
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
    // The server notices the broken connection by itself; its waiting lock says when.
    const client = postgres(database.url, { max: 1, onnotice: () => {} });
    await client`select pg_advisory_lock(495874729328)`;
    await client.end();
    expect(await inTurn(database, async () => {})).toBe(true);
  });
});

describe("the sweeper of a node", () => {
  it("sweeps at the start of the node, and not at all when told so", async () => {
    const test = await newDatabase("embedded");
    const config = testConfig(test);
    const database = await openMigratedDatabase(config);
    const storage = await openStorage(config.storage);
    const off = new Lifecycle(silent);
    startSweeper(
      {
        config: {
          ...config,
          storage: { ...config.storage, sweep: { everyMinutes: null, graceMinutes: 60 } },
        },
        db: database.db,
        storage,
        log: silent,
      },
      off,
    );
    await off.stop();
    expect(await lastSweep(database.db)).toBeNull();

    const swept = deferred();
    const log = Object.assign(Object.create(silent), {
      debug: (_: unknown, message: string) => message === "swept the store" && swept.resolve(),
    });
    const on = new Lifecycle(silent);
    startSweeper({ config, db: database.db, storage, log }, on);
    await swept.promise;
    expect(await lastSweep(database.db)).toMatchObject({ objects: 0, orphans: 0, missing: 0 });
    await on.stop();
    await database.close();
  });
});

function deferred() {
  let resolve: () => void = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
