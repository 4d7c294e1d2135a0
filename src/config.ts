import { availableParallelism, homedir } from "node:os";
import { resolve } from "node:path";
import { z } from "zod";
import { ENVIRONMENT_KEY_FORM, parseEnvironmentKeys } from "./auth/environment.ts";
import { trustedProxies } from "./http/client-address.ts";
import { defaultModelsDir } from "./models/paths.ts";
import { missingStorageVariables, shapeStorage, storageVariables } from "./storage/settings.ts";
import { MAX_TEXT_CHARACTERS } from "./synthesis/input.ts";

export const ROLES = ["all", "api", "worker"] as const;
export type Role = (typeof ROLES)[number];

const EXECUTION_PROVIDERS = ["cuda", "webgpu", "cpu"] as const;
type ExecutionProvider = (typeof EXECUTION_PROVIDERS)[number];
const LOG_LEVELS = ["fatal", "error", "warn", "info", "debug", "trace", "silent"] as const;

/** Everything wrong with the environment, one line a variable. */
export class ConfigError extends Error {
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(`The configuration is not valid:\n${faults.map((fault) => `  - ${fault}`).join("\n")}`);
    this.name = "ConfigError";
    this.faults = faults;
  }
}

function integer(min: number, max: number, fallback: number, unit = "") {
  const accepted = `accepts a whole number from ${min} to ${max}${unit && ` ${unit}`}`;
  return z
    .string()
    .regex(/^\d{1,15}$/, accepted)
    .transform(Number)
    .refine((value) => value >= min && value <= max, accepted)
    .default(fallback);
}

function automatic(max: number) {
  const isCount = (value: string) => /^\d{1,6}$/.test(value) && Number(value) >= 1 && Number(value) <= max;
  return z
    .string()
    .refine(
      (value) => value === "auto" || isCount(value),
      `accepts "auto" or a whole number from 1 to ${max}`,
    )
    .transform((value) => (value === "auto" ? ("auto" as const) : Number(value)))
    .default("auto");
}

function oneOf<const T extends readonly [string, ...string[]]>(values: T, fallback: T[number]) {
  return z.enum(values, { error: `accepts one of ${values.join(", ")}` }).default(fallback as never);
}

function url(protocols: readonly string[]) {
  const accepted = `accepts a URL that starts with ${protocols.map((protocol) => `${protocol}//`).join(" or ")}`;
  return z
    .string()
    .refine((value) => URL.canParse(value) && protocols.includes(new URL(value).protocol), accepted);
}

const providers = z
  .string()
  .transform((value) => value.split(",").map((item) => item.trim().toLowerCase()))
  .refine(
    (list): list is ExecutionProvider[] =>
      new Set(list).size === list.length && list.every((item) => EXECUTION_PROVIDERS.includes(item as never)),
    `accepts a comma-separated order of ${EXECUTION_PROVIDERS.join(", ")}, each at most once`,
  );

function list(accepted: string, isItem: (item: string) => boolean) {
  return z
    .string()
    .transform((value) => value.split(",").map((item) => item.trim()))
    .refine((items) => items.every(isItem), `accepts a comma-separated list of ${accepted}`);
}

const proxies = list(
  'addresses and networks such as 10.0.0.0/8, "loopback" and "private"',
  (item) => trustedProxies([item]) !== null,
);

const isOrigin = (item: string) =>
  /^https?:\/\//.test(item) && URL.canParse(item) && new URL(item).origin === item;
const origins = z
  .string()
  .transform((value) => value.split(",").map((item) => item.trim()))
  .refine(
    (items) => items.every(isOrigin) || (items.length === 1 && items[0] === "*"),
    "accepts a comma-separated list of origins such as https://app.example, without a path, or *",
  );

const weights = z
  .string()
  .transform((value) => value.split(",").map((item) => item.trim()))
  .refine(
    (items) => items.every((item) => /^[A-Za-z]\w{0,60}=\d{1,4}$/.test(item)),
    "accepts a comma-separated list of name=weight, each weight from 0 to 9999",
  )
  .transform((items) =>
    Object.fromEntries(
      items.map((item) => [item.slice(0, item.indexOf("=")), Number(item.slice(item.indexOf("=") + 1))]),
    ),
  );

