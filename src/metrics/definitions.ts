import { Counter, collectDefaultMetrics, Gauge, Histogram, type Registry } from "prom-client";

/** Seconds of answers: a page from memory to a slow upload. */
const ANSWER_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
/** Seconds of work: one short sentence to a long text in a long queue. */
const WORK_BUCKETS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800];
/** Compute seconds per second of audio; 1 is real time. */
const FACTOR_BUCKETS = [0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.4, 0.6, 0.8, 1, 1.5, 2, 4];

export type Metrics = ReturnType<typeof defineMetrics>;

/**
 * Every metric of a node, on a registry of its own: two nodes in one process share none. Labels are bounded by the
 * program: names that clients choose are cut to a list (see `BoundedNames`), ids never are labels.
 */
export function defineMetrics(registry: Registry) {
  const registers = [registry];
  const counter = <Label extends string>(name: string, help: string, labelNames: readonly Label[] = []) =>
    new Counter<Label>({ name: `speaker_${name}`, help, labelNames: [...labelNames], registers });
  const gauge = <Label extends string>(name: string, help: string, labelNames: readonly Label[] = []) =>
    new Gauge<Label>({ name: `speaker_${name}`, help, labelNames: [...labelNames], registers });
  const histogram = <Label extends string>(
    name: string,
    help: string,
    buckets: number[],
    labelNames: readonly Label[] = [],
  ) =>
    new Histogram<Label>({ name: `speaker_${name}`, help, buckets, labelNames: [...labelNames], registers });
  collectDefaultMetrics({ register: registry });
  return {
    registry,
    info: gauge("info", "Always 1; the labels say what runs.", ["version", "role", "node"]),

    httpRequests: counter("http_requests_total", "HTTP requests answered.", ["route", "method", "status"]),
    httpDuration: histogram(
      "http_request_duration_seconds",
      "From the arrival of an HTTP request until its answer was sent or cut off; streams of events are left out.",
      ANSWER_BUCKETS,
      ["route", "method"],
    ),
    operationDuration: histogram(
      "graphql_operation_duration_seconds",
      "What the execution of a query or mutation took.",
      ANSWER_BUCKETS,
      ["operation", "type"],
    ),
    webSockets: gauge("websockets_open", "WebSocket connections that are open."),
    subscriptions: gauge("graphql_subscriptions_open", "Subscriptions that are open, over every transport."),
    subscriptionsStarted: counter("graphql_subscriptions_total", "Subscriptions that were opened.", [
      "operation",
    ]),
    graphqlErrors: counter("graphql_errors_total", "Errors in the `errors` of GraphQL answers.", ["code"]),
    mutationFailures: counter(
      "graphql_mutation_failures_total",
      "Mutations that failed, also those whose failure is a typed member of the result.",
      ["mutation", "code"],
    ),

    jobs: counter("jobs_total", "Attempts at jobs that ended on this node, by how they ended.", [
      "kind",
      "outcome",
    ]),
    queueWait: histogram(
      "job_queue_wait_seconds",
      "From a job's place in the queue to its first attempt.",
      WORK_BUCKETS,
      ["kind"],
    ),
    processing: histogram("job_processing_seconds", "What an attempt at a job took.", WORK_BUCKETS, [
      "kind",
      "outcome",
    ]),
    firstAudio: histogram(
      "job_first_audio_seconds",
      "Time to first audio: from a job's place in the queue until its first utterance was spoken.",
      WORK_BUCKETS,
    ),
    utterances: counter("utterances_total", "Utterances spoken or failed in the pool.", [
      "engine",
      "outcome",
    ]),
    utteranceSeconds: histogram(
      "utterance_seconds",
      "From handing an utterance to the pool until it was spoken.",
      WORK_BUCKETS,
    ),
    realTimeFactor: histogram(
      "real_time_factor",
      "Compute seconds per second of audio, for each utterance: below 1 is faster than real time.",
      FACTOR_BUCKETS,
      ["engine"],
    ),
    audioSeconds: counter("audio_seconds_total", "Seconds of audio in finished synthesis jobs."),
    characters: counter("characters_total", "Characters of the texts of finished synthesis jobs."),

    cacheLookups: counter("cache_lookups_total", "Looks of this node into the caches, by how they ended.", [
      "cache",
      "outcome",
    ]),
    cacheSaved: counter("cache_hit_bytes_total", "Bytes that the caches gave and that were not made again.", [
      "cache",
    ]),
    cacheUtterances: gauge("cache_utterances", "Utterances in the cache of the whole fleet."),
    cacheBytes: gauge("cache_bytes", "Bytes of the utterances in the cache of the whole fleet."),

    queueJobs: gauge("queue_jobs", "Jobs of the whole fleet that wait or run.", ["state"]),
    queueLimit: gauge("queue_limit_jobs", "Jobs that may wait before more are refused."),
    queueOldest: gauge(
      "queue_oldest_seconds",
      "Age of the job that has waited longest in the whole fleet; 0 when none waits.",
    ),
    workersAlive: gauge("workers_alive", "Worker nodes of the fleet that are alive."),
    poolMembers: gauge("pool_members", "Members of this node's inference pool by state.", ["state"]),
    poolQueued: gauge("pool_queued", "Utterances that wait for a member of this node's pool."),
    poolLimit: gauge("pool_queue_limit", "Utterances that may wait in this node's pool."),
    poolRestarts: counter("pool_member_restarts_total", "Members of this node's pool that were replaced."),
    poolResident: gauge("pool_resident_bytes", "Memory of the members of this node's pool."),
    modelLoad: gauge("model_load_seconds", "From the start of a member until its model was warm.", [
      "member",
    ]),
    provider: gauge("execution_provider", "1 for what this node's pool computes on.", ["provider"]),

    health: gauge("health_check", "Health as this node sees it: 1 OK, 0.5 DEGRADED, 0 DOWN.", ["check"]),
    diskFree: gauge("storage_free_bytes", "Bytes left for audio, where the store has a bound."),
    memoryTotal: gauge("memory_total_bytes", "Memory of this machine, or what this container may use."),
    memoryAvailable: gauge(
      "memory_available_bytes",
      "Memory that is left on this machine or in this container.",
    ),
    auditUnsealed: gauge("audit_unsealed_entries", "Audit entries that have no place in the chain yet."),

    gpuMemoryUsed: gauge("gpu_memory_used_bytes", "Memory in use on a GPU of this machine.", ["gpu", "name"]),
    gpuMemoryTotal: gauge("gpu_memory_total_bytes", "Memory of a GPU of this machine.", ["gpu", "name"]),
    gpuUtilisation: gauge("gpu_utilisation_ratio", "Share of time in which a GPU computes.", ["gpu", "name"]),
    gpuTemperature: gauge("gpu_temperature_celsius", "Temperature of a GPU of this machine.", [
      "gpu",
      "name",
    ]),
  };
}
