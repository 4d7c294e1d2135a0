import { needs } from "../auth/scopes.ts";
import { InvalidInputError } from "../errors.ts";
import { builder } from "../graphql/builder.ts";
import { QueueHealthType } from "../health/graphql.ts";
import { EventLoopType, GpuType } from "../health/machine-graphql.ts";
import type { Distribution } from "./quantile.ts";
import type { PoolSnapshot, Snapshot } from "./snapshot.ts";

const OPERATORS = needs("admin");
const DEFAULT_INTERVAL_MS = 1_000;
const SHORTEST_INTERVAL_MS = 250;
const LONGEST_INTERVAL_MS = 60_000;

const DistributionType = builder.objectRef<Distribution>("Distribution").implement({
  authScopes: OPERATORS,
  description: "How a measure was spread since the node started; estimated from a histogram.",
  fields: (t) => ({
    count: t.exposeFloat("count", { description: "How many were measured; a whole number." }),
    p50: t.exposeFloat("p50", {
      nullable: true,
      description: "Half did not exceed it; null before the first.",
    }),
    p95: t.exposeFloat("p95", {
      nullable: true,
      description: "95 of 100 did not exceed it; null before the first.",
    }),
    p99: t.exposeFloat("p99", {
      nullable: true,
      description: "99 of 100 did not exceed it; null before the first.",
    }),
  }),
});

const PoolMetricsType = builder.objectRef<PoolSnapshot>("PoolMetrics").implement({
  authScopes: OPERATORS,
  description: "The inference pool of the node.",
  fields: (t) => ({
    state: t.exposeString("state", { description: "idle, starting, ready, unavailable or closed." }),
    members: t.exposeInt("members", { description: "Processes it has." }),
    readyMembers: t.exposeInt("readyMembers", { description: "Those that wait for work." }),
    busyMembers: t.exposeInt("busyMembers", { description: "Those that compute." }),
    queued: t.exposeInt("queued", { description: "Utterances that wait for a member." }),
    limit: t.exposeInt("limit", { description: "Utterances that may wait." }),
    restarts: t.exposeInt("restarts", { description: "Members that were replaced since the node started." }),
    residentBytes: t.exposeFloat("residentBytes", { description: "Memory of all members, in bytes." }),
    modelLoadSeconds: t.exposeFloat("modelLoadSeconds", {
      nullable: true,
      description: "What the slowest member took from its start until its model was warm; null before.",
    }),
    realTimeFactor: t.exposeFloat("realTimeFactor", {
      nullable: true,
      description: "Compute seconds per second of audio over about the last ten utterances; null before.",
    }),
  }),
});

const JobCountType = builder.objectRef<Snapshot["jobs"][number]>("JobCount").implement({
  authScopes: OPERATORS,
  description: "Attempts at jobs that ended on the node.",
  fields: (t) => ({
    kind: t.exposeString("kind", { description: "The kind of job." }),
    outcome: t.exposeString("outcome", {
      description: "succeeded, failed, retrying, lost (cancelled, or taken over) or handed_back.",
    }),
    count: t.exposeFloat("count", { description: "How many; a whole number." }),
  }),
});

const ErrorCountType = builder.objectRef<Snapshot["graphqlErrors"][number]>("ErrorCount").implement({
  authScopes: OPERATORS,
  description: "Errors in answers of the node.",
  fields: (t) => ({
    code: t.exposeString("code", { description: "Their code." }),
    count: t.exposeFloat("count", { description: "How many; a whole number." }),
  }),
});