/** So long after its own limit an upload is cut off by that of all requests. */
const UPLOAD_MARGIN_SECONDS = 5;

/** The largest quota: whole numbers stay exact far beyond. */
const MAX_QUOTA = 1_000_000_000_000;

function quota(unit: string) {
  const accepted = `accepts a whole number of ${unit} from 0 to ${MAX_QUOTA}`;
  return z
    .string()
    .regex(/^\d{1,13}$/, accepted)
    .transform(Number)
    .refine((value) => value <= MAX_QUOTA, accepted)
    .optional();
}

const environmentKeys = z.string().transform((value, context) => {
  try {
    return parseEnvironmentKeys(value);
  } catch (error) {
    context.addIssue({ code: "custom", message: `${ENVIRONMENT_KEY_FORM}; ${(error as Error).message}` });
    return z.NEVER;
  }
});

const environment = z.object({
  ROLE: oneOf(ROLES, "all"),
  NODE_ENV: oneOf(["development", "test", "production"], "development"),
  HOST: z.string().min(1, "accepts a host name or an address").default("127.0.0.1"),
  PORT: integer(0, 65535, 4000),
  PUBLIC_URL: url(["http:", "https:"]).optional(),
  AUTH: oneOf(["auto", "required", "open"], "auto"),
  API_KEYS: environmentKeys.default([]),
  KEY_PEPPER: z.string().min(32, "accepts 32 characters or more").optional(),
  SPEAKER_API_KEY: z.string().optional(),
  AUDIO_URL_TTL_SECONDS: integer(1, 604_800, 3600, "seconds"),
  DATA_DIR: z.string().min(1, "accepts a folder").default("data"),
  DATABASE_URL: url(["postgres:", "postgresql:"]).optional(),
  DATABASE_POOL_SIZE: integer(2, 200, 10),
  MODELS_DIR: z.string().min(1, "accepts a folder").optional(),
  MODELS_SOURCE_DIR: z.string().min(1, "accepts a folder").optional(),
  MODELS_MIRROR_URL: url(["http:", "https:"]).optional(),
  VOICES_ON_DEMAND: oneOf(["true", "false"], "true"),
  LOG_LEVEL: oneOf(LOG_LEVELS, "info"),
  LOG_FORMAT: oneOf(["auto", "json", "pretty"], "auto"),
  EXECUTION_PROVIDERS: providers.default([...EXECUTION_PROVIDERS]),
  INFERENCE_ENGINE: oneOf(["kokoro", "fake"], "kokoro"),
  INFERENCE_MEMBERS: automatic(64),
  INFERENCE_THREADS: automatic(256),
  INFERENCE_PRECISION: oneOf(["auto", "int8", "float32"], "auto"),
  INFERENCE_PRELOAD: oneOf(["true", "false"], "true"),
  INFERENCE_IDLE_SECONDS: integer(0, 86_400, 0, "seconds (0 keeps the model loaded)"),
  UTTERANCE_DEADLINE_SECONDS: integer(1, 3600, 120, "seconds"),
  JOB_CONCURRENCY: automatic(256),
  JOB_ATTEMPTS: integer(1, 20, 3),
  JOB_LEASE_SECONDS: integer(2, 600, 15, "seconds"),
  JOB_RETRY_DELAY_SECONDS: integer(0, 3600, 2, "seconds"),
  QUEUE_LIMIT: integer(1, 1_000_000, 1000, "jobs"),
  MAX_TEXT_CHARACTERS: integer(1, MAX_TEXT_CHARACTERS, MAX_TEXT_CHARACTERS, "characters"),
  UPLOAD_MAX_BYTES: integer(100_000, 100_000_000, 25_000_000, "bytes"),
  CLONE_BUDGET_SECONDS: integer(0, 3600, 180, "seconds (0 leaves voices as first mixed)"),
  UPLOAD_TIMEOUT_SECONDS: integer(1, 3600, 120, "seconds"),
  CACHE_MAX_BYTES: integer(0, MAX_QUOTA, 2 ** 30, "bytes (0 caches nothing)"),
  CACHE_MAX_AGE_HOURS: integer(1, 87_600, 168, "hours"),
  AUDIO_RETENTION_HOURS: integer(0, 87_600, 168, "hours (0 keeps audio for ever)"),
  AUDIT_TEXT: oneOf(["true", "false"], "false"),
  AUDIT_RETENTION_DAYS: integer(0, 36_500, 0, "days (0 keeps entries for ever)"),
  AUDIT_STREAM: z
    .string()
    .regex(/^(stdout|file:.+)$/, 'accepts "stdout" or "file:" and a path')
    .optional(),
  METRICS_TOKEN: z
    .string()
    .regex(/^[\x21-\x7e]{16,512}$/, "accepts 16 to 512 printable ASCII characters without spaces")
    .optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: url(["http:", "https:"]).optional(),
  OTEL_SERVICE_NAME: z.string().min(1, "accepts a name").default("speaker"),
  SHUTDOWN_GRACE_SECONDS: integer(0, 3600, 20, "seconds"),
  ...storageVariables,
  HEADERS_TIMEOUT_SECONDS: integer(1, 300, 15, "seconds"),
  REQUEST_TIMEOUT_SECONDS: integer(1, 3600, 60, "seconds"),
  TRUSTED_PROXIES: proxies.default([]),
  CORS_ORIGINS: origins.optional(),
  RATE_LIMIT_PER_MINUTE: integer(0, 1_000_000, 100, "requests (0 counts nothing)"),
  RATE_LIMIT_WEIGHTS: weights.default({
    ...{ synthesize: 1, phonemize: 1, uploadVoice: 9, importDictionary: 4 },
    ...{ voiceExport: 4, dictionaryExport: 4, auditExport: 9 },
  }),
  INTROSPECTION: oneOf(["auto", "on", "off"], "auto"),
  MAX_QUERY_DEPTH: integer(1, 1000, 12, "levels"),
  MAX_QUERY_COST: integer(1, 10_000_000, 20_000),
  MAX_QUERY_ALIASES: integer(0, 10_000, 15, "aliases"),
  MAX_QUERY_DIRECTIVES: integer(0, 10_000, 30, "directives"),
  MAX_QUERY_TOKENS: integer(10, 100_000, 1500, "tokens"),
  BATCH_LIMIT: integer(0, 100, 0, "operations (0 takes no batches)"),
  PERSISTED_OPERATIONS_FILE: z.string().min(1, "accepts a file").optional(),
  PERSISTED_OPERATIONS_ONLY: oneOf(["true", "false"], "false"),
  STREAM_LISTENERS: integer(1, 100_000, 200, "listeners"),
  WEBSOCKETS: integer(1, 1_000_000, 5000, "connections"),
  WEBSOCKETS_PER_ADDRESS: integer(1, 1_000_000, 100, "connections"),
  WEBSOCKET_OPERATIONS: integer(1, 10_000, 50, "operations"),
  WEBSOCKET_MESSAGES_PER_SECOND: integer(1, 10_000, 50, "messages"),
  WEBSOCKET_IDLE_SECONDS: integer(1, 86_400, 600, "seconds"),
  QUOTA_CHARACTERS_PER_DAY: quota("characters"),
  QUOTA_CHARACTERS_PER_MONTH: quota("characters"),
  QUOTA_AUDIO_SECONDS_PER_DAY: quota("seconds"),
  QUOTA_AUDIO_SECONDS_PER_MONTH: quota("seconds"),
  QUOTA_CONCURRENT_JOBS: quota("jobs"),
  QUOTA_VOICES: quota("voices"),
  QUOTA_DICTIONARIES: quota("dictionaries"),
  QUOTA_STORAGE_BYTES: quota("bytes"),
});

