import { eq } from "drizzle-orm";
import { expect, it } from "vitest";
import { loadPreviews } from "../../../src/voices/previews/preview.ts";
import { type VoiceRow, voicePreviews, voices } from "../../../src/voices/table.ts";
import { createTestDatabase, describeDatabases } from "../../helpers/database.ts";
import { openTestQueue } from "../../helpers/queue.ts";

const digest = (voice: Pick<VoiceRow, "packSha256">) => voice.packSha256;

describeDatabases("a preview", (kind) => {
  it("is of the pack that speaks in it: with another pack there is none", async () => {
    const test = await createTestDatabase(kind);
    const { db, close } = await openTestQueue(test);
    try {
      const [voice] = await db
        .insert(voices)
        .values({
          ...{ id: "v", tenant: "t", kind: "CLONED", status: "READY", name: "v", language: "fr" },
          ...{ gender: "UNKNOWN", engine: "kokoro", packKey: "voices/v/packs/a", packSha256: "a".repeat(64) },
        })
        .returning();
      if (voice === undefined) throw new Error("no row");
      await db.insert(voicePreviews).values({
        ...{ voiceId: "v", language: "fr", packSha256: "a".repeat(64), storageKey: "voices/v/previews/fr/a" },
        ...{ durationSeconds: 1, bytes: 1, sha256: "0".repeat(64) },
      });
      const load = (row: VoiceRow) =>
        loadPreviews(db, { digest }, [
          { voice: row, language: "es" },
          { voice: row, language: "fr" },
        ]);
      expect(await load(voice)).toMatchObject([null, { language: "fr" }]);
      const [refined] = await db
        .update(voices)
        .set({ packSha256: "b".repeat(64) })
        .where(eq(voices.id, "v"))
        .returning();
      if (refined === undefined) throw new Error("no row");
      expect(await load(refined)).toEqual([null, null]);
    } finally {
      await close();
      await test.drop();
    }
  });
});
