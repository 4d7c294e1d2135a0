import { anyKey, anyone, needs } from "../auth/scopes.ts";
import { builder } from "../graphql/builder.ts";
import type { ExecutionProvider, MemberStatus } from "../inference/contract.ts";
import { TIER_ENGINES } from "../languages/language.ts";
import { MAX_SPEED, MIN_SPEED } from "../synthesis/input.ts";
import { API_VERSION, VERSION } from "../version.ts";
import { checkHealth, type Health, type HealthCheck, type QueueHealth, type WorkerRow } from "./health.ts";
import { CpuType, EventLoopType, GpuType, MemoryType } from "./machine-graphql.ts";

const HealthStatusEnum = builder.enumType("HealthStatus", {
  description: "How well something works.",
  values: {
    OK: { description: "As it should." },
    DEGRADED: { description: "It works in part; the message says what does not." },
    DOWN: { description: "It does not work." },
  },
});

const HealthCheckType = builder.objectRef<HealthCheck>("HealthCheck").implement({
  authScopes: anyKey,
  description: "One thing that the service depends on.",
  fields: (t) => ({
    name: t.exposeString("name", {
      description:
        "What was looked at: database, queue, workers (alive), consuming (they take jobs), models, storage, memory, " +
        "eventLoop or gpu.",
    }),
    status: t.expose("status", { type: HealthStatusEnum, description: "How well it works." }),
    message: t.exposeString("message", { description: "What was found, for people." }),
    durationMs: t.exposeInt("durationMs", { description: "How long the look took, in milliseconds." }),
  }),
});

export const QueueHealthType = builder.objectRef<QueueHealth>("QueueHealth").implement({
  authScopes: anyKey,
  description: "The job queue over all nodes.",
  fields: (t) => ({
    waiting: t.exposeInt("waiting", { description: "Jobs that wait for a worker." }),
    running: t.exposeInt("running", { description: "Jobs that workers are on." }),
    limit: t.exposeInt("limit", { description: "How many may wait before more are refused." }),
    oldestWaitingSeconds: t.exposeFloat("oldestWaitingSeconds", {
      nullable: true,
      description: "Age of the job that has waited longest; null when none waits.",
    }),
  }),
});

const RefusedProviderType = builder
  .objectRef<{ provider: ExecutionProvider; reason: string }>("RefusedExecutionProvider")
  .implement({
    authScopes: anyKey,
    description: "An execution provider that was tried and cannot be used.",
    fields: (t) => ({
      provider: t.exposeString("provider", { description: "Its name: cuda, webgpu or cpu." }),
      reason: t.exposeString("reason", { description: "Why it cannot be used on this machine." }),
    }),
  });

const PoolMemberType = builder.objectRef<MemberStatus>("PoolMember").implement({
  authScopes: anyKey,
  description: "A process of a worker that holds the model and speaks one utterance at a time.",
  fields: (t) => ({
    state: t.exposeString("state", {
      description: "starting, ready, busy, waiting (to be replaced) or stopped.",
    }),
    executionProvider: t.exposeString("executionProvider", {
      nullable: true,
      description: "What it computes on; null until it has started.",
    }),
    precision: t.exposeString("precision", {
      nullable: true,
      description: "The weights it has loaded: int8 or float32; null until it has started.",
    }),
    threads: t.exposeInt("threads", { description: "How many threads it computes with." }),
    loadedMs: t.exposeFloat("loadedMs", {
      nullable: true,
      description: "Milliseconds from its start until it was warm; null before.",
    }),
    residentBytes: t.exposeFloat("residentBytes", {
      nullable: true,
      description: "Memory it holds, in bytes.",
    }),
    restarts: t.exposeInt("restarts", { description: "How often it has been replaced." }),
  }),
});

const WorkerType = builder.objectRef<WorkerRow>("Worker").implement({
  authScopes: anyKey,
  description: "A node that runs jobs. It counts as alive for 15 seconds after its last heartbeat.",
  fields: (t) => ({
    id: t.exposeID("id", { description: "New at every start." }),
    hostname: t.exposeString("hostname", {
      authScopes: needs("admin"),
      description: "The machine it runs on.",
    }),
    version: t.exposeString("version", { description: "The version of Speaker it runs." }),
    startedAt: t.expose("startedAt", { type: "DateTime", description: "When it started." }),
    heartbeatAt: t.expose("heartbeatAt", { type: "DateTime", description: "When it was last heard of." }),
    runningJobs: t.exposeInt("runningJobs", { description: "How many jobs it is on." }),
    concurrency: t.exposeInt("concurrency", {
      description: "How many jobs of a lane it takes at once; of batch jobs half as many.",
    }),
    state: t.string({
      description: "State of its inference pool: idle, starting, ready, unavailable or closed.",
      resolve: ({ pool }) => pool.state,
    }),
    reason: t.string({
      nullable: true,
      description: "Why it cannot speak; null when it can.",
      resolve: ({ pool }) => pool.reason,
    }),
    executionProvider: t.string({
      nullable: true,
      description: "What it computes on: the first of EXECUTION_PROVIDERS that works there.",
      resolve: ({ pool }) => pool.executionProvider,
    }),
    refusedProviders: t.field({
      type: [RefusedProviderType],
      description: "The execution providers that come earlier in the order, and why they are not used.",
      resolve: ({ pool }) => [...pool.refused],
    }),
    precision: t.string({
      nullable: true,
      description: "The weights in use: int8 or float32.",
      resolve: ({ pool }) => pool.precision,
    }),
    precisionReason: t.string({
      nullable: true,
      description: "Why these weights: normally the measurement that chose them.",
      resolve: ({ pool }) => pool.precisionReason,
    }),
    members: t.field({
      type: [PoolMemberType],
      description: "The processes of its inference pool.",
      resolve: ({ pool }) => [...pool.members],
    }),
    lastLookAt: t.expose("lastLookAt", {
      type: "DateTime",
      nullable: true,
      description:
        "When it last looked for jobs; null before the first look. Old while it is alive: it hangs.",
    }),
    gpus: t.field({
      type: [GpuType],
      description: "Graphics processors of its machine.",
      resolve: (worker) => [...worker.gpus],
    }),
    queuedUtterances: t.int({
      description: "Utterances that wait for a member.",
      resolve: ({ pool }) => pool.queued,
    }),
    realTimeFactor: t.float({
      nullable: true,
      description: "Compute seconds per second of audio over the latest utterances; null before the first.",
      resolve: ({ pool }) => pool.realTimeFactor,
    }),
  }),
});