/** What no variable can say alone. */
const consistent = environment
  .refine((env) => env.PERSISTED_OPERATIONS_ONLY === "false" || env.PERSISTED_OPERATIONS_FILE !== undefined, {
    path: ["PERSISTED_OPERATIONS_ONLY"],
    message: "needs PERSISTED_OPERATIONS_FILE to say which operations are admitted",
  })
  .superRefine((env, context) => {
    for (const name of missingStorageVariables(env))
      context.addIssue({ code: "custom", path: [name], message: "is needed with STORAGE=s3" });
  });

type Environment = z.infer<typeof environment>;

/** The whole configuration, validated and frozen. Off is `null`, never an empty string. */
export type Config = ReturnType<typeof shape>;

function shape(env: Environment, raw: NodeJS.ProcessEnv) {
  const dataDir = resolve(env.DATA_DIR);
  return {
    role: env.ROLE,
    production: env.NODE_ENV === "production",
    http: { host: env.HOST, port: env.PORT, publicUrl: env.PUBLIC_URL?.replace(/\/+$/, "") ?? null },
    auth: {
      mode: env.AUTH,
      keys: env.API_KEYS,
      pepper: env.KEY_PEPPER ?? null,
      audioUrlTtlSeconds: env.AUDIO_URL_TTL_SECONDS,
    },
    client: { apiKey: env.SPEAKER_API_KEY ?? null },
    dataDir,
    database:
      env.DATABASE_URL === undefined
        ? ({ kind: "embedded", directory: resolve(dataDir, "postgres") } as const)
        : ({ kind: "postgres", url: env.DATABASE_URL, poolSize: env.DATABASE_POOL_SIZE } as const),
    models: {
      dir: resolve(defaultModelsDir(process.platform, homedir(), raw)),
      sourceDir: env.MODELS_SOURCE_DIR === undefined ? null : resolve(env.MODELS_SOURCE_DIR),
      mirrorUrl: env.MODELS_MIRROR_URL ?? null,
    },
    voicesOnDemand: env.VOICES_ON_DEMAND === "true",
    log: { level: env.LOG_LEVEL, format: env.LOG_FORMAT },
    inference: {
      engine: env.INFERENCE_ENGINE,
      providers: env.EXECUTION_PROVIDERS,
      members: env.INFERENCE_MEMBERS,
      threads: env.INFERENCE_THREADS,
      precision: env.INFERENCE_PRECISION,
      preload: env.INFERENCE_PRELOAD === "true",
      idleMs: env.INFERENCE_IDLE_SECONDS * 1000,
      utteranceDeadlineMs: env.UTTERANCE_DEADLINE_SECONDS * 1000,
    },
    jobs: {
      // More jobs than cores, so that a short one is never behind a long one: the pool shares by utterance.
      concurrency:
        env.JOB_CONCURRENCY === "auto" ? Math.max(4, availableParallelism() * 2) : env.JOB_CONCURRENCY,
      attempts: env.JOB_ATTEMPTS,
      leaseSeconds: env.JOB_LEASE_SECONDS,
      retryDelaySeconds: env.JOB_RETRY_DELAY_SECONDS,
      queueLimit: env.QUEUE_LIMIT,
    },
    limits: { textCharacters: env.MAX_TEXT_CHARACTERS },
    cloning: { budgetSeconds: env.CLONE_BUDGET_SECONDS },
    upload: { maxBytes: env.UPLOAD_MAX_BYTES, timeoutMs: env.UPLOAD_TIMEOUT_SECONDS * 1000 },
    storage: shapeStorage(env, dataDir),
    /** What is spoken once is used again; null speaks everything anew. */
    cache:
      env.CACHE_MAX_BYTES === 0
        ? null
        : { maxBytes: env.CACHE_MAX_BYTES, maxAgeHours: env.CACHE_MAX_AGE_HOURS },
    audio: { retentionHours: env.AUDIO_RETENTION_HOURS === 0 ? null : env.AUDIO_RETENTION_HOURS },
    audit: {
      text: env.AUDIT_TEXT === "true",
      retentionDays: env.AUDIT_RETENTION_DAYS === 0 ? null : env.AUDIT_RETENTION_DAYS,
      stream:
        env.AUDIT_STREAM === undefined
          ? null
          : env.AUDIT_STREAM === "stdout"
            ? ({ kind: "stdout" } as const)
            : ({ kind: "file", path: resolve(env.AUDIT_STREAM.slice("file:".length)) } as const),
    },
    metrics: { token: env.METRICS_TOKEN ?? null },
    telemetry: {
      endpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT?.replace(/\/+$/, "") ?? null,
      serviceName: env.OTEL_SERVICE_NAME,
    },
    shutdown: { graceSeconds: env.SHUTDOWN_GRACE_SECONDS },
    timeouts: {
      headersMs: env.HEADERS_TIMEOUT_SECONDS * 1000,
      // An upload has a longer one of its own, which tells what went wrong.
      requestMs:
        Math.max(env.REQUEST_TIMEOUT_SECONDS, env.UPLOAD_TIMEOUT_SECONDS + UPLOAD_MARGIN_SECONDS) * 1000,
    },
    trustedProxies: env.TRUSTED_PROXIES,
    corsOrigins:
      env.CORS_ORIGINS === undefined
        ? ("none" as const)
        : env.CORS_ORIGINS[0] === "*"
          ? ("any" as const)
          : env.CORS_ORIGINS,
    rateLimit: {
      perMinute: env.RATE_LIMIT_PER_MINUTE === 0 ? null : env.RATE_LIMIT_PER_MINUTE,
      weights: env.RATE_LIMIT_WEIGHTS,
    },
    graphql: {
      introspection:
        env.INTROSPECTION === "auto" ? env.NODE_ENV !== "production" : env.INTROSPECTION === "on",
      maxDepth: env.MAX_QUERY_DEPTH,
      maxCost: env.MAX_QUERY_COST,
      maxAliases: env.MAX_QUERY_ALIASES,
      maxDirectives: env.MAX_QUERY_DIRECTIVES,
      maxTokens: env.MAX_QUERY_TOKENS,
      batchLimit: env.BATCH_LIMIT,
      persistedOperations:
        env.PERSISTED_OPERATIONS_FILE === undefined
          ? null
          : {
              file: resolve(env.PERSISTED_OPERATIONS_FILE),
              only: env.PERSISTED_OPERATIONS_ONLY === "true",
            },
    },
    streams: { maxListeners: env.STREAM_LISTENERS },
    websockets: {
      max: env.WEBSOCKETS,
      maxPerAddress: env.WEBSOCKETS_PER_ADDRESS,
      maxOperations: env.WEBSOCKET_OPERATIONS,
      maxMessagesPerSecond: env.WEBSOCKET_MESSAGES_PER_SECOND,
      idleMs: env.WEBSOCKET_IDLE_SECONDS * 1000,
    },
    /** What every key has that sets none of its own; null is without limit. */
    quotas: {
      charactersPerDay: env.QUOTA_CHARACTERS_PER_DAY ?? null,
      charactersPerMonth: env.QUOTA_CHARACTERS_PER_MONTH ?? null,
      audioSecondsPerDay: env.QUOTA_AUDIO_SECONDS_PER_DAY ?? null,
      audioSecondsPerMonth: env.QUOTA_AUDIO_SECONDS_PER_MONTH ?? null,
      concurrentJobs: env.QUOTA_CONCURRENT_JOBS ?? null,
      voices: env.QUOTA_VOICES ?? null,
      dictionaries: env.QUOTA_DICTIONARIES ?? null,
      storageBytes: env.QUOTA_STORAGE_BYTES ?? null,
    },
  };
}

function freeze<T>(value: T): T {
  if (value !== null && typeof value === "object") {
    for (const child of Object.values(value)) freeze(child);
    Object.freeze(value);
  }
  return value;
}

/**
 * Reads and checks the environment. The only place of the program that does.
 *
 * @param overrides variables that the command line sets
 * @throws ConfigError with every fault at once: the variable's name, what it accepts, never its value
 *   (it may be a secret).
 */
export function loadConfig(overrides: NodeJS.ProcessEnv = {}, environmentOf = process.env): Config {
  const raw = { ...environmentOf, ...overrides };
  // An empty variable is an unset one: that is what `FOO= npm start` and compose files mean by it.
  const present = Object.fromEntries(
    Object.entries(raw).filter(([, value]) => value !== undefined && value !== ""),
  );
  const parsed = consistent.safeParse(present);
  if (!parsed.success) {
    throw new ConfigError(parsed.error.issues.map((issue) => `${issue.path.join(".")} ${issue.message}`));
  }
  return freeze(shape(parsed.data, raw));
}
