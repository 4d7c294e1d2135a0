import { z } from "zod";
import { ConflictError, InvalidInputError, NotFoundError } from "../errors.ts";
import { builder } from "../graphql/builder.ts";
import { NAME_PATTERN } from "./environment.ts";
import type { Identity } from "./identity.ts";
import { findApiKey, type IssuedKey, LISTED_KEYS, listApiKeys, revokeApiKey, rotateApiKey } from "./key.ts";
import { type KeyLimits, keyLimits, NO_KEY_LIMITS } from "./limits.ts";
import { anyKey, anyone, needs, SCOPE_NAMES, SCOPES, type Scope } from "./scopes.ts";
import type { ApiKeyRow } from "./table.ts";

const MAX_GRACE_SECONDS = 2_592_000;

/** `voices:read` as GraphQL writes it: VOICES_READ. */
type ScopeName = {
  [Name in Scope]: Uppercase<Name extends `${infer Noun}:${infer Verb}` ? `${Noun}_${Verb}` : Name>;
}[Scope];

const ScopeEnum = builder.enumType("Scope", {
  description: "What a key may be allowed to do.",
  values: Object.fromEntries(
    SCOPE_NAMES.map((scope) => [
      scope.replace(":", "_").toUpperCase(),
      { value: scope, description: `\`${scope}\`: ${SCOPES[scope]}.` },
    ]),
  ) as Record<ScopeName, { value: Scope; description: string }>,
});

/** What each limit counts; the same for what is shown and what is asked for. */
const LIMIT_DESCRIPTIONS: Record<keyof KeyLimits, string> = {
  requestsPerMinute: "Requests a minute, and ten times as many fetches of stored files.",
  charactersPerDay: "Characters of accepted texts a day, UTC.",
  charactersPerMonth: "Characters of accepted texts a calendar month, UTC.",
  audioSecondsPerDay: "Seconds of audio made a day, UTC.",
  audioSecondsPerMonth: "Seconds of audio made a calendar month, UTC.",
  concurrentJobs: "Jobs that may wait or run at once.",
  voices: "Voices of its own that its tenant may have.",
  dictionaries: "Pronunciation dictionaries that its tenant may have.",
  storageBytes: "Bytes of audio, samples and dictionaries that its tenant may have stored.",
};
const LIMIT_NAMES = Object.keys(LIMIT_DESCRIPTIONS) as (keyof KeyLimits)[];

const KeyLimitsType = builder.objectRef<KeyLimits>("ApiKeyLimits").implement({
  authScopes: anyKey,
  description: "What one key may use up. Null where it has no limit of its own: the service's default holds.",
  fields: (t) =>
    Object.fromEntries(
      LIMIT_NAMES.map((name) => [
        name,
        t.float({ nullable: true, description: LIMIT_DESCRIPTIONS[name], resolve: (limits) => limits[name] }),
      ]),
    ),
});

const KeyLimitsInput = builder.inputType("ApiKeyLimitsInput", {
  description:
    "What one key may use up; whole numbers from 0. What is left out is as the service's default says.",
  fields: (t) =>
    Object.fromEntries(LIMIT_NAMES.map((name) => [name, t.float({ description: LIMIT_DESCRIPTIONS[name] })])),
});

const ApiKeyType = builder.objectRef<ApiKeyRow>("ApiKey").implement({
  authScopes: anyKey,
  isTypeOf: (value) => !(value instanceof Error),
  description: "A managed key. Its secret is shown once, when it is made, and stored nowhere.",
  fields: (t) => ({
    id: t.exposeID("id", { description: "What `revokeApiKey` and `rotateApiKey` take." }),
    name: t.exposeString("name", {
      description: "Its name for people and in the audit log; several may share one.",
    }),
    prefix: t.string({
      description: "How its secret begins: enough to recognise it, worthless without the rest.",
      resolve: ({ prefix }) => `spk_${prefix}`,
    }),
    tenant: t.exposeString("tenant", { description: "Whose voices and jobs it sees and makes." }),
    scopes: t.field({
      type: [ScopeEnum],
      description: "What it may do.",
      resolve: ({ scopes }) => scopes,
    }),
    limits: t.expose("limits", { type: KeyLimitsType, description: "What it may use up." }),
    createdBy: t.exposeString("createdBy", {
      authScopes: needs("admin"),
      description: "Name of the key that made it.",
    }),
    rotatedFrom: t.exposeID("rotatedFrom", {
      nullable: true,
      description: "The key that it replaces; null when it was created anew.",
    }),
    createdAt: t.expose("createdAt", { type: "DateTime", description: "When it was made." }),
    expiresAt: t.expose("expiresAt", {
      type: "DateTime",
      nullable: true,
      description: "From when it is refused; null when it lasts until it is revoked.",
    }),
    revokedAt: t.expose("revokedAt", {
      type: "DateTime",
      nullable: true,
      description: "When it was revoked; null when it was not.",
    }),
    lastUsedAt: t.expose("lastUsedAt", {
      type: "DateTime",
      nullable: true,
      description: "When it was last used, to the minute; null before its first use.",
    }),
  }),
});

const IssuedKeyType = builder.objectRef<IssuedKey>("IssuedApiKey").implement({
  authScopes: needs("admin"),
  isTypeOf: (value) => !(value instanceof Error),
  description: "A new key with its secret.",
  fields: (t) => ({
    key: t.expose("key", { type: ApiKeyType, description: "The key as it is stored." }),
    secret: t.exposeString("secret", {
      description: "What its holder sends. Keep it now: nobody can show it again.",
    }),
  }),
});

