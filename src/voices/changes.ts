import type { Db, Tx } from "../db/client.ts";
import { notify } from "../db/events.ts";
import type { VoiceRow } from "./table.ts";

/** Tells who watches this voice, or the voices of its tenant, when the surrounding transaction commits. */
export async function notifyVoice(db: Db | Tx, voice: Pick<VoiceRow, "id" | "tenant">): Promise<void> {
  await notify(db, `voice:${voice.id}`);
  if (voice.tenant !== null) await notify(db, `voices:${voice.tenant}`);
}
