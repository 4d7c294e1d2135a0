// `npm run catalogue:piper`: makes models/piper-voices.json of the list of voices that wyoming-piper (MIT) ships.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { parseManifest } from "../src/models/manifest.ts";
import { type PiperCatalogue, piperCatalogueSchema } from "../src/models/piper-voices.ts";
import { ModelStore } from "../src/models/store.ts";

const SOURCE = "wyoming-piper==2.5.2";
const LIST = "voices.json";
const TARGET = new URL("../models/piper-voices.json", import.meta.url);

/** Their phonemes are made by programs that Speaker does not have: pinyin with tones, Hebrew, Japanese and Thai readers. */
const OTHER_READERS = ["zh_CN-chaowen-", "zh_CN-xiao_ya-", "he_IL-", "ja_JA-", "th_TH-"];

const listSchema = z.record(
  z.string(),
  z.object({
    speaker_id_map: z.record(z.string(), z.int().nonnegative()),
    files: z.record(z.string(), z.object({ size_bytes: z.int(), md5_digest: z.string() })),
  }),
);

const manifest = parseManifest({
  formatVersion: 1,
  models: [
    {
      ...{ id: "wyoming-piper", title: SOURCE, purpose: "The list of Piper's voices.", engine: "piper" },
      ...{ licence: "MIT", attribution: "wyoming-piper by Michael Hansen" },
      files: [
        {
          path: LIST,
          bytes: 244_760,
          sha256: "5eecddd4c9804c01d8734eb0005de0b4fb3a8166063084717aae88d85cdeea3e",
        },
      ],
      sources: [
        {
          kind: "pip",
          parts: [{ requirement: SOURCE, member: "wyoming_piper/{path}", downloadBytes: 78_258 }],
        },
      ],
    },
  ],
});

function entryOf(key: string, { speaker_id_map: speakers, files }: z.infer<typeof listSchema>[string]) {
  const fact = (suffix: string): [number, string] => {
    const [, file] = Object.entries(files).find(([path]) => path.endsWith(`/${key}${suffix}`)) ?? [];
    if (file === undefined) throw new Error(`${key} has no file ${suffix}`);
    return [file.size_bytes, file.md5_digest];
  };
  const names = Object.entries(speakers).sort(([, one], [, other]) => one - other);
  if (names.some(([, number], index) => number !== index))
    throw new Error(`${key} skips numbers of speakers`);
  return {
    key,
    ...(names.length > 1 && { speakers: names.map(([name]) => name) }),
    ...{ model: fact(".onnx"), config: fact(".onnx.json") },
  };
}

const dir = await mkdtemp(join(tmpdir(), "speaker-piper-"));
try {
  const store = new ModelStore({ dir, manifest });
  const list = listSchema.parse(
    JSON.parse(await readFile((await store.ensure("wyoming-piper")).file(LIST), "utf8")),
  );
  const voices = Object.entries(list)
    .filter(([key]) => !OTHER_READERS.some((prefix) => key.startsWith(prefix)))
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, voice]) => entryOf(key, voice));
  const catalogue: PiperCatalogue = piperCatalogueSchema.parse({ formatVersion: 1, source: SOURCE, voices });
  // One line for each voice, so that a change shows as what it is.
  const lines = catalogue.voices.map((voice) => `    ${JSON.stringify(voice)}`).join(",\n");
  const head = `  "formatVersion": 1,\n  "source": ${JSON.stringify(SOURCE)},\n`;
  await writeFile(TARGET, `{\n${head}  "voices": [\n${lines}\n  ]\n}\n`);
  process.stdout.write(`${catalogue.voices.length} voices\n`);
} finally {
  await rm(dir, { recursive: true, force: true });
}