const HealthType = builder.objectRef<Health>("Health").implement({
  authScopes: anyKey,
  description: "How the service is, seen from the node that answers.",
  fields: (t) => ({
    status: t.expose("status", {
      type: HealthStatusEnum,
      description: "DOWN without the database; DEGRADED when any check is not OK; else OK.",
    }),
    checkedAt: t.expose("checkedAt", { type: "DateTime", description: "When it was looked at." }),
    checks: t.field({
      type: [HealthCheckType],
      description: "What was looked at, one by one.",
      resolve: ({ checks }) => [...checks],
    }),
    queue: t.expose("queue", {
      type: QueueHealthType,
      nullable: true,
      description: "The job queue; null while the database does not answer.",
    }),
    workers: t.field({
      type: [WorkerType],
      description: "The nodes that run jobs now.",
      resolve: ({ workers }) => [...workers],
    }),
    executionProvider: t.string({
      nullable: true,
      description:
        "What the first worker computes on; null while no worker is alive. See `workers` for each and why.",
      resolve: ({ workers }) => workers[0]?.pool.executionProvider ?? null,
    }),
    cpu: t.expose("cpu", { type: CpuType, description: "Processors of this node." }),
    memory: t.expose("memory", { type: MemoryType, description: "Memory of this node." }),
    eventLoop: t.expose("eventLoop", {
      type: EventLoopType,
      description: "Whether this node's process gets to its work in time.",
    }),
    gpus: t.field({
      type: [GpuType],
      description: "Graphics processors of this node's machine; those of others are under `workers`.",
      resolve: ({ gpu }) => [...gpu.gpus],
    }),
    gpuReason: t.string({
      nullable: true,
      description:
        "Why there is none: `none`, or what keeps the driver from answering; null when there is one.",
      resolve: ({ gpu }) => gpu.reason,
    }),
    freeDiskBytes: t.exposeFloat("freeDiskBytes", {
      nullable: true,
      description: "Bytes left for audio; null where the store sets no bound.",
    }),
  }),
});

builder.queryField("health", (t) =>
  t.field({
    type: HealthType,
    authScopes: anyKey,
    description: "Looks at everything the service depends on, now.",
    resolve: (_root, _args, { resources }) => checkHealth(resources),
  }),
);

const LimitsType = builder
  .objectRef<{ textCharacters: number; queuedJobs: number }>("ServerLimits")
  .implement({
    authScopes: anyKey,
    description: "What this service accepts.",
    fields: (t) => ({
      textCharacters: t.exposeInt("textCharacters", { description: "Characters of one text." }),
      queuedJobs: t.exposeInt("queuedJobs", { description: "Jobs that may wait." }),
      minSpeed: t.float({ description: "The slowest `speed`.", resolve: () => MIN_SPEED }),
      maxSpeed: t.float({ description: "The fastest `speed`.", resolve: () => MAX_SPEED }),
      audioRetentionHours: t.int({
        nullable: true,
        description: "How long audio is kept, in hours; null when for ever.",
        resolve: (_limits, _args, { resources }) => resources.config.audio.retentionHours,
      }),
    }),
  });

const ServerInfoType = builder.objectRef<object>("ServerInfo").implement({
  authScopes: anyone,
  description: "What this service is.",
  fields: (t) => ({
    name: t.string({ description: "Always `Speaker`.", resolve: () => "Speaker" }),
    version: t.string({
      authScopes: anyKey,
      description: "Version of the program, semantic versioning.",
      resolve: () => VERSION,
    }),
    apiVersion: t.string({
      description: "Version of this contract; raised when a client that worked could stop working.",
      resolve: () => API_VERSION,
    }),
    startedAt: t.field({
      type: "DateTime",
      authScopes: anyKey,
      description: "When the node that answers started.",
      resolve: (_info, _args, { resources }) => resources.startedAt,
    }),
    uptimeSeconds: t.float({
      authScopes: anyKey,
      description: "How long the node that answers has been up.",
      resolve: (_info, _args, { resources }) => (Date.now() - resources.startedAt.getTime()) / 1000,
    }),
    engines: t.stringList({
      authScopes: anyKey,
      description: "The engines that speak: Kokoro, Piper and espeak-ng.",
      resolve: () => [...new Set(Object.values(TIER_ENGINES))],
    }),
    limits: t.field({
      type: LimitsType,
      description: "What this service accepts.",
      resolve: (_info, _args, { resources: { config } }) => ({
        textCharacters: config.limits.textCharacters,
        queuedJobs: config.jobs.queueLimit,
      }),
    }),
  }),
});

builder.queryField("serverInfo", (t) =>
  t.field({
    type: ServerInfoType,
    authScopes: anyone,
    description: "What this service is and accepts.",
    resolve: () => ({}),
  }),
);
