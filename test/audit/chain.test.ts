import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { recordAudit, SERVICE_ACTOR } from "../../src/audit/audit.ts";
import { CHAIN_START, entryHash, type SealedEntry, verifyChain } from "../../src/audit/chain.ts";
import { entriesInOrder } from "../../src/audit/list.ts";
import { pruneAudit } from "../../src/audit/prune.ts";
import { sealAudit } from "../../src/audit/seal.ts";
import { entryLine } from "../../src/audit/stream.ts";
import { auditChain, auditLog } from "../../src/audit/table.ts";
import { verifyAudit } from "../../src/audit/verify.ts";
import type { Database } from "../../src/db/client.ts";
import { openMigratedDatabase } from "../../src/resources.ts";
import { createTestDatabase, describeDatabases, type TestDatabase, testConfig } from "../helpers/database.ts";

const write = (database: Database, name: string) =>
  recordAudit(
    database.db,
    { ...SERVICE_ACTOR, name, userAgent: 'curl "ü" \\ 🙂' },
    {
      action: "job.cancel",
      outcome: "ACCEPTED",
      targetType: "job",
      targetId: null,
      details: { zebra: 1.5, alpha: "ä", nothing: null, yes: true },
    },
  );

async function sealAll(database: Database): Promise<SealedEntry[]> {
  const all: SealedEntry[] = [];
  for (;;) {
    const sealed = await sealAudit(database.db);
    if (sealed.length === 0) return all;
    all.push(...sealed);
  }
}

/** What someone with the rights of the database's owner can do: the triggers do not stop them. */
const tamper = (database: Database, statement: string) =>
  database.db.transaction(async (tx) => {
    for (const table of ["audit_log", "audit_chain"]) {
      await tx.execute(sql.raw(`alter table ${table} disable trigger user`));
    }
    await tx.execute(sql.raw(statement));
    for (const table of ["audit_log", "audit_chain"]) {
      await tx.execute(sql.raw(`alter table ${table} enable trigger user`));
    }
  });

const fails = async (statement: Promise<unknown>) => {
  const error: unknown = await statement.then(
    () => null,
    (failure: unknown) => failure,
  );
  const messages: string[] = [];
  for (let cause = error; cause instanceof Error; cause = cause.cause) messages.push(cause.message);
  return messages.join(" ");
};

