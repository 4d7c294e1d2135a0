import { v7 } from "uuid";
import type { AudioFacts } from "../../audio/intake/contract.ts";
import type { AudioIntake } from "../../audio/intake/intake.ts";
import type { Actor } from "../../audit/audit.ts";
import type { Db } from "../../db/client.ts";
import type { Storage } from "../../storage/storage.ts";
import type { IncomingUpload } from "../../uploads/incoming.ts";
import { type ReceivedFile, withUpload } from "../../uploads/receive.ts";
import { voicePrefix } from "../mixing/mix.ts";
import type { ConsentInput } from "./consent.ts";

export interface SampleDeps {
  readonly db: Db;
  readonly storage: Storage;
  readonly intake: AudioIntake;
}

/** A recording that was taken: where it lies and what is known of it. */
export interface StoredSample {
  readonly storageKey: string;
  readonly file: ReceivedFile;
  readonly facts: AudioFacts;
}

/**
 * Receives a recording, has it decoded and measured, stores its bytes as they came, and lets `keep` write what
 * points at them. When anything fails nothing of the recording remains.
 */
export async function takeSample<Result>(
  { storage, intake }: Pick<SampleDeps, "storage" | "intake">,
  voiceId: string,
  upload: IncomingUpload,
  keep: (sample: StoredSample) => Promise<Result>,
): Promise<Result> {
  return await withUpload(upload, storage, async (file) => {
    const { path, fileName, mediaType } = file;
    const facts = await intake.inspect({ path, fileName, declaredType: mediaType, pcm: [] });
    // A name of the program's own making: nothing of what the caller sent is in it.
    const storageKey = `${voicePrefix(voiceId)}samples/${v7()}`;
    await storage.putFile(storageKey, path);
    try {
      return await keep({ storageKey, file, facts });
    } catch (error) {
      await storage.remove(storageKey);
      throw error;
    }
  });
}

/** What the audit log keeps of an upload. */
export function sampleDetails({ file, facts }: StoredSample, consent: ConsentInput) {
  return {
    container: facts.container,
    codec: facts.codec,
    durationSeconds: facts.durationSeconds,
    bytes: file.bytes,
    sha256: file.sha256,
    consent: consent.kind,
  };
}

/** The row of a stored recording, with the consent that was given for it. */
export function sampleRow(
  actor: Actor,
  voiceId: string,
  { storageKey, file, facts }: StoredSample,
  consent: ConsentInput,
) {
  return {
    voiceId,
    storageKey,
    container: facts.container,
    codec: facts.codec,
    durationSeconds: facts.durationSeconds,
    sampleRate: facts.sampleRate,
    channels: facts.channels,
    bytes: file.bytes,
    sha256: file.sha256,
    consentKind: consent.kind,
    consentNote: consent.note ?? "",
    consentIp: actor.ip,
    consentBy: actor.name,
  };
}