const MetricsType = builder.objectRef<Snapshot>("Metrics").implement({
  authScopes: OPERATORS,
  description:
    "What one node measures: the numbers of its `/metrics`. Counts and distributions begin with the node's start.",
  fields: (t) => ({
    nodeId: t.exposeID("nodeId", { description: "The node that answers; new at every start." }),
    at: t.expose("at", { type: "DateTime", description: "When it was measured." }),
    uptimeSeconds: t.exposeFloat("uptimeSeconds", { description: "How long the node has been up." }),
    cpuRatio: t.exposeFloat("cpuRatio", {
      description:
        "Cores that the node's main process used since the sample before; its pool is not part of it.",
    }),
    residentBytes: t.exposeFloat("residentBytes", { description: "Memory of the main process." }),
    heapUsedBytes: t.exposeFloat("heapUsedBytes", { description: "Part of it that JavaScript uses." }),
    eventLoop: t.expose("eventLoop", { type: EventLoopType, description: "Delay of the event loop." }),
    loadAverage1m: t.exposeFloat("loadAverage1m", { description: "Load average of the last minute." }),
    memoryTotalBytes: t.exposeFloat("memoryTotalBytes", {
      description: "Memory of the machine, or what the container may use.",
    }),
    memoryAvailableBytes: t.exposeFloat("memoryAvailableBytes", { description: "What is left of it." }),
    freeDiskBytes: t.exposeFloat("freeDiskBytes", {
      nullable: true,
      description: "Bytes left for audio; null where the store sets no bound.",
    }),
    queue: t.expose("queue", {
      type: QueueHealthType,
      nullable: true,
      description: "The job queue of all nodes; null while the database does not answer.",
    }),
    pool: t.expose("pool", {
      type: PoolMetricsType,
      nullable: true,
      description: "The inference pool; null on a node that runs no jobs.",
    }),
    gpus: t.field({
      type: [GpuType],
      description: "Graphics processors of the machine.",
      resolve: ({ gpus }) => [...gpus],
    }),
    httpRequests: t.exposeFloat("httpRequests", { description: "HTTP requests answered." }),
    graphqlErrors: t.field({
      type: [ErrorCountType],
      description: "Errors of GraphQL by code; typed members of results are not among them.",
      resolve: ({ graphqlErrors }) => [...graphqlErrors],
    }),
    webSocketsOpen: t.exposeInt("webSocketsOpen", { description: "WebSocket connections that are open." }),
    subscriptionsOpen: t.exposeInt("subscriptionsOpen", { description: "Subscriptions that are open." }),
    jobs: t.field({
      type: [JobCountType],
      description: "Attempts at jobs by kind and outcome.",
      resolve: ({ jobs }) => [...jobs],
    }),
    utterances: t.exposeFloat("utterances", { description: "Utterances given to the pool that have ended." }),
    audioSeconds: t.exposeFloat("audioSeconds", { description: "Audio of finished synthesis jobs." }),
    characters: t.exposeFloat("characters", { description: "Characters of finished synthesis jobs." }),
    queueWaitSeconds: t.expose("queueWaitSeconds", {
      type: DistributionType,
      description: "From a job's place in the queue to its first attempt.",
    }),
    processingSeconds: t.expose("processingSeconds", {
      type: DistributionType,
      description: "What attempts at jobs took.",
    }),
    firstAudioSeconds: t.expose("firstAudioSeconds", {
      type: DistributionType,
      description:
        "Time to first audio: from a job's place in the queue until its first utterance was spoken.",
    }),
    operationSeconds: t.expose("operationSeconds", {
      type: DistributionType,
      description: "What queries and mutations took.",
    }),
    realTimeFactor: t.expose("realTimeFactor", {
      type: DistributionType,
      description: "Compute seconds per second of audio, over the utterances.",
    }),
  }),
});

builder.queryField("metrics", (t) =>
  t.field({
    type: MetricsType,
    authScopes: OPERATORS,
    description: "What the node that answers measures, now.",
    resolve: (_root, _args, { resources }) => resources.observability.sampler.sample(resources),
  }),
);

builder.subscriptionField("metrics", (t) =>
  t.field({
    type: MetricsType,
    authScopes: OPERATORS,
    description:
      "What the node that answers measures, the first snapshot at once. All who listen share one sampler; numbers of " +
      "the database, the disk and GPUs are at most some seconds old.",
    args: {
      intervalMs: t.arg.int({
        description: `Milliseconds between snapshots, ${SHORTEST_INTERVAL_MS} to ${LONGEST_INTERVAL_MS}; ${DEFAULT_INTERVAL_MS} when left out.`,
      }),
    },
    subscribe: (_root, { intervalMs }, { resources }) =>
      resources.observability.broadcast.listen(checkedInterval(intervalMs ?? DEFAULT_INTERVAL_MS)),
    resolve: (snapshot: Snapshot) => snapshot,
  }),
);

function checkedInterval(intervalMs: number): number {
  if (intervalMs >= SHORTEST_INTERVAL_MS && intervalMs <= LONGEST_INTERVAL_MS) return intervalMs;
  throw new InvalidInputError([
    { path: ["intervalMs"], message: `accepts ${SHORTEST_INTERVAL_MS} to ${LONGEST_INTERVAL_MS}` },
  ]);
}
