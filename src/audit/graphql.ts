import { validate } from "uuid";
import { needs } from "../auth/scopes.ts";
import { builder } from "../graphql/builder.ts";
import { connectionRules, decodeCursor, foreignCursor, resolvePage } from "../graphql/connection.ts";
import { countAudit, listAudit, visibleAudit } from "./list.ts";
import { AUDIT_OUTCOMES, type AuditOutcome, type AuditRow } from "./table.ts";

const READERS = needs("audit:read");

const OUTCOMES: Record<AuditOutcome, string> = {
  ACCEPTED: "It was done, or the work was taken on.",
  REFUSED: "It was asked for and not done; `details` has the code of the failure.",
  SUCCEEDED: "Work that had been taken on ended well.",
  FAILED: "Work that had been taken on failed, or a fault of the service stopped what was asked for.",
  CANCELLED: "Work that had been taken on was cancelled.",
};

const AuditOutcomeEnum = builder.enumType("AuditOutcome", {
  description: "How what was asked for went.",
  values: Object.fromEntries(
    AUDIT_OUTCOMES.map((outcome) => [outcome, { value: outcome, description: OUTCOMES[outcome] }]),
  ) as { [Outcome in AuditOutcome]: { value: Outcome; description: string } },
});

const AuditDetailType = builder.objectRef<{ name: string; value: unknown }>("AuditDetail").implement({
  authScopes: READERS,
  description: "A fact of an audit entry.",
  fields: (t) => ({
    name: t.exposeString("name", { description: "What it is, such as `voiceId`, `characters` or `code`." }),
    value: t.string({
      nullable: true,
      description: "Numbers and truth values as JSON writes them; null where it is known to be nothing.",
      resolve: ({ value }) =>
        value === null || value === undefined
          ? null
          : typeof value === "string"
            ? value
            : JSON.stringify(value),
    }),
  }),
});

const AuditEntryType = builder.objectRef<AuditRow>("AuditEntry").implement({
  authScopes: READERS,
  description: "That someone did something, or tried to. Entries are never changed.",
  fields: (t) => ({
    id: t.exposeID("id", { description: "The entry's id." }),
    at: t.expose("at", { type: "DateTime", description: "When it was written." }),
    action: t.exposeString("action", {
      description: "What was done, such as `synthesis.request`, `job.end`, `voice.upload` or `key.revoke`.",
    }),
    outcome: t.expose("outcome", { type: AuditOutcomeEnum, description: "How it went." }),
    actor: t.exposeString("actor", {
      description:
        "Name of the key that asked; `anonymous` where access is open, `speaker` for the service itself.",
    }),
    tenant: t.exposeString("tenant", { description: "Whose voices and jobs it was about." }),
    ip: t.exposeString("ip", {
      nullable: true,
      description: "Address it was asked from; null for what a worker wrote.",
    }),
    userAgent: t.exposeString("userAgent", {
      nullable: true,
      description: "What the client called itself; null when it did not say, or for what a worker wrote.",
    }),
    requestId: t.exposeString("requestId", {
      description: "The request's id; a job's end has that of the request which made the job.",
    }),
    targetType: t.exposeString("targetType", {
      nullable: true,
      description: "What kind of thing it was done to: job, voice, key or audit; null when there is none.",
    }),
    targetId: t.exposeString("targetId", {
      nullable: true,
      description: "Id of that thing; null when it was never made.",
    }),
    durationMs: t.exposeInt("durationMs", {
      nullable: true,
      description:
        "Milliseconds since the request came, or since the job was accepted; null where nobody waited.",
    }),
    details: t.field({
      type: [AuditDetailType],
      description: "Facts that depend on the action: numbers, ids and digests.",
      resolve: ({ details }) => Object.entries(details).map(([name, value]) => ({ name, value })),
    }),
    sequence: t.exposeFloat("sequence", {
      nullable: true,
      description: "Place in the chain, a whole number; null for a moment after it was written.",
    }),
    hash: t.exposeString("hash", {
      nullable: true,
      description:
        "SHA-256 over the entry before and this one, in hexadecimal; null as long as `sequence` is.",
    }),
  }),
});

const AuditFilterInput = builder.inputType("AuditFilter", {
  description: "All conditions given must hold.",
  fields: (t) => ({
    actions: t.stringList({ description: "Only these actions." }),
    outcomes: t.field({ type: [AuditOutcomeEnum], description: "Only entries that went like one of these." }),
    actor: t.string({ description: "Only what the key of this name did." }),
    tenant: t.string({
      description:
        "Only what this tenant's keys did; keys without `admin` see nothing but their own tenant's.",
    }),
    targetType: t.string({ description: "Only what was done to things of this kind." }),
    targetId: t.string({ description: "Only what was done to this one thing." }),
    requestId: t.string({ description: "Only what this request led to." }),
    from: t.field({ type: "DateTime", description: "Only entries written at this time or later." }),
    to: t.field({ type: "DateTime", description: "Only entries written before this time." }),
  }),
});

function cursorOf(cursor: string | undefined): string | undefined {
  if (cursor === undefined) return undefined;
  const [id = ""] = decodeCursor(cursor, 1);
  // PostgreSQL would refuse to compare anything else.
  if (!validate(id)) throw foreignCursor();
  return id;
}

builder.queryField("auditLog", (t) =>
  t.connection(
    {
      type: AuditEntryType,
      authScopes: READERS,
      description: "Who did what, newest first.",
      args: { filter: t.arg({ type: AuditFilterInput, description: "Which entries; all when left out." }) },
      validate: { schema: connectionRules as never },
      resolve: (_root, args, context) => {
        const filter = visibleAudit(context.actor, args.filter ?? {});
        return resolvePage(
          args,
          filter,
          (entry: AuditRow) => [entry.id],
          async ({ after, before, ...page }) =>
            filter === null
              ? []
              : await listAudit(context.resources.db, filter, {
                  ...page,
                  after: cursorOf(after),
                  before: cursorOf(before),
                }),
        );
      },
    },
    {
      description: "One page of audit entries.",
      fields: (connection) => ({
        totalCount: connection.int({
          description: "How many entries match, on all pages together.",
          resolve: ({ filter }, _args, { resources }) =>
            filter === null ? 0 : countAudit(resources.db, filter),
        }),
      }),
    },
    { description: "An audit entry in a list." },
  ),
);
