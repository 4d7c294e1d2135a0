import { join } from "node:path";
import { z } from "zod";

/** Which store a node uses and what it needs to open it. */
export type StorageSettings = ReturnType<typeof shapeStorage>;

const text = (accepted: string, pattern: RegExp) => z.string().regex(pattern, `accepts ${accepted}`);

const minutes = (max: number, fallback: number, accepted: string) =>
  text(accepted, /^\d{1,6}$/)
    .transform(Number)
    .refine((value) => value <= max, `accepts ${accepted}`)
    .default(fallback);

const MAX_SWEEP_MINUTES = 10_080;
const MAX_GRACE_MINUTES = 43_200;

/** The environment variables of storage, for the one schema that reads them. */
export const storageVariables = {
  STORAGE: z.enum(["folder", "s3"], { error: "accepts one of folder, s3" }).default("folder"),
  S3_ENDPOINT: z
    .string()
    .refine(
      (value) => URL.canParse(value) && ["http:", "https:"].includes(new URL(value).protocol),
      "accepts a URL that starts with http:// or https://",
    )
    .optional(),
  S3_REGION: text("the name of a region such as eu-central-1", /^[a-z0-9-]{1,64}$/).default("us-east-1"),
  S3_BUCKET: text(
    "the name of a bucket: 3 to 63 small letters, digits, dots and dashes",
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
  ).optional(),
  S3_PREFIX: text(
    "names of letters, digits, dots, dashes and underscores, joined by slashes",
    /^\/*[\w][\w.-]*(?:\/+[\w][\w.-]*)*\/*$/,
  ).optional(),
  S3_ACCESS_KEY_ID: z.string().optional(),
  S3_SECRET_ACCESS_KEY: z.string().optional(),
  S3_FORCE_PATH_STYLE: z.enum(["true", "false"], { error: "accepts true or false" }).optional(),
  S3_SSE: text(
    "AES256, aws:kms or aws:kms:<key id>",
    /^(?:AES256|aws:kms(?::[\w:/.-]{1,2048})?)$/,
  ).optional(),
  STORAGE_SWEEP_MINUTES: minutes(
    MAX_SWEEP_MINUTES,
    60,
    `a whole number of minutes from 0 (never) to ${MAX_SWEEP_MINUTES}`,
  ),
  STORAGE_GRACE_MINUTES: minutes(
    MAX_GRACE_MINUTES,
    60,
    `a whole number of minutes from 1 to ${MAX_GRACE_MINUTES}`,
  ).refine((value) => value >= 1, `accepts a whole number of minutes from 1 to ${MAX_GRACE_MINUTES}`),
};

type StorageEnvironment = z.infer<z.ZodObject<typeof storageVariables>>;

/** What a bucket cannot do without. */
export function missingStorageVariables(env: StorageEnvironment): string[] {
  if (env.STORAGE !== "s3") return [];
  return (["S3_BUCKET", "S3_ACCESS_KEY_ID", "S3_SECRET_ACCESS_KEY"] as const).filter(
    (name) => env[name] === undefined,
  );
}

/** The settings, from variables of which none is missing. */
export function shapeStorage(env: StorageEnvironment, dataDir: string) {
  const folder = join(dataDir, "storage");
  const sweep = {
    everyMinutes: env.STORAGE_SWEEP_MINUTES === 0 ? null : env.STORAGE_SWEEP_MINUTES,
    graceMinutes: env.STORAGE_GRACE_MINUTES,
  };
  if (env.STORAGE === "folder") return { kind: "folder", folder, sweep } as const;
  const prefix = (env.S3_PREFIX ?? "").split("/").filter(Boolean).join("/");
  return {
    kind: "s3",
    sweep,
    s3: {
      endpoint: env.S3_ENDPOINT ?? null,
      region: env.S3_REGION,
      bucket: env.S3_BUCKET ?? "",
      prefix: prefix === "" ? "" : `${prefix}/`,
      accessKeyId: env.S3_ACCESS_KEY_ID ?? "",
      secretAccessKey: env.S3_SECRET_ACCESS_KEY ?? "",
      // Amazon's own addresses carry the bucket in the host name; most other servers know it in the path only.
      forcePathStyle:
        env.S3_FORCE_PATH_STYLE === undefined
          ? env.S3_ENDPOINT !== undefined
          : env.S3_FORCE_PATH_STYLE === "true",
      encryption: env.S3_SSE ?? null,
      temporaryDir: join(folder, "tmp"),
    },
  } as const;
}
