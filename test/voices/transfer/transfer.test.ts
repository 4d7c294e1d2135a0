import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type AudioIntake, createAudioIntake } from "../../../src/audio/intake/intake.ts";
import type { Actor } from "../../../src/audit/audit.ts";
import { auditLog } from "../../../src/audit/table.ts";
import { SpeakerClient } from "../../../src/client/client.ts";
import { ExportVoice, ImportVoice } from "../../../src/client/operations.ts";
import { sha256Of } from "../../../src/digest.ts";
import { openFolderStorage } from "../../../src/storage/fs.ts";
import type { Storage } from "../../../src/storage/storage.ts";
import { encodePack, PACK_BYTES } from "../../../src/voices/mixing/pack.ts";
import { createVoicePacks, type VoicePacks } from "../../../src/voices/packs.ts";
import { voiceSamples, voices } from "../../../src/voices/table.ts";
import { exportDigest, openExport } from "../../../src/voices/transfer/export.ts";
import { importBundle } from "../../../src/voices/transfer/import.ts";
import { bearer } from "../../helpers/caller.ts";
import {
  createTestDatabase,
  describeDatabases,
  type TestDatabase,
  testConfig,
} from "../../helpers/database.ts";
import { testModelStore } from "../../helpers/models.ts";
import { useTestNode } from "../../helpers/node.ts";
import { openTestQueue, type TestQueue } from "../../helpers/queue.ts";
import { API_KEYS, ask, mix, TENANT_KEYS } from "../../helpers/voices.ts";

const run = promisify(execFile);
const TENANT = "owner";
const ACTOR: Actor = {
  ...{ name: "importer", tenant: TENANT, keyId: null, scopes: new Set(), ip: "192.0.2.1", userAgent: null },
  requestId: "request",
};
const PACK = encodePack(Float32Array.from({ length: PACK_BYTES / 4 }, (_, i) => Math.sin(i) / 3));
const EMBEDDING = [0.6, 0.8, ...Array.from({ length: 254 }, () => 0)];
const CONSENT = { kind: "PERMISSION" as const, note: "in writing" };

describeDatabases("a cloned voice that moves", (kind) => {
  let test: TestDatabase;
  let deps: TestQueue;
  let storage: Storage;
  let packs: VoicePacks;
  let intake: AudioIntake;
  let sample: Buffer;
  let path: string;
  beforeAll(async () => {
    test = await createTestDatabase(kind);
    deps = await openTestQueue(test);
    storage = await openFolderStorage(`${test.env.DATA_DIR}/storage`);
    packs = createVoicePacks(testModelStore(), storage);
    intake = createAudioIntake();
    sample = await readFile(new URL("../../fixtures/uploads/speech.flac", import.meta.url));
    path = `${test.env.DATA_DIR}/voice`;
    await storage.put("voices/original/samples/s", sample);
    await storage.put("voices/original/packs/p.bin", PACK);
    await deps.db.insert(voices).values({
      ...{ id: "original", tenant: TENANT, kind: "CLONED", status: "READY", name: "River", language: "fr" },
      ...{ gender: "FEMALE", tags: ["calm"], engine: "kokoro", similarity: 0.75, similarityMethod: "told" },
      ...{ packKey: "voices/original/packs/p.bin", packSha256: sha256Of(PACK) },
    });
    await deps.db.insert(voiceSamples).values({
      ...{ voiceId: "original", storageKey: "voices/original/samples/s", container: "flac", codec: "flac" },
      ...{
        durationSeconds: 5,
        sampleRate: 16_000,
        channels: 1,
        bytes: sample.length,
        sha256: sha256Of(sample),
      },
      ...{ embedding: EMBEDDING, consentKind: "OWN_VOICE", consentNote: "my own", consentBy: "first" },
    });
  });
  afterAll(async () => {
    await intake.close();
    await deps.close();
    await test.drop();
  });

  async function exported(withSample: boolean): Promise<string> {
    const file = await openExport({ db: deps.db, storage, packs }, TENANT, "original", withSample);
    const chunks: Uint8Array[] = [];
    for await (const chunk of file.read()) chunks.push(chunk);
    const bytes = Buffer.concat(chunks);
    expect(bytes).toHaveLength(file.bytes);
    await writeFile(path, bytes);
    expect(await exportDigest(file)).toBe(sha256Of(bytes));
    return sha256Of(bytes);
  }
  const take = (sha256: string) =>
    importBundle(
      { db: deps.db, storage, intake, config: testConfig(test) },
      ACTOR,
      { path, sha256 },
      { name: null, consent: CONSENT },
    );

  it("is the same voice with the same sample, and both consents", async () => {
    const sha256 = await exported(true);
    const voice = await take(sha256);
    expect(voice).toMatchObject({
      ...{ kind: "CLONED", status: "READY", name: "River", language: "fr", gender: "FEMALE", tags: ["calm"] },
      ...{ packSha256: sha256Of(PACK), tenant: TENANT },
      imported: {
        fileSha256: sha256,
        consent: { kind: "OWN_VOICE", note: "my own", by: "first" },
        stated: { kind: "PERMISSION", note: "in writing", by: "importer", ip: "192.0.2.1" },
      },
    });
    expect(voice.similarity).toBeCloseTo(0.75);
    expect(encodePack(await packs.load(voice))).toEqual(PACK);
    const [row] = await deps.db.select().from(voiceSamples).where(eq(voiceSamples.voiceId, voice.id));
    expect(row).toMatchObject({ container: "flac", consentKind: "PERMISSION", sha256: sha256Of(sample) });
    expect(row?.embedding?.[1]).toBeCloseTo(0.8);
    expect(Buffer.from((await storage.get(row?.storageKey ?? "")) ?? [])).toEqual(sample);
    const [entry] = await deps.db.select().from(auditLog).where(eq(auditLog.targetId, voice.id));
    expect(entry).toMatchObject({ action: "voice.import", outcome: "ACCEPTED", actor: "importer" });
  });

  it("needs no sample, and then moves on with what it brought", async () => {
    const voice = await take(await exported(false));
    expect(await deps.db.$count(voiceSamples, eq(voiceSamples.voiceId, voice.id))).toBe(0);
    const again = await openExport({ db: deps.db, storage, packs }, TENANT, voice.id, true);
    expect(await exportDigest(again)).toBe(await exported(false));
  });

  it("leaves nothing behind when its sample is no recording", async () => {
    await exported(true);
    const bytes = await readFile(path);
    const before = (await storage.list("voices/")).length;
    const text = Buffer.from("no recording at all".repeat(300)).subarray(0, sample.length);
    const head = bytes.subarray(0, bytes.indexOf(PACK.subarray(0, 64)));
    const header = JSON.parse(head.subarray(20).toString());
    const json = Buffer.from(
      JSON.stringify({ ...header, sample: { bytes: text.length, sha256: sha256Of(text) } }),
    );
    const length = Buffer.alloc(4);
    length.writeUInt32LE(json.length);
    const content = Buffer.concat([bytes.subarray(0, 16), length, json, PACK, text]);
    await writeFile(path, Buffer.concat([content, createHash("sha256").update(content).digest()]));
    await expect(take("0".repeat(64))).rejects.toMatchObject({ code: "UNSUPPORTED_AUDIO" });
    expect(await storage.list("voices/")).toHaveLength(before);
    expect(await storage.list("tmp/").catch(() => [])).toEqual([]);
  });
});

