import { z } from "zod";
import { JOB_ACCESS } from "../auth/scopes.ts";
import type { ErrorCode } from "../errors.ts";
import { builder } from "../graphql/builder.ts";
import { connectionRules, decodeCursor, resolvePage } from "../graphql/connection.ts";
import { ErrorCodeEnum } from "../graphql/errors.ts";
import { findJob } from "./job.ts";
import { countListedJobs, type JobFilter, listJobs } from "./list.ts";
import type { JOB_STAGES, JOB_STATUSES, JobPriority, JobRow } from "./table.ts";
import { watchJob } from "./watch.ts";

const JobStatusEnum = builder.enumType("JobStatus", {
  description: "Where a job stands.",
  values: {
    QUEUED: { description: "It waits for a worker, for the first time or for another attempt." },
    RUNNING: { description: "A worker is on it." },
    SUCCEEDED: { description: "It ended well. Final." },
    FAILED: { description: "It ended badly after its last attempt. Final, unless it is retried." },
    CANCELLED: { description: "It was cancelled. Final, unless it is retried." },
  } satisfies Record<(typeof JOB_STATUSES)[number], object>,
});

export const JobPriorityEnum = builder.enumType("JobPriority", {
  description: "How urgently a job is wanted.",
  values: {
    INTERACTIVE: { description: "Somebody waits for it. Its first sound goes ahead of everything." },
    BATCH: {
      description:
        "Nobody waits for it: interactive work goes first. It has an eighth of the machine all the same, and all of it " +
        "when nothing else is to be done.",
    },
  } satisfies Record<JobPriority, object>,
});

const JobStageEnum = builder.enumType("JobStage", {
  description: "What is being done for a job.",
  values: {
    WAITING: { description: "Nothing yet: it is in the queue." },
    PREPARING: { description: "The text is split and turned into phonemes." },
    SPEAKING: { description: "Utterances are being spoken." },
    ENCODING: { description: "The last of the audio is encoded and stored." },
    MEASURING: { description: "A voice's sample is decoded and measured." },
    MIXING: { description: "A first voice is mixed from the stock voices that sound nearest to the sample." },
    REFINING: { description: "The voice is usable, and is brought closer to its sample." },
    DONE: { description: "Nothing more: the job is final." },
  } satisfies Record<(typeof JOB_STAGES)[number], object>,
});

const JobErrorType = builder.objectRef<{ code: ErrorCode; message: string }>("JobError").implement({
  authScopes: JOB_ACCESS,
  description: "Why a job, or its latest attempt, failed.",
  fields: (t) => ({
    code: t.expose("code", { type: ErrorCodeEnum, description: "What went wrong, for programs." }),
    message: t.exposeString("message", { description: "What went wrong, for people." }),
  }),
});

export const JobInterface = builder.interfaceRef<JobRow>("Job").implement({
  authScopes: JOB_ACCESS,
  description: "Work that is done in the background. Accepted work is never lost: it survives restarts.",
  resolveType: (job) => JOB_TYPES[job.kind],
  fields: (t) => ({
    id: t.exposeID("id", { description: "The job's id; also the name of its audio under `/audio/`." }),
    kind: t.exposeString("kind", {
      description: "What kind of work it is: SYNTHESIS, VOICE_PREVIEW or ENROLMENT.",
    }),
    status: t.expose("status", { type: JobStatusEnum, description: "Where it stands." }),
    progress: t.exposeFloat("progress", { description: "How much of the work is done, 0 to 1." }),
    stage: t.expose("stage", { type: JobStageEnum, description: "What is being done now." }),
    priority: t.expose("priority", { type: JobPriorityEnum, description: "How urgently it is wanted." }),
    queuePosition: t.int({
      nullable: true,
      description:
        "Its place among the jobs that wait like it, those of other tenants included: 1 is the next. Short, long and batch " +
        "jobs wait apart, for none takes the place of another. Null unless it is QUEUED.",
      resolve: async (job, _args, { loaders }) => (await loaders.standing.load(job)).queuePosition,
    }),
    estimatedSeconds: t.float({
      nullable: true,
      description:
        "About how many seconds from now it will have ended, from what jobs have taken here before and from what is ahead " +
        "of it; more when other work comes. Null when it is final.",
      resolve: async (job, _args, { loaders }) => (await loaders.standing.load(job)).estimatedSeconds,
    }),
    attempts: t.exposeInt("attempts", { description: "How often a worker has begun it." }),
    maxAttempts: t.exposeInt("maxAttempts", { description: "After this many failed attempts it is FAILED." }),
    createdAt: t.expose("createdAt", { type: "DateTime", description: "When it was accepted." }),
    startedAt: t.expose("startedAt", {
      type: "DateTime",
      nullable: true,
      description: "When a worker first began it; null while it has only waited.",
    }),
    finishedAt: t.expose("finishedAt", {
      type: "DateTime",
      nullable: true,
      description: "When it became final; null before.",
    }),
    error: t.field({
      type: JobErrorType,
      nullable: true,
      description: "Why it failed, or why its latest attempt did while another is due; null otherwise.",
      resolve: ({ errorCode, errorMessage }) =>
        errorCode === null ? null : { code: errorCode as ErrorCode, message: errorMessage ?? "" },
    }),
  }),
});

