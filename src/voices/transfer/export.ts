import { createHash } from "node:crypto";
import { eq } from "drizzle-orm";
import { type AuditActor, recordAudit } from "../../audit/audit.ts";
import type { Db } from "../../db/client.ts";
import { sha256Of } from "../../digest.ts";
import { ConflictError, NotFoundError, SpeakerError } from "../../errors.ts";
import type { Storage } from "../../storage/storage.ts";
import { voiceLanguage } from "../fields.ts";
import { encodePack } from "../mixing/pack.ts";
import type { VoicePacks } from "../packs.ts";
import { type VoiceRow, type VoiceSampleRow, voiceSamples } from "../table.ts";
import { findVisibleVoice } from "../voice.ts";
import { type BundleHeader, bundleBytes, encodeHead, sealed } from "./bundle.ts";

/** Where a voice's export is served. */
export const exportPath = (voiceId: string, withSample: boolean) =>
  `/voices/${voiceId}/export${withSample ? "" : "/without-sample"}`;

export interface ExportDeps {
  readonly db: Db;
  readonly storage: Storage;
  readonly packs: VoicePacks;
}

/** A voice as one file that can be read as often as needed; the same voice always makes the same bytes. */
export interface VoiceExport {
  readonly voice: VoiceRow;
  readonly withSample: boolean;
  readonly bytes: number;
  read(): AsyncGenerator<Uint8Array>;
}

/**
 * Puts a voice into one file: pack, embedding, consent and, unless it is left out, the sample.
 *
 * @throws NotFoundError; ConflictError for stock voices and those that are not READY; SpeakerError MODEL_UNAVAILABLE when
 *   the pack cannot be had.
 */
export async function openExport(
  { db, storage, packs }: ExportDeps,
  tenant: string,
  id: string,
  includeSample: boolean,
): Promise<VoiceExport> {
  const voice = await findVisibleVoice(db, tenant, id);
  if (voice === null) throw new NotFoundError("There is no such voice.");
  if (voice.kind === "STOCK") {
    throw new ConflictError("This is a stock voice: every Speaker has it, so it is not exported.");
  }
  if (voice.status !== "READY")
    throw new ConflictError(`The voice is ${voice.status}; only one that is READY can be exported.`);
  const [kept] = await db.select().from(voiceSamples).where(eq(voiceSamples.voiceId, id));
  const sample = includeSample ? (kept ?? null) : null;
  const pack = encodePack(await packs.load(voice));
  const head = encodeHead(headerOf(voice, kept ?? null, sample, sha256Of(pack)));
  async function* content(): AsyncGenerator<Uint8Array> {
    yield head;
    yield pack;
    if (sample === null) return;
    const body = await storage.read(sample.storageKey);
    if (body === null) throw new SpeakerError("GONE", "The sample of this voice is no longer in the store.");
    yield* body;
  }
  return {
    voice,
    withSample: sample !== null,
    bytes: bundleBytes(head, sample?.bytes ?? 0),
    read: () => sealed(content()),
  };
}

function headerOf(
  voice: VoiceRow,
  kept: VoiceSampleRow | null,
  sample: VoiceSampleRow | null,
  packSha256: string,
): BundleHeader {
  const { kind, name, description, gender, tags, imported } = voice;
  const { similarity, similarityNormalised, similarityMethod } = voice;
  return {
    voice: {
      kind: kind === "CLONED" ? "CLONED" : "MIXED",
      ...{ name, description, language: languageOf(voice), gender, tags, engine: "kokoro" },
      ...{ similarity, similarityNormalised, similarityMethod },
    },
    pack: { dtype: "float32", shape: [510, 1, 256], sha256: packSha256 },
    sample: sample === null ? null : { bytes: sample.bytes, sha256: sample.sha256 },
    embedding: kept?.embedding ?? imported?.embedding?.slice() ?? null,
    consent: kind === "CLONED" ? consentOf(kept, voice) : null,
  };
}

const languageOf = (voice: VoiceRow) => voiceLanguage.parse(voice.language);

/** The consent for the sample it speaks from; the address that it came from stays here. */
function consentOf(kept: VoiceSampleRow | null, { imported }: VoiceRow): BundleHeader["consent"] {
  if (imported?.consent != null) {
    // The database keeps no order of members; the file has one.
    const { kind, note, at, by } = imported.consent;
    return { kind, note, at, by };
  }
  if (kept === null) return null;
  const { consentKind, consentNote, consentAt, consentBy } = kept;
  return { kind: consentKind, note: consentNote, at: consentAt.toISOString(), by: consentBy };
}

/** SHA-256 of the whole file, as `sha256sum` prints it. */
export async function exportDigest({ read }: VoiceExport): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of read()) hash.update(chunk);
  return hash.digest("hex");
}

/** Writes down that a voice leaves the service. */
export async function recordExport(
  db: Db,
  actor: AuditActor,
  { voice, withSample, bytes }: VoiceExport,
  how: "address" | "file",
): Promise<void> {
  await recordAudit(db, actor, {
    action: "voice.export",
    outcome: "ACCEPTED",
    targetType: "voice",
    targetId: voice.id,
    details: { given: how, withSample, bytes, packSha256: voice.packSha256 },
  });
}
