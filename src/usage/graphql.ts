import { anyKey } from "../auth/scopes.ts";
import { builder } from "../graphql/builder.ts";
import {
  type LatencyReport,
  type Percentiles,
  reportLatency,
  reportUsage,
  USAGE_GROUPS,
  type UsageBucket,
  type UsageGroup,
  usageRange,
} from "./report.ts";

const GROUPS: Record<UsageGroup, string> = {
  DAY: "By day, in UTC, the earliest first. Days without use are left out.",
  KEY: "By key, the most used first.",
  VOICE: "By voice, the most used first.",
  LANGUAGE: "By language, the most used first.",
};

const UsageGroupEnum = builder.enumType("UsageGroup", {
  description: "What usage is put together by.",
  values: Object.fromEntries(
    USAGE_GROUPS.map((group) => [group, { value: group, description: GROUPS[group] }]),
  ) as { [Group in UsageGroup]: { value: Group; description: string } },
});

const UsageBucketType = builder.objectRef<UsageBucket>("UsageBucket").implement({
  authScopes: anyKey,
  description: "What synthesis jobs that have ended used, for one day, key, voice or language.",
  fields: (t) => ({
    key: t.exposeString("key", {
      description:
        "The day (such as 2026-01-31), the key's id, the voice's id or the language's tag. Empty for keys of the " +
        "environment and open access, and for voices that were deleted before the job ended.",
    }),
    name: t.exposeString("name", { description: "The key's name; for other groups the same as `key`." }),
    jobs: t.exposeInt("jobs", { description: "Jobs that ended, however they did." }),
    succeeded: t.exposeInt("succeeded", { description: "Those that succeeded." }),
    failed: t.exposeInt("failed", { description: "Those that failed." }),
    cancelled: t.exposeInt("cancelled", { description: "Those that were cancelled." }),
    characters: t.exposeFloat("characters", {
      description: "Characters of the texts of those that succeeded; a whole number.",
    }),
    audioSeconds: t.exposeFloat("audioSeconds", { description: "Audio of those that succeeded." }),
    computeSeconds: t.exposeFloat("computeSeconds", {
      description: "What the engine computed for those that succeeded.",
    }),
  }),
});

const PercentilesType = builder.objectRef<Percentiles>("Percentiles").implement({
  authScopes: anyKey,
  description: "What shares of the jobs did not exceed, in seconds; all null when there are no jobs.",
  fields: (t) => ({
    p50: t.exposeFloat("p50", { nullable: true, description: "Half of them." }),
    p90: t.exposeFloat("p90", { nullable: true, description: "90 of 100." }),
    p95: t.exposeFloat("p95", { nullable: true, description: "95 of 100." }),
    p99: t.exposeFloat("p99", { nullable: true, description: "99 of 100." }),
    max: t.exposeFloat("max", { nullable: true, description: "All of them." }),
  }),
});

const LatencyReportType = builder.objectRef<LatencyReport>("LatencyReport").implement({
  authScopes: anyKey,
  description: "How long synthesis jobs took that were accepted in a range of time and succeeded.",
  fields: (t) => ({
    jobs: t.exposeInt("jobs", { description: "How many there are." }),
    queueWait: t.expose("queueWait", {
      type: PercentilesType,
      description: "From their place in the queue until a worker began.",
    }),
    processing: t.expose("processing", {
      type: PercentilesType,
      description: "From then until they had succeeded, with all attempts.",
    }),
    total: t.expose("total", { type: PercentilesType, description: "Both together." }),
  }),
});

const fromDescription = "From when; 30 days before `to` when left out. At most 366 days before it.";
const toDescription = "Until when; now when left out.";
const tenantDescription =
  "Only of this tenant; all when left out. Keys without `admin` always see their own tenant's.";

builder.queryField("usage", (t) =>
  t.field({
    type: [UsageBucketType],
    authScopes: anyKey,
    description: "What was used, counted as jobs end. It outlives jobs, keys and voices.",
    args: {
      from: t.arg({ type: "DateTime", description: `${fromDescription} Its whole day counts.` }),
      to: t.arg({ type: "DateTime", description: `${toDescription} Its whole day counts.` }),
      groupBy: t.arg({ type: UsageGroupEnum, description: "What to put together; by day when left out." }),
      tenant: t.arg.string({ description: tenantDescription }),
    },
    resolve: (_root, { groupBy, ...asked }, { resources, actor }) =>
      reportUsage(resources.db, usageRange(actor, asked), groupBy ?? "DAY"),
  }),
);

builder.queryField("latency", (t) =>
  t.field({
    type: LatencyReportType,
    authScopes: anyKey,
    description: "How long synthesis jobs took, from the jobs that are kept.",
    args: {
      from: t.arg({ type: "DateTime", description: fromDescription }),
      to: t.arg({ type: "DateTime", description: toDescription }),
      tenant: t.arg.string({ description: tenantDescription }),
    },
    resolve: (_root, asked, { resources, actor }) => reportLatency(resources.db, usageRange(actor, asked)),
  }),
);