/** GraphQL type of each kind of job. */
const JOB_TYPES: Record<string, string> = {
  SYNTHESIS: "SynthesisJob",
  VOICE_PREVIEW: "VoicePreviewJob",
  ENROLMENT: "EnrolmentJob",
};

const JobFilterInput = builder.inputRef<JobFilter>("JobFilter").implement({
  description: "All conditions given must hold.",
  fields: (t) => ({
    status: t.field({ type: [JobStatusEnum], description: "Only jobs in one of these states." }),
    voiceId: t.id({ description: "Only jobs that use this voice." }),
    createdAfter: t.field({ type: "DateTime", description: "Only jobs accepted later than this." }),
    createdBefore: t.field({ type: "DateTime", description: "Only jobs accepted earlier than this." }),
  }),
});

const cursorOf = (cursor: string | undefined): string | undefined =>
  cursor === undefined ? undefined : decodeCursor(cursor, 1, z.uuid())[0];

builder.queryField("job", (t) =>
  t.field({
    type: JobInterface,
    nullable: true,
    authScopes: JOB_ACCESS,
    description: "One job; null when the caller has none with this id.",
    args: { id: t.arg.id({ required: true, description: "The job's id." }) },
    resolve: (_root, { id }, { resources, actor }) => findJob(resources.db, actor.tenant, id),
  }),
);

builder.queryField("jobs", (t) =>
  t.connection(
    {
      type: JobInterface,
      authScopes: JOB_ACCESS,
      description: "The jobs of the caller's tenant, newest first.",
      args: { filter: t.arg({ type: JobFilterInput, description: "Which jobs; all when left out." }) },
      validate: { schema: connectionRules as never },
      resolve: (_root, args, { resources, actor }) => {
        const filter = args.filter ?? {};
        return resolvePage(
          args,
          filter,
          (job: JobRow) => [job.id],
          ({ after, before, ...page }) =>
            listJobs(resources.db, actor.tenant, filter, {
              ...page,
              after: cursorOf(after),
              before: cursorOf(before),
            }),
        );
      },
    },
    {
      description: "One page of jobs.",
      fields: (connection) => ({
        totalCount: connection.int({
          description: "How many jobs match, on all pages together.",
          resolve: ({ filter }, _args, { resources, actor }) =>
            countListedJobs(resources.db, actor.tenant, filter),
        }),
      }),
    },
    { description: "A job in a list." },
  ),
);

builder.subscriptionField("jobProgress", (t) =>
  t.field({
    type: JobInterface,
    authScopes: JOB_ACCESS,
    description:
      "A job as it goes: first its present state, then every change, last its final state; then the stream ends. " +
      "Subscribing to a job that has ended gives that state and ends. An unknown id is an error NOT_FOUND.",
    args: { id: t.arg.id({ required: true, description: "The job's id." }) },
    subscribe: (_root, { id }, { resources, actor }) =>
      watchJob(resources.db, resources.bus, actor.tenant, id),
    resolve: (job: JobRow) => job,
  }),
);
