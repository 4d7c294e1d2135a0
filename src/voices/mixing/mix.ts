import { inArray } from "drizzle-orm";
import { v7 } from "uuid";
import { z } from "zod";
import { type Actor, recordAudit } from "../../audit/audit.ts";
import type { Config } from "../../config.ts";
import type { Db, Tx } from "../../db/client.ts";
import { sha256Of } from "../../digest.ts";
import { type InputIssue, InvalidInputError } from "../../errors.ts";
import type { Storage } from "../../storage/storage.ts";
import { requireVoiceQuota } from "../../usage/quota.ts";
import { notifyVoice } from "../changes.ts";
import { parseInput, voiceDescription, voiceLanguage, voiceName, voiceTags } from "../fields.ts";
import type { VoicePacks } from "../packs.ts";
import { VOICE_GENDERS, type VoiceRow, voices } from "../table.ts";
import { loadVoices } from "../voice.ts";
import { encodePack, mixPacks } from "./pack.ts";
import { type MixPart, mixFault } from "./reference.ts";

export interface MixDeps {
  readonly config: Pick<Config, "quotas">;
  readonly db: Db;
  readonly storage: Storage;
  readonly packs: VoicePacks;
}

/** What `createVoiceMix` accepts, but for the voices themselves. */
export const mixRequest = z.object({
  name: voiceName,
  description: voiceDescription.nullish(),
  tags: voiceTags.nullish(),
  language: voiceLanguage,
  gender: z.enum(VOICE_GENDERS).nullish(),
  parts: z.array(z.object({ voiceId: z.string(), weight: z.number() })),
});

export type MixRequest = z.input<typeof mixRequest>;

/** Where everything of a voice is stored; removing it removes the voice's bytes. */
export const voicePrefix = (voiceId: string) => `voices/${voiceId}/`;

/**
 * Makes a voice from other voices, usable at once: its pack is the weighted mean of theirs and stays as it is when they
 * change.
 *
 * @throws InvalidInputError that names every part at fault; QuotaExceededError; SpeakerError MODEL_UNAVAILABLE when a pack cannot be had.
 */
export async function createVoiceMix(deps: MixDeps, actor: Actor, request: MixRequest): Promise<VoiceRow> {
  const { db, storage, packs, config } = deps;
  const { name, description, tags, language, gender, parts } = parseInput(mixRequest, request);
  const fault = mixFault(parts);
  if (fault !== null) {
    const at = fault.index < parts.length ? [String(fault.index)] : [];
    throw new InvalidInputError([{ path: ["input", "parts", ...at], message: fault.message }]);
  }
  const sources = await partVoices(db, actor.tenant, parts, (index) => [
    "input",
    "parts",
    String(index),
    "voiceId",
  ]);
  const loaded = await Promise.all(
    sources.map(async ({ voice, weight }) => ({ weight, pack: await packs.load(voice) })),
  );
  const bytes = encodePack(mixPacks(loaded));
  const id = v7();
  const packSha256 = sha256Of(bytes);
  const packKey = `${voicePrefix(id)}packs/${packSha256}.bin`;
  const origins = originsOf(sources.map(({ voice }) => voice));
  await storage.put(packKey, bytes);
  try {
    return await db.transaction(async (tx) => {
      await requireVoiceQuota(tx, config.quotas, actor, bytes.byteLength);
      await keepOrigins(
        tx,
        sources.map(({ voice }) => voice),
      );
      const [voice] = await tx
        .insert(voices)
        .values({
          ...{ id, tenant: actor.tenant, kind: "MIXED", status: "READY", name, language, engine: "kokoro" },
          ...{ description: description ?? "", tags: tags ?? [], packKey, packSha256, origins },
          gender: gender ?? commonGender(sources.map((source) => source.voice)),
          recipe: parts,
        })
        .returning();
      if (voice === undefined) throw new Error("insert returned no row");
      await recordAudit(tx, actor, {
        action: "voice.mix",
        outcome: "ACCEPTED",
        targetType: "voice",
        targetId: id,
        details: {
          packSha256,
          ...Object.fromEntries(parts.map(({ voiceId, weight }) => [`part:${voiceId}`, weight])),
        },
      });
      await notifyVoice(tx, voice);
      return voice;
    });
  } catch (error) {
    await storage.remove(packKey);
    throw error;
  }
}

/**
 * The voices of a mix as a tenant sees them, each with its weight.
 *
 * @throws InvalidInputError that names every part whose voice is not there or cannot speak now.
 */
export async function partVoices(
  db: Db,
  tenant: string,
  parts: readonly MixPart[],
  pathOf: (index: number) => readonly string[],
): Promise<{ readonly voice: VoiceRow; readonly weight: number }[]> {
  const found = await loadVoices(
    db,
    tenant,
    parts.map(({ voiceId }) => voiceId),
  );
  const issues: InputIssue[] = [];
  const sources = parts.flatMap(({ voiceId, weight }, index) => {
    const voice = found[index] ?? null;
    const fault = partFault(voiceId, voice);
    if (fault !== null) issues.push({ path: pathOf(index), message: fault });
    return voice === null ? [] : [{ voice, weight }];
  });
  if (issues.length > 0) throw new InvalidInputError(issues);
  return sources;
}

function partFault(voiceId: string, voice: VoiceRow | null): string | null {
  if (voice === null) return `names no voice with ${voiceId}; the query \`voices\` lists those there are`;
  if (voice.status !== "READY") return `names with ${voiceId} a voice that is ${voice.status}, not READY`;
  if (voice.engine === "kokoro") return null;
  return `names with ${voiceId} a voice of ${voice.engine}; only voices of kokoro can be mixed`;
}

/** The cloned voices that are heard in a mix of these, directly or through other mixes. */
function originsOf(sources: readonly VoiceRow[]): string[] {
  return [...new Set(sources.flatMap(({ id, kind, origins }) => (kind === "CLONED" ? [id] : origins)))];
}

/** Holds the voices of a mix in place until it is there, so that whoever deletes one of them finds the mix too. */
async function keepOrigins(tx: Tx, sources: readonly VoiceRow[]): Promise<void> {
  const ids = [...new Set([...sources.map(({ id }) => id), ...originsOf(sources)])];
  const kept = await tx
    .select({ id: voices.id })
    .from(voices)
    .where(inArray(voices.id, ids))
    .for("key share");
  if (kept.length === ids.length) return;
  throw new InvalidInputError([
    { path: ["input", "parts"], message: "names a voice that has been deleted meanwhile" },
  ]);
}

function commonGender(sources: readonly VoiceRow[]): VoiceRow["gender"] {
  const genders = new Set(sources.map(({ gender }) => gender));
  const [only] = genders;
  return genders.size === 1 && only !== undefined ? only : "UNKNOWN";
}