describeDatabases("voices as files over the API", (kind) => {
  const node = useTestNode(kind, { API_KEYS });
  const client = (tenant: keyof typeof TENANT_KEYS) =>
    new SpeakerClient(node.url, { apiKey: TENANT_KEYS[tenant] });
  const give = async (id: string, includeSample = true, tenant: "red" | "blue" = "red") =>
    (await client(tenant).request(ExportVoice, { id, includeSample })).exportVoice;
  const take = async (file: Blob, consent: object | null = { kind: "OWN_VOICE" }) =>
    (await client("blue").request(ImportVoice, { input: { file, consent } as never })).importVoice;

  it("go from one tenant to another with their sound", async () => {
    const { id } = await mix(node.url, "red", { name: "Traveller" });
    const answer = await give(id);
    if (answer.__typename !== "VoiceExport") throw new Error(answer.message);
    const bytes = Buffer.from(await (await fetch(answer.url)).arrayBuffer());
    expect(bytes).toHaveLength(answer.bytes);
    expect(sha256Of(bytes)).toBe(answer.sha256);
    const voice = await take(new File([bytes], "x.speakervoice"));
    expect(voice).toMatchObject({ __typename: "Voice", name: "Traveller", kind: "MIXED", status: "READY" });
    if (voice.__typename !== "Voice") return;
    expect(voice.id).not.toBe(id);
    const again = await give(voice.id, true, "blue");
    expect(again).toMatchObject({ sha256: answer.sha256 });
    const seen = await ask(node.url, "red", `{ voice(id: "${voice.id}") { id } }`);
    expect(seen.voice).toBeNull();
  });

  it("are not given to others, and not taken without consent or whole", async () => {
    const { id } = await mix(node.url, "red");
    expect((await give("af_heart")).__typename).toBe("ConflictError");
    expect((await give(id, true, "blue")).__typename).toBe("NotFoundError");
    const path = `${node.url}/voices/${id}/export`;
    expect((await fetch(path)).status).toBe(401);
    expect((await fetch(path, { headers: bearer(TENANT_KEYS.blue) })).status).toBe(404);
    const response = await fetch(path, { headers: bearer(TENANT_KEYS.red) });
    expect(response.headers.get("content-disposition")).toContain(`${id}.speakervoice`);
    const bytes = Buffer.from(await response.arrayBuffer());
    expect((await take(new Blob([bytes]), null)).__typename).toBe("InvalidInputError");
    expect((await take(new Blob([bytes.subarray(0, -1)]))).__typename).toBe("InvalidInputError");
    const answer = await give(id);
    if (answer.__typename !== "VoiceExport") throw new Error(answer.message);
    expect((await fetch(answer.url.replace("/export/without-sample", "/export"))).status).toBe(403);
  });

  it("are fetched and sent by the command line", async () => {
    const { id } = await mix(node.url, "red", { name: "Shell" });
    const path = `${node.database.env.DATA_DIR}/shell.speakervoice`;
    const speaker = async (...args: string[]) => {
      const cli = fileURLToPath(new URL("../../../dist/cli.js", import.meta.url));
      const server = ["--server", node.url, "--api-key", TENANT_KEYS.red];
      return (await run(process.execPath, [cli, "voices", ...args, ...server])).stdout;
    };
    expect(await speaker("export", id, path)).toContain(sha256Of(await readFile(path)));
    expect(await speaker("import", path, "--consent", "LICENSED", "--name", "Again")).toContain(
      "Again, MIXED, READY",
    );
    await writeFile(path, "something else");
    await expect(speaker("import", path, "--consent", "LICENSED")).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining("does not begin as one"),
    });
    await expect(speaker("export", "af_heart", path)).rejects.toMatchObject({ code: 1 });
    expect(await readFile(path, "utf8")).toBe("something else");
  });
});