const ViewerType = builder.objectRef<Identity>("Viewer").implement({
  authScopes: anyone,
  description: "Who the service takes the caller for.",
  fields: (t) => ({
    name: t.exposeString("name", { description: "Name of the key; `anonymous` without one." }),
    tenant: t.exposeString("tenant", {
      authScopes: anyKey,
      description: "Whose voices and jobs it sees and makes.",
    }),
    scopes: t.field({
      type: [ScopeEnum],
      description: "What it may do; empty when a key is needed and none was sent.",
      resolve: ({ scopes }) => SCOPE_NAMES.filter((scope) => scopes.has(scope)),
    }),
    limits: t.expose("limits", { type: KeyLimitsType, description: "What it may use up by its key." }),
    apiKey: t.field({
      type: ApiKeyType,
      nullable: true,
      description: "The managed key; null for keys of the environment and without a key.",
      resolve: ({ keyId }, _args, { resources }) => (keyId === null ? null : findApiKey(resources.db, keyId)),
    }),
  }),
});

builder.queryField("viewer", (t) =>
  t.field({
    type: ViewerType,
    authScopes: anyone,
    description: "Who asks: name, tenant, scopes and limits of the key that was sent.",
    resolve: (_root, _args, { identity }) => identity,
  }),
);

builder.queryField("apiKeys", (t) =>
  t.field({
    type: [ApiKeyType],
    authScopes: needs("admin"),
    description: `The managed keys of all tenants, newest first, revoked and expired ones too; the newest ${LISTED_KEYS}. Keys of the environment are not among them.`,
    resolve: (_root, _args, { resources }) => listApiKeys(resources.db),
  }),
);

const newKey = z
  .object({
    name: z.string().regex(NAME_PATTERN, "accepts 1 to 64 of A-Z a-z 0-9 _ . -"),
    scopes: z.array(z.custom<Scope>()).min(1, "accepts at least one scope"),
    tenant: z.string().regex(NAME_PATTERN, "accepts 1 to 64 of A-Z a-z 0-9 _ . -").nullish(),
    expiresAt: z
      .date()
      .refine((date) => date > new Date(), "accepts a time that lies ahead")
      .nullish(),
    limits: keyLimits.nullish(),
  })
  .transform(({ tenant, expiresAt, limits, scopes, ...key }) => ({
    ...key,
    scopes: [...new Set(scopes)],
    tenant: tenant ?? null,
    expiresAt: expiresAt ?? null,
    limits: limits ?? NO_KEY_LIMITS,
  }));

const CreateApiKeyInput = builder.inputType("CreateApiKeyInput", {
  description: "What the key is called and may do.",
  fields: (t) => ({
    name: t.string({ required: true, description: "1 to 64 letters, digits, `_`, `.` and `-`." }),
    scopes: t.field({ type: [ScopeEnum], required: true, description: "What it may do; at least one." }),
    tenant: t.string({
      description:
        "Whose voices and jobs it sees and makes, 1 to 64 letters, digits, `_`, `.` and `-`. Left out, it gets a tenant of its own: its id.",
    }),
    expiresAt: t.field({ type: "DateTime", description: "From when it is refused; never when left out." }),
    limits: t.field({ type: KeyLimitsInput, description: "What it may use up." }),
  }),
});

builder.mutationField("createApiKey", (t) =>
  t.errorUnionField({
    types: [IssuedKeyType, InvalidInputError, ConflictError],
    union: { name: "CreateApiKeyResult", description: "The key with its secret, or why there is none." },
    authScopes: needs("admin"),
    description:
      "Makes a key; its secret is in the answer and never shown again. The first key closes a service that was open: it must have the scope `admin`, else a ConflictError.",
    args: {
      input: t.arg({
        type: CreateApiKeyInput,
        required: true,
        description: "What the key is called and may do.",
        validate: { schema: newKey as never },
      }),
    },
    resolve: (_root, { input }, { resources: { auth }, actor }) => auth.create(actor, newKey.parse(input)),
  }),
);

builder.mutationField("revokeApiKey", (t) =>
  t.errorUnionField({
    types: [ApiKeyType, NotFoundError],
    union: { name: "RevokeApiKeyResult", description: "The revoked key, or why it was not revoked." },
    authScopes: needs("admin"),
    description:
      "Ends a key at once: requests with it are refused, its subscriptions end. Its voices and jobs stay. Revoking a revoked key changes nothing.",
    args: { id: t.arg.id({ required: true, description: "The key's id." }) },
    resolve: (_root, { id }, { resources: { auth, db }, actor }) =>
      revokeApiKey({ db, secret: auth.secret }, actor, id),
  }),
);

builder.mutationField("rotateApiKey", (t) =>
  t.errorUnionField({
    types: [IssuedKeyType, InvalidInputError, NotFoundError, ConflictError],
    union: { name: "RotateApiKeyResult", description: "The new key with its secret, or why there is none." },
    authScopes: needs("admin"),
    description:
      "A new key with the name, tenant, scopes, limits and expiry of another, which works on for a while so that its holders can change over.",
    args: {
      id: t.arg.id({ required: true, description: "The key to be replaced." }),
      graceSeconds: t.arg.int({
        required: true,
        defaultValue: 3600,
        description: `How long the old key works on, 0 to ${MAX_GRACE_SECONDS}; 0 revokes it at once.`,
        validate: {
          schema: z
            .number()
            .refine((value) => value >= 0 && value <= MAX_GRACE_SECONDS, `accepts 0 to ${MAX_GRACE_SECONDS}`),
        },
      }),
    },
    resolve: (_root, { id, graceSeconds }, { resources: { auth, db }, actor }) =>
      rotateApiKey({ db, secret: auth.secret }, actor, id, graceSeconds),
  }),
);
