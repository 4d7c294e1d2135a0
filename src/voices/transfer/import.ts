import { rm } from "node:fs/promises";
import { v7 } from "uuid";
import { z } from "zod";
import type { AudioFacts } from "../../audio/intake/contract.ts";
import type { AudioIntake } from "../../audio/intake/intake.ts";
import { type Actor, recordAudit } from "../../audit/audit.ts";
import type { Config } from "../../config.ts";
import type { Db } from "../../db/client.ts";
import type { Storage } from "../../storage/storage.ts";
import { IncomingUpload } from "../../uploads/incoming.ts";
import { type ReceivedFile, withUpload } from "../../uploads/receive.ts";
import { requireVoiceQuota } from "../../usage/quota.ts";
import { notifyVoice } from "../changes.ts";
import { parseInput, voiceName } from "../fields.ts";
import { voicePrefix } from "../mixing/mix.ts";
import { type VoiceRow, voiceSamples, voices } from "../table.ts";
import { type ConsentInput, requiredConsent } from "../upload/consent.ts";
import { type ReadBundle, readBundle } from "./bundle.ts";

export interface ImportDeps {
  readonly config: Pick<Config, "quotas">;
  readonly db: Db;
  readonly storage: Storage;
  readonly intake: AudioIntake;
}

/** What `importVoice` accepts. */
const importRequest = z.object({
  file: z.instanceof(IncomingUpload),
  name: voiceName.nullish(),
  consent: requiredConsent,
});

export interface ImportRequest {
  readonly file: IncomingUpload;
  readonly name?: string | null | undefined;
  readonly consent?: unknown;
}

/**
 * Takes a voice in that `exportVoice` has put into a file, usable at once.
 *
 * @throws InvalidInputError for a file that is not one or is damaged, and for missing consent; UnsupportedAudioError for a
 *   sample that is no recording; UploadTooLargeError, UploadFailedError. Nothing of the file remains then.
 */
export async function importVoice(deps: ImportDeps, actor: Actor, request: ImportRequest): Promise<VoiceRow> {
  const { file, name, consent } = parseInput(importRequest, request as z.input<typeof importRequest>);
  return await withUpload(file, deps.storage, (received) =>
    importBundle(deps, actor, received, { name: name ?? null, consent }),
  );
}

/** The same for a file that is already here. */
export async function importBundle(
  { db, storage, intake, config }: ImportDeps,
  actor: Actor,
  { path, sha256 }: Pick<ReceivedFile, "path" | "sha256">,
  stated: { readonly name: string | null; readonly consent: ConsentInput },
): Promise<VoiceRow> {
  const samplePath = await storage.temporaryPath();
  const id = v7();
  try {
    const bundle = await readBundle(path, samplePath);
    // A sample that no decoder reads is none, whatever its digest says.
    const facts =
      bundle.header.sample === null
        ? null
        : await intake.inspect({ path: samplePath, fileName: null, declaredType: null, pcm: [] });
    const packKey = `${voicePrefix(id)}packs/${bundle.header.pack.sha256}.bin`;
    const sampleKey = `${voicePrefix(id)}samples/${v7()}`;
    await storage.put(packKey, bundle.pack);
    if (facts !== null) await storage.putFile(sampleKey, samplePath);
    return await publish({ db, config }, actor, bundle, facts, {
      id,
      packKey,
      sampleKey,
      fileSha256: sha256,
      ...stated,
    });
  } catch (error) {
    await storage.remove(voicePrefix(id));
    throw error;
  } finally {
    await rm(samplePath, { force: true });
  }
}

interface ImportFacts {
  readonly id: string;
  readonly packKey: string;
  readonly sampleKey: string;
  readonly fileSha256: string;
  readonly name: string | null;
  readonly consent: ConsentInput;
}

/** Voice, sample, both consents and the audit entry in one transaction. */
async function publish(
  { db, config }: Pick<ImportDeps, "db" | "config">,
  actor: Actor,
  { header }: ReadBundle,
  facts: AudioFacts | null,
  { id, packKey, sampleKey, fileSha256, name, consent }: ImportFacts,
): Promise<VoiceRow> {
  const { sample, embedding, pack } = header;
  const { kind, note } = consent;
  const now = new Date();
  return await db.transaction(async (tx) => {
    await requireVoiceQuota(tx, config.quotas, actor, sample?.bytes ?? 0);
    const [voice] = await tx
      .insert(voices)
      .values({
        ...header.voice,
        ...{ id, tenant: actor.tenant, status: "READY", packKey, packSha256: pack.sha256 },
        name: name ?? header.voice.name,
        imported: {
          ...{ fileSha256, consent: header.consent, embedding },
          stated: { kind, note: note ?? "", at: now.toISOString(), by: actor.name, ip: actor.ip },
        },
      })
      .returning();
    if (voice === undefined) throw new Error("insert returned no row");
    if (facts !== null && sample !== null) {
      const { container, codec, durationSeconds, sampleRate, channels } = facts;
      await tx.insert(voiceSamples).values({
        ...{ voiceId: id, storageKey: sampleKey, embedding, bytes: sample.bytes, sha256: sample.sha256 },
        ...{ container, codec, durationSeconds, sampleRate, channels },
        ...{ consentKind: kind, consentNote: note ?? "", consentAt: now },
        ...{ consentIp: actor.ip, consentBy: actor.name },
      });
    }
    await recordAudit(tx, actor, {
      action: "voice.import",
      outcome: "ACCEPTED",
      targetType: "voice",
      targetId: id,
      details: { fileSha256, packSha256: pack.sha256, withSample: facts !== null, consent: kind },
    });
    await notifyVoice(tx, voice);
    return voice;
  });
}