describeDatabases("Audit chain", (kind) => {
  let test: TestDatabase;
  let database: Database;
  beforeAll(async () => {
    test = await createTestDatabase(kind);
    database = await openMigratedDatabase(testConfig(test));
  });
  afterAll(async () => {
    await database.close();
    await test.drop();
  });

  const whole = async () => {
    const entries: SealedEntry[] = [];
    for await (const entry of entriesInOrder(database.db, {}, 0, null)) entries.push(entry);
    return entries;
  };

  /** What a forger does who knows how the chain is made: every hash fits again. */
  const chainAnew = async () => {
    let hash = CHAIN_START.hash;
    const hashes = (await whole()).map((entry) => {
      hash = entryHash(hash, entry);
      return { id: entry.id, h: hash };
    });
    const json = JSON.stringify(hashes);
    await tamper(
      database,
      `update audit_log set hash = f.h from jsonb_to_recordset('${json}'::jsonb) as f(id uuid, h text) where audit_log.id = f.id`,
    );
    await tamper(database, `update audit_chain set hash = '${hash}'`);
  };

  it("holds when it is empty", async () => {
    expect(await verifyAudit(database.db)).toMatchObject({ entries: 0, unsealed: 0, fault: null });
  });

  it("chains what many write at once, without a gap and without waiting for each other", async () => {
    const writeAndSeal = async () => {
      await write(database, "meanwhile");
      return (await sealAll(database)).map(({ actor }) => actor);
    };
    // An open transaction that has written an entry keeps nobody from writing and sealing others. PGlite has one
    // connection: there nothing runs beside a transaction.
    const sealedMeanwhile =
      kind === "embedded"
        ? await writeAndSeal()
        : await database.db.transaction(async (tx) => {
            const { action, outcome, targetType } = {
              action: "job.retry",
              outcome: "ACCEPTED",
              targetType: "job",
            } as const;
            await recordAudit(tx, SERVICE_ACTOR, {
              action,
              outcome,
              targetType,
              targetId: null,
              details: {},
            });
            return await writeAndSeal();
          });
    expect(sealedMeanwhile).toEqual(["meanwhile"]);
    await Promise.all(Array.from({ length: 620 }, (_, index) => write(database, `writer-${index}`)));
    expect(await verifyAudit(database.db)).toMatchObject({ unsealed: kind === "postgres" ? 621 : 620 });
    // As on a fleet: several sealers at the same moment.
    const rounds = await Promise.all([sealAll(database), sealAll(database), sealAll(database)]);
    await sealAll(database);
    const entries = await whole();
    expect(entries.map(({ sequence }) => sequence)).toEqual(entries.map((_, index) => index + 1));
    expect(new Set(rounds.flat().map(({ id }) => id)).size).toBe(rounds.flat().length);
    expect(await verifyAudit(database.db)).toMatchObject({
      entries: entries.length,
      unsealed: 0,
      fault: null,
    });
  });

  it("hashes as documented: SHA-256 over the hash before and the entry as JSON", async () => {
    const [first, second] = await whole();
    if (first === undefined || second === undefined) throw new Error("no entries");
    expect(entryHash("0".repeat(64), first)).toBe(first.hash);
    expect(entryHash(first.hash, second)).toBe(second.hash);
    expect(first.at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
  });

  it("is verified from an export alone", async () => {
    const lines = (await whole()).map(entryLine);
    const read = (text: string[]) => text.map((line) => JSON.parse(line) as SealedEntry);
    const nothing = { head: null, anchor: null };
    expect(await verifyChain(read(lines), CHAIN_START, nothing)).toMatchObject({ fault: null });
    const changed = lines.map((line, index) =>
      index === 41 ? line.replace('"alpha":"ä"', '"alpha":"b"') : line,
    );
    expect(changed).not.toEqual(lines);
    expect(await verifyChain(read(changed), CHAIN_START, nothing)).toMatchObject({ fault: { sequence: 42 } });
  });

  it.each([
    ["a change", "update audit_log set actor = 'nobody' where sequence = 42"],
    [
      "a change behind the milliseconds",
      "update audit_log set at = at + interval '1 microsecond' where sequence = 42",
    ],
    ["a removal", "delete from audit_log where sequence = 42"],
    [
      "a swap",
      "update audit_log set details = (select details || '{\"a\": 1}' from audit_log where sequence = 43) where sequence = 42",
    ],
  ])("finds %s", async (_name, statement) => {
    await tamper(database, `create table if not exists kept as select * from audit_log`);
    await tamper(database, statement);
    const verdict = await verifyAudit(database.db);
    expect(verdict.fault).toMatchObject({ sequence: 42 });
    expect(verdict.entries).toBe(41);
    await tamper(database, "delete from audit_log");
    await tamper(database, "insert into audit_log select * from kept");
    await tamper(database, "drop table kept");
    expect(await verifyAudit(database.db)).toMatchObject({ fault: null, unsealed: 0 });
  });

  it("finds an end that was cut off, and a lost anchor row", async () => {
    await tamper(database, "create table kept as select * from audit_log");
    const { end } = await verifyAudit(database.db);
    await tamper(database, `delete from audit_log where sequence > ${end.sequence - 3}`);
    expect((await verifyAudit(database.db)).fault).toMatchObject({
      sequence: end.sequence - 2,
      reason: expect.stringContaining(`reached number ${end.sequence}`),
    });
    await tamper(
      database,
      "insert into audit_log select * from kept k where not exists (select 1 from audit_log a where a.id = k.id)",
    );
    await tamper(database, "create table kept_chain as select * from audit_chain");
    await tamper(database, "delete from audit_chain");
    expect((await verifyAudit(database.db)).fault?.reason).toMatch(/ends of the chain was removed/);
    await tamper(database, "insert into audit_chain select * from kept_chain");
    await tamper(database, "drop table kept_chain");
    await tamper(database, "drop table kept");
    expect((await verifyAudit(database.db)).fault).toBeNull();
  });

  it("finds a chain that was made anew as a whole, by an anchor that was noted elsewhere", async () => {
    const anchor = (await verifyAudit(database.db)).end;
    await tamper(database, "update audit_log set actor = 'nobody' where sequence = 5");
    await chainAnew();
    expect((await verifyAudit(database.db)).fault).toBeNull();
    expect((await verifyAudit(database.db, anchor)).fault).toMatchObject({
      sequence: anchor.sequence,
      reason: expect.stringMatching(/made anew/),
    });
  });

  describe("the database itself", () => {
    it.each([
      ["update", "update audit_log set actor = 'x' where sequence = 1"],
      ["a second place", "update audit_log set sequence = 99999, hash = repeat('0', 64) where sequence = 1"],
      ["delete", "delete from audit_log where sequence = 1"],
      ["truncate", "truncate audit_log"],
      [
        "an entry that brings its place",
        "insert into audit_log (id, action, actor, request_id, outcome, details, sequence, hash) values (gen_random_uuid(), 'a', 'a', 'a', 'ACCEPTED', '{}', 99999, 'x')",
      ],
      ["a head that moves back", "update audit_chain set sequence = sequence - 1"],
      ["no ends", "delete from audit_chain"],
    ])("refuses %s", async (_name, statement) => {
      expect(await fails(database.db.execute(sql.raw(statement)))).toMatch(
        /append-only|forward|when it is sealed/,
      );
    });

    it("refuses a removal that no checkpoint covers, also to whoever says it is retention", async () => {
      const removal = database.db.transaction(async (tx) => {
        await tx.execute(sql`select set_config('speaker.audit_prune', 'on', true)`);
        await tx.delete(auditLog);
      });
      expect(await fails(removal)).toMatch(/append-only/);
    });

    it("refuses to change an entry while it is sealed", async () => {
      await write(database, "fresh");
      const both = sql.raw(
        "update audit_log set sequence = 99999, hash = 'x', actor = 'y' where sequence is null",
      );
      expect(await fails(database.db.execute(both))).toMatch(/append-only/);
      await sealAll(database);
    });
  });

  it("forgets old entries from the front and can still be verified", async () => {
    const before = await verifyAudit(database.db);
    await tamper(database, "update audit_log set at = at - interval '100 days' where sequence <= 30");
    // Times are part of the hashes.
    await chainAnew();

    expect(await pruneAudit(database.db, 200)).toBe(0);
    expect(await pruneAudit(database.db, 90)).toBe(30);
    expect(await pruneAudit(database.db, 90)).toBe(0);
    await sealAll(database);
    const after = await verifyAudit(database.db);
    expect(after).toMatchObject({ fault: null, start: { sequence: 30 } });
    expect(after.entries).toBe(before.entries - 30 + 1);
    const last = (await whole()).at(-1);
    expect(last).toMatchObject({
      action: "audit.prune",
      actor: "speaker",
      details: { entries: 30, throughSequence: 30, hash: after.start.hash },
    });
    const [ends] = await database.db.select().from(auditChain);
    expect(ends?.prunedAt).toBeInstanceOf(Date);
  });
});
