import { readFile } from "node:fs/promises";
import { sha256Of } from "../digest.ts";
import { SpeakerError } from "../errors.ts";
import type { ModelStore } from "../models/store.ts";
import type { Storage } from "../storage/storage.ts";
import { decodePack } from "./mixing/pack.ts";
import { ESPEAK_STOCK_VOICES } from "./stock.ts";
import type { VoiceRow } from "./table.ts";

/** The model whose files are the packs of the stock voices. */
const STOCK_PACKS = "kokoro-voices";

type PackedVoice = Pick<VoiceRow, "id" | "kind" | "packKey" | "packSha256">;

/** The voice packs of all voices: of stock voices from the weights, of all others from the store. */
export interface VoicePacks {
  /**
   * SHA-256 of the pack that the voice has now, and for stock voices without one that of what their sound follows from;
   * null while it has none.
   */
  digest(voice: PackedVoice): string | null;
  /**
   * The pack, float32 [510, 1, 256], of one of Kokoro's voices.
   *
   * @throws SpeakerError MODEL_UNAVAILABLE when it is missing, damaged or cannot be fetched.
   */
  load(voice: PackedVoice): Promise<Float32Array>;
}

/** Opens no file and fetches nothing before a pack is asked for. */
export function createVoicePacks(models: ModelStore, storage: Storage): VoicePacks {
  const stock = stockDigests(models);
  return {
    digest: (voice) => (voice.kind === "STOCK" ? (stock.get(voice.id) ?? null) : voice.packSha256),
    async load(voice) {
      if (voice.kind === "STOCK") return await loadStockPack(models, voice.id);
      const bytes = voice.packKey === null ? null : await storage.get(voice.packKey);
      if (bytes === null || sha256Of(bytes) !== voice.packSha256) {
        const what = bytes === null ? "is missing from the store" : "is damaged in the store";
        throw new SpeakerError("MODEL_UNAVAILABLE", `The pack of the voice ${voice.id} ${what}.`);
      }
      return decodePack(bytes);
    },
  };
}

function stockDigests({ manifest }: ModelStore): ReadonlyMap<string, string> {
  const packs = manifest.models.find(({ id }) => id === STOCK_PACKS)?.files ?? [];
  const piper = manifest.models.filter(({ engine }) => engine === "piper");
  return new Map([
    ...packs.map(({ path, sha256 = "" }) => [path.replace(/\.bin$/, ""), sha256] as const),
    // Their MD5 is all that is known of files that have not been fetched yet.
    ...piper.map(({ id, files }) => [id, sha256Of(files.map(({ md5 }) => md5).join())] as const),
    ...ESPEAK_STOCK_VOICES.map(({ id }) => [id, sha256Of(id)] as const),
  ]);
}

/** The pack of one of Kokoro's stock voices. Throws as the store of weights does. */
export async function loadStockPack(models: ModelStore, id: string): Promise<Float32Array> {
  return decodePack(await readFile((await models.ensure(STOCK_PACKS)).file(`${id}.bin`)));
}
