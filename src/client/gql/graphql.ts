/* eslint-disable */
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
export type Maybe<T> = T | null;
export type InputMaybe<T> = T | null | undefined;
export type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
export type MakeOptional<T, K extends keyof T> = Omit<T, K> & { [SubKey in K]?: Maybe<T[SubKey]> };
export type MakeMaybe<T, K extends keyof T> = Omit<T, K> & { [SubKey in K]: Maybe<T[SubKey]> };
export type MakeEmpty<T extends { [key: string]: unknown }, K extends keyof T> = { [_ in K]?: never };
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string; }
  String: { input: string; output: string; }
  Boolean: { input: boolean; output: boolean; }
  Int: { input: number; output: number; }
  Float: { input: number; output: number; }
  /** A point in time, ISO 8601 in UTC with milliseconds, such as 2026-01-31T12:00:00.000Z. */
  DateTime: { input: string; output: string; }
};

/** Stored audio. The numbers are exact and describe the file as it is served. Needs `synthesize`. */
export type Audio = {
  __typename?: 'Audio';
  /** Size of the file; a whole number. */
  bytes: Scalars['Float']['output'];
  /** Its media type. */
  contentType: Scalars['String']['output'];
  /** How long it plays. */
  durationSeconds: Scalars['Float']['output'];
  /** True once it has been removed and its URL answers 410. */
  expired: Scalars['Boolean']['output'];
  /** When it will be removed; null when it is kept for ever. */
  expiresAt?: Maybe<Scalars['DateTime']['output']>;
  /** What it is encoded as. */
  format: AudioFormat;
  /** Samples a second, in Hz. */
  sampleRate: Scalars['Int']['output'];
  /** SHA-256 of the file, in hexadecimal. */
  sha256: Scalars['String']['output'];
  /** Where to fetch it by GET: ranges, ETag; `?download=1` for a file name. 410 once it has expired. */
  url: Scalars['String']['output'];
};

/** What the audio is delivered as. All are mono at 24 kHz; Opus plays back at 48 kHz. */
export type AudioFormat =
  /** Lossless 16-bit, about half the size of WAV. */
  | 'FLAC'
  /** MP3 at 96 kbit/s with exact, gapless length; plays everywhere. */
  | 'MP3'
  /** Opus at 48 kbit/s in Ogg; the smallest at this quality. */
  | 'OPUS'
  /** Raw signed 16-bit little-endian mono samples at 24 kHz, without any header. */
  | 'PCM'
  /** Uncompressed 16-bit PCM in a RIFF header; plays everywhere. */
  | 'WAV';

/** Why an uploaded file is not taken as a recording. */
export type AudioRefusal =
  /** It begins well and cannot be decoded: cut off, altered or overwritten. */
  | 'DAMAGED'
  /** Its header says what cannot be: sizes, rates or channels that make no sense. */
  | 'INVALID_HEADER'
  /** It is audio and something else at once, such as an archive or a document. */
  | 'MIXED_CONTENT'
  /** Its content is not audio, whatever its name says. */
  | 'NOT_AUDIO'
  /** It is a media file without an audio track. */
  | 'NO_AUDIO_TRACK'
  /** It is encrypted or protected by digital rights management. */
  | 'PROTECTED'
  /** It holds nothing that can be heard. */
  | 'SILENT'
  /** Decoding it took more time or memory than is allowed. */
  | 'TOO_COMPLEX'
  /** It holds too much sound. */
  | 'TOO_LONG'
  /** It holds too little sound. */
  | 'TOO_SHORT'
  /** Its name or declared type says one format, its content is another. */
  | 'TYPE_MISMATCH'
  /** It is audio, in a format or codec that is not read here. */
  | 'UNSUPPORTED_CODEC';

/** The cancelled job, or why it was not cancelled. */
export type CancelJobResult = ConflictError | NotFoundError | SynthesisJob;

/** The present state does not allow the action; the message says which state does. */
export type ConflictError = Error & {
  __typename?: 'ConflictError';
  /** What went wrong, for programs. */
  code: ErrorCode;
  /** What went wrong and what to do, in English, for people. */
  message: Scalars['String']['output'];
  /** The request's id, as in the `X-Request-Id` header and in the service's log. */
  requestId: Scalars['String']['output'];
  /** When it went wrong. */
  timestamp: Scalars['DateTime']['output'];
};

/** Processors of the node that answers. Needs a key. */
export type CpuHealth = {
  __typename?: 'CpuHealth';
  /** Cores that the process may use. */
  cores: Scalars['Int']['output'];
  /** Load average of the last minute; 0 on Windows. */
  loadAverage1m: Scalars['Float']['output'];
};

/** A failure that the caller can act on. Open to anyone. */
export type Error = {
  /** What went wrong, for programs. */
  code: ErrorCode;
  /** What went wrong and what to do, in English, for people. */
  message: Scalars['String']['output'];
  /** The request's id, as in the `X-Request-Id` header and in the service's log. */
  requestId: Scalars['String']['output'];
  /** When it went wrong. */
  timestamp: Scalars['DateTime']['output'];
};

/** Every kind of failure, in `code` of typed errors and in `extensions.code` of all others. */
export type ErrorCode =
  /** The request itself is malformed: document, variables, headers or body. */
  | 'BAD_REQUEST'
  /** The work was cancelled before it finished. */
  | 'CANCELLED'
  /** The present state does not allow the action; the message says which state does. */
  | 'CONFLICT'
  /** The work took longer than its deadline allows. */
  | 'DEADLINE_EXCEEDED'
  /** The key lacks a scope, or a signed address does not fit. */
  | 'FORBIDDEN'
  /** It existed and has been removed, for example expired audio. */
  | 'GONE'
  /** The engine failed or was lost while speaking; the job may be retried. */
  | 'INFERENCE_FAILED'
  /** An unexpected fault; the log holds the details under the same request id. */
  | 'INTERNAL'
  /** A field of the input is outside what it accepts; `issues` names each one. */
  | 'INVALID_INPUT'
  /** A model file is missing, damaged or could not be loaded. */
  | 'MODEL_UNAVAILABLE'
  /** Nothing with this id exists, or it is not visible to the caller. */
  | 'NOT_FOUND'
  /** The queue has reached its limit; try again after `retryAfterSeconds`. */
  | 'QUEUE_FULL'
  /** A resource the service needs, such as its database, is not answering. */
  | 'SERVICE_UNAVAILABLE'
  /** A key is needed and there is none, or it is wrong, expired or revoked. */
  | 'UNAUTHENTICATED'
  /** The text holds nothing that the chosen voice can speak. */
  | 'UNSPEAKABLE_TEXT'
  /** The uploaded file is not a recording that can be made into a voice; `reason` says why. */
  | 'UNSUPPORTED_AUDIO'
  /** The body of the request is of a type that is not read here. */
  | 'UNSUPPORTED_MEDIA_TYPE'
  /** The file did not arrive whole: it is missing, empty, cut off or took too long. */
  | 'UPLOAD_FAILED'
  /** The request took longer to arrive than the service waits. */
  | 'UPLOAD_TIMED_OUT'
  /** The upload is larger than the service accepts. */
  | 'UPLOAD_TOO_LARGE';

/** How the service is, seen from the node that answers. Needs a key. */
export type Health = {
  __typename?: 'Health';
  /** When it was looked at. */
  checkedAt: Scalars['DateTime']['output'];
  /** What was looked at, one by one. */
  checks: Array<HealthCheck>;
  /** Processors of this node. */
  cpu: CpuHealth;
  /** What the first worker computes on; null while no worker is alive. See `workers` for each and why. */
  executionProvider?: Maybe<Scalars['String']['output']>;
  /** Bytes left for audio; null where the store sets no bound. */
  freeDiskBytes?: Maybe<Scalars['Float']['output']>;
  /** Memory of this node. */
  memory: MemoryHealth;
  /** The job queue; null while the database does not answer. */
  queue?: Maybe<QueueHealth>;
  /** DOWN without the database; DEGRADED when any check is not OK; else OK. */
  status: HealthStatus;
  /** The nodes that run jobs now. */
  workers: Array<Worker>;
};

/** One thing that the service depends on. Needs a key. */
export type HealthCheck = {
  __typename?: 'HealthCheck';
  /** How long the look took, in milliseconds. */
  durationMs: Scalars['Int']['output'];
  /** What was found, for people. */
  message: Scalars['String']['output'];
  /** What was looked at: database, queue, workers or storage. */
  name: Scalars['String']['output'];
  /** How well it works. */
  status: HealthStatus;
};

/** How well something works. */
export type HealthStatus =
  /** It works in part; the message says what does not. */
  | 'DEGRADED'
  /** It does not work. */
  | 'DOWN'
  /** As it should. */
  | 'OK';

/** One fault of the input. Open to anyone. */
export type InputIssue = {
  __typename?: 'InputIssue';
  /** What is wrong there and what is accepted. */
  message: Scalars['String']['output'];
  /** Where it is, from the argument down: `["input", "speed"]`. */
  path: Array<Scalars['String']['output']>;
};

/** Fields of the input are outside what they accept. Nothing was stored or queued. */
export type InvalidInputError = Error & {
  __typename?: 'InvalidInputError';
  /** What went wrong, for programs. */
  code: ErrorCode;
  /** Every fault found, not only the first. */
  issues: Array<InputIssue>;
  /** What went wrong and what to do, in English, for people. */
  message: Scalars['String']['output'];
  /** The request's id, as in the `X-Request-Id` header and in the service's log. */
  requestId: Scalars['String']['output'];
  /** When it went wrong. */
  timestamp: Scalars['DateTime']['output'];
};

/** Work that is done in the background. Accepted work is never lost: it survives restarts. Needs `synthesize` or `voices:write`. */
export type Job = {
  /** How often a worker has begun it. */
  attempts: Scalars['Int']['output'];
  /** When it was accepted. */
  createdAt: Scalars['DateTime']['output'];
  /** Why it failed, or why its latest attempt did while another is due; null otherwise. */
  error?: Maybe<JobError>;
  /** When it became final; null before. */
  finishedAt?: Maybe<Scalars['DateTime']['output']>;
  /** The job's id; also the name of its audio under `/audio/`. */
  id: Scalars['ID']['output'];
  /** What kind of work it is: SYNTHESIS. */
  kind: Scalars['String']['output'];
  /** After this many failed attempts it is FAILED. */
  maxAttempts: Scalars['Int']['output'];
  /** How much of the work is done, 0 to 1. */
  progress: Scalars['Float']['output'];
  /** What is being done now. */
  stage: JobStage;
  /** When a worker first began it; null while it has only waited. */
  startedAt?: Maybe<Scalars['DateTime']['output']>;
  /** Where it stands. */
  status: JobStatus;
};

/** Why a job, or its latest attempt, failed. Needs `synthesize` or `voices:write`. */
export type JobError = {
  __typename?: 'JobError';
  /** What went wrong, for programs. */
  code: ErrorCode;
  /** What went wrong, for people. */
  message: Scalars['String']['output'];
};

/** All conditions given must hold. */
export type JobFilter = {
  /** Only jobs accepted later than this. */
  createdAfter?: InputMaybe<Scalars['DateTime']['input']>;
  /** Only jobs accepted earlier than this. */
  createdBefore?: InputMaybe<Scalars['DateTime']['input']>;
  /** Only jobs in one of these states. */
  status?: InputMaybe<Array<JobStatus>>;
  /** Only jobs that use this voice. */
  voiceId?: InputMaybe<Scalars['ID']['input']>;
};

/** What is being done for a job. */
export type JobStage =
  /** Nothing more: the job is final. */
  | 'DONE'
  /** The last of the audio is encoded and stored. */
  | 'ENCODING'
  /** A voice's sample is decoded and measured. */
  | 'MEASURING'
  /** A first voice is mixed from the stock voices that sound nearest to the sample. */
  | 'MIXING'
  /** The text is split and turned into phonemes. */
  | 'PREPARING'
  /** The voice is usable, and is brought closer to its sample. */
  | 'REFINING'
  /** Utterances are being spoken. */
  | 'SPEAKING'
  /** Nothing yet: it is in the queue. */
  | 'WAITING';

/** Where a job stands. */
export type JobStatus =
  /** It was cancelled. Final, unless it is retried. */
  | 'CANCELLED'
  /** It ended badly after its last attempt. Final, unless it is retried. */
  | 'FAILED'
  /** It waits for a worker, for the first time or for another attempt. */
  | 'QUEUED'
  /** A worker is on it. */
  | 'RUNNING'
  /** It ended well. Final. */
  | 'SUCCEEDED';

/** A language or accent that this service speaks now. Needs a key. */
export type Language = {
  __typename?: 'Language';
  /** BCP-47 tag. */
  code: Scalars['String']['output'];
  /** The engines that speak it. */
  engines: Array<Scalars['String']['output']>;
  /** Its English name. */
  name: Scalars['String']['output'];
  /** Its name in itself. */
  nativeName: Scalars['String']['output'];
  /** How well it is spoken. */
  tier: LanguageTier;
  /** How many usable voices speak it. */
  voiceCount: Scalars['Int']['output'];
};

/** How well a language is spoken. */
export type LanguageTier =
  /** The engine was trained on it, with voices of native speakers. */
  | 'NATIVE';

/** Memory of the node that answers, in bytes. Needs a key. */
export type MemoryHealth = {
  __typename?: 'MemoryHealth';
  /** What nobody uses. */
  freeBytes: Scalars['Float']['output'];
  /** What this process holds, without its pool. */
  residentBytes: Scalars['Float']['output'];
  /** What the machine has. */
  totalBytes: Scalars['Float']['output'];
};

/** Everything that changes something. What a caller can act on comes back as a typed member of the result. */
export type Mutation = {
  __typename?: 'Mutation';
  /** Cancels a job that is QUEUED or RUNNING, at once. Cancelling a cancelled job changes nothing. Needs `synthesize` or `voices:write`. */
  cancelJob: CancelJobResult;
  /** Queues a job again that has FAILED or was CANCELLED, with all its attempts. Needs `synthesize` or `voices:write`. */
  retryJob: RetryJobResult;
  /** Has a text spoken. Answers at once with the job; follow it with `jobProgress`. Needs `synthesize`. */
  synthesize: SynthesizeResult;
};


/** Everything that changes something. What a caller can act on comes back as a typed member of the result. */
export type MutationCancelJobArgs = {
  id: Scalars['ID']['input'];
};


/** Everything that changes something. What a caller can act on comes back as a typed member of the result. */
export type MutationRetryJobArgs = {
  id: Scalars['ID']['input'];
};


/** Everything that changes something. What a caller can act on comes back as a typed member of the result. */
export type MutationSynthesizeArgs = {
  input: SynthesizeInput;
};

/** There is nothing with this id, or the caller may not see it. */
export type NotFoundError = Error & {
  __typename?: 'NotFoundError';
  /** What went wrong, for programs. */
  code: ErrorCode;
  /** What went wrong and what to do, in English, for people. */
  message: Scalars['String']['output'];
  /** The request's id, as in the `X-Request-Id` header and in the service's log. */
  requestId: Scalars['String']['output'];
  /** When it went wrong. */
  timestamp: Scalars['DateTime']['output'];
};

/** Which end of a list comes first. */
export type OrderDirection =
  /** The least, the earliest, the first of the alphabet. */
  | 'ASC'
  /** The most, the latest, the last of the alphabet. */
  | 'DESC';

/** Where a page of a connection lies, by the Relay cursor connections specification. Open to anyone. */
export type PageInfo = {
  __typename?: 'PageInfo';
  /** Cursor of the last edge, to be sent as `after`; null on an empty page. */
  endCursor?: Maybe<Scalars['String']['output']>;
  /** True when more follows behind `endCursor`. */
  hasNextPage: Scalars['Boolean']['output'];
  /** True when something lies before `startCursor`. */
  hasPreviousPage: Scalars['Boolean']['output'];
  /** Cursor of the first edge; null on an empty page. */
  startCursor?: Maybe<Scalars['String']['output']>;
};

/** A process of a worker that holds the model and speaks one utterance at a time. Needs a key. */
export type PoolMember = {
  __typename?: 'PoolMember';
  /** What it computes on; null until it has started. */
  executionProvider?: Maybe<Scalars['String']['output']>;
  /** Milliseconds from its start until it was warm; null before. */
  loadedMs?: Maybe<Scalars['Float']['output']>;
  /** The weights it has loaded: int8 or float32; null until it has started. */
  precision?: Maybe<Scalars['String']['output']>;
  /** Memory it holds, in bytes. */
  residentBytes?: Maybe<Scalars['Float']['output']>;
  /** How often it has been replaced. */
  restarts: Scalars['Int']['output'];
  /** starting, ready, busy, waiting (to be replaced) or stopped. */
  state: Scalars['String']['output'];
  /** How many threads it computes with. */
  threads: Scalars['Int']['output'];
};

/** Everything that can be read. Nothing here changes anything. */
export type Query = {
  __typename?: 'Query';
  /** Looks at everything the service depends on, now. Needs a key. */
  health: Health;
  /** One job; null when there is none with this id. Needs `synthesize` or `voices:write`. */
  job?: Maybe<Job>;
  /** The jobs there are, newest first. Needs `synthesize` or `voices:write`. */
  jobs: QueryJobsConnection;
  /** One language; null when this service does not speak it. Needs a key. */
  language?: Maybe<Language>;
  /** Every language that this service truly speaks now: a front end, an engine and a voice are there. Needs a key. */
  languages: Array<Language>;
  /** What this service is and accepts. Open to anyone. */
  serverInfo: ServerInfo;
  /** One voice; null when there is none with this id that the caller may see. Needs `voices:read`. */
  voice?: Maybe<Voice>;
  /** The voices that the caller may use: the stock voices and its own. Needs `voices:read`. */
  voices: QueryVoicesConnection;
};


/** Everything that can be read. Nothing here changes anything. */
export type QueryJobArgs = {
  id: Scalars['ID']['input'];
};


/** Everything that can be read. Nothing here changes anything. */
export type QueryJobsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<JobFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
};


/** Everything that can be read. Nothing here changes anything. */
export type QueryLanguageArgs = {
  code: Scalars['String']['input'];
};


/** Everything that can be read. Nothing here changes anything. */
export type QueryLanguagesArgs = {
  tier?: InputMaybe<LanguageTier>;
};


/** Everything that can be read. Nothing here changes anything. */
export type QueryVoiceArgs = {
  id: Scalars['ID']['input'];
};


/** Everything that can be read. Nothing here changes anything. */
export type QueryVoicesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<VoiceFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  orderBy?: InputMaybe<VoiceOrder>;
};

/** One page of jobs. Open to anyone. */
export type QueryJobsConnection = {
  __typename?: 'QueryJobsConnection';
  /** The items of this page with their cursors. */
  edges: Array<QueryJobsConnectionEdge>;
  /** Where this page lies in the list. */
  pageInfo: PageInfo;
  /** How many jobs match, on all pages together. */
  totalCount: Scalars['Int']['output'];
};

/** A job in a list. Open to anyone. */
export type QueryJobsConnectionEdge = {
  __typename?: 'QueryJobsConnectionEdge';
  /** Opaque position of this edge in the list. */
  cursor: Scalars['String']['output'];
  /** The item itself. */
  node: Job;
};

/** One page of voices. Open to anyone. */
export type QueryVoicesConnection = {
  __typename?: 'QueryVoicesConnection';
  /** The items of this page with their cursors. */
  edges: Array<QueryVoicesConnectionEdge>;
  /** Where this page lies in the list. */
  pageInfo: PageInfo;
  /** How many voices match, on all pages together. */
  totalCount: Scalars['Int']['output'];
};

/** A voice in a list. Open to anyone. */
export type QueryVoicesConnectionEdge = {
  __typename?: 'QueryVoicesConnectionEdge';
  /** Opaque position of this edge in the list. */
  cursor: Scalars['String']['output'];
  /** The item itself. */
  node: Voice;
};

/** The queue holds its limit. Nothing was stored; try again later. */
export type QueueFullError = Error & {
  __typename?: 'QueueFullError';
  /** What went wrong, for programs. */
  code: ErrorCode;
  /** How many jobs may wait. */
  limit: Scalars['Int']['output'];
  /** What went wrong and what to do, in English, for people. */
  message: Scalars['String']['output'];
  /** The request's id, as in the `X-Request-Id` header and in the service's log. */
  requestId: Scalars['String']['output'];
  /** How long to wait before trying again. */
  retryAfterSeconds: Scalars['Int']['output'];
  /** When it went wrong. */
  timestamp: Scalars['DateTime']['output'];
};

/** The job queue over all nodes. Needs a key. */
export type QueueHealth = {
  __typename?: 'QueueHealth';
  /** How many may wait before more are refused. */
  limit: Scalars['Int']['output'];
  /** Age of the job that has waited longest; null when none waits. */
  oldestWaitingSeconds?: Maybe<Scalars['Float']['output']>;
  /** Jobs that workers are on. */
  running: Scalars['Int']['output'];
  /** Jobs that wait for a worker. */
  waiting: Scalars['Int']['output'];
};

/** An execution provider that was tried and cannot be used. Needs a key. */
export type RefusedExecutionProvider = {
  __typename?: 'RefusedExecutionProvider';
  /** Its name: cuda, webgpu or cpu. */
  provider: Scalars['String']['output'];
  /** Why it cannot be used on this machine. */
  reason: Scalars['String']['output'];
};

/** The job, queued again, or why it was not. */
export type RetryJobResult = ConflictError | NotFoundError | QueueFullError | SynthesisJob;

/** What this service is. Open to anyone. */
export type ServerInfo = {
  __typename?: 'ServerInfo';
  /** Version of this contract; raised when a client that worked could stop working. */
  apiVersion: Scalars['String']['output'];
  /** The engines that speak. Needs a key. */
  engines: Array<Scalars['String']['output']>;
  /** What this service accepts. */
  limits: ServerLimits;
  /** Always `Speaker`. */
  name: Scalars['String']['output'];
  /** When the node that answers started. Needs a key. */
  startedAt: Scalars['DateTime']['output'];
  /** How long the node that answers has been up. Needs a key. */
  uptimeSeconds: Scalars['Float']['output'];
  /** Version of the program, semantic versioning. Needs a key. */
  version: Scalars['String']['output'];
};

/** What this service accepts. Needs a key. */
export type ServerLimits = {
  __typename?: 'ServerLimits';
  /** How long audio is kept, in hours; null when for ever. */
  audioRetentionHours?: Maybe<Scalars['Int']['output']>;
  /** The fastest `speed`. */
  maxSpeed: Scalars['Float']['output'];
  /** The slowest `speed`. */
  minSpeed: Scalars['Float']['output'];
  /** Jobs that may wait. */
  queuedJobs: Scalars['Int']['output'];
  /** Characters of one text. */
  textCharacters: Scalars['Int']['output'];
};

/** Live views, over WebSocket (graphql-transport-ws) and server-sent events on the same path. */
export type Subscription = {
  __typename?: 'Subscription';
  /** A job as it goes: first its present state, then every change, last its final state; then the stream ends. Subscribing to a job that has ended gives that state and ends. An unknown id is an error NOT_FOUND. Needs `synthesize` or `voices:write`. */
  jobProgress: Job;
};


/** Live views, over WebSocket (graphql-transport-ws) and server-sent events on the same path. */
export type SubscriptionJobProgressArgs = {
  id: Scalars['ID']['input'];
};

/** A text that is spoken, or has been. */
export type SynthesisJob = Job & {
  __typename?: 'SynthesisJob';
  /** How often a worker has begun it. */
  attempts: Scalars['Int']['output'];
  /** The result; null before the job has SUCCEEDED. */
  audio?: Maybe<Audio>;
  /** Length of the text in Unicode code points. */
  characters: Scalars['Int']['output'];
  /** When it was accepted. */
  createdAt: Scalars['DateTime']['output'];
  /** Why it failed, or why its latest attempt did while another is due; null otherwise. */
  error?: Maybe<JobError>;
  /** When it became final; null before. */
  finishedAt?: Maybe<Scalars['DateTime']['output']>;
  /** The format that was asked for. */
  format: AudioFormat;
  /** The job's id; also the name of its audio under `/audio/`. */
  id: Scalars['ID']['output'];
  /** What kind of work it is: SYNTHESIS. */
  kind: Scalars['String']['output'];
  /** The language it is spoken in. */
  language: Language;
  /** After this many failed attempts it is FAILED. */
  maxAttempts: Scalars['Int']['output'];
  /** How much of the work is done, 0 to 1. */
  progress: Scalars['Float']['output'];
  /** Pace: 1 is the voice's own, 2 twice as fast. */
  speed: Scalars['Float']['output'];
  /** What is being done now. */
  stage: JobStage;
  /** When a worker first began it; null while it has only waited. */
  startedAt?: Maybe<Scalars['DateTime']['output']>;
  /** Where it stands. */
  status: JobStatus;
  /** The text as it was sent. */
  text: Scalars['String']['output'];
  /** How many utterances have been spoken. */
  utterancesDone: Scalars['Int']['output'];
  /** How many utterances the text has; null until it has been split. */
  utterancesTotal?: Maybe<Scalars['Int']['output']>;
  /** The voice that speaks; null when it has been deleted since. */
  voice?: Maybe<Voice>;
};

/** What is to be spoken, and how. */
export type SynthesizeInput = {
  /** The format of the audio; MP3 when left out. */
  format?: InputMaybe<AudioFormat>;
  /** 1 to 255 printable ASCII characters. The same key with the same request gives the job that it gave before; with a different request it is a ConflictError. */
  idempotencyKey?: InputMaybe<Scalars['String']['input']>;
  /** BCP-47 tag; must be what the voice speaks. Left out, it is the voice's language. */
  language?: InputMaybe<Scalars['String']['input']>;
  /** Pace from 0.5 to 2; 1 when left out. */
  speed?: InputMaybe<Scalars['Float']['input']>;
  /** 1 to 50000 characters (Unicode code points), fewer where the operator says so; see `serverInfo.limits`. Tags of HTML or XML must be balanced and are not spoken. */
  text: Scalars['String']['input'];
  /** The voice, by the `id` that the query `voices` gives. */
  voiceId: Scalars['ID']['input'];
};

/** The accepted job, or why it was not accepted. */
export type SynthesizeResult = ConflictError | InvalidInputError | QueueFullError | SynthesisJob;

/** The file cannot be made into a voice. Nothing of it was kept. */
export type UnsupportedAudioError = Error & {
  __typename?: 'UnsupportedAudioError';
  /** What went wrong, for programs. */
  code: ErrorCode;
  /** What went wrong and what to do, in English, for people. */
  message: Scalars['String']['output'];
  /** Why, for programs. */
  reason: AudioRefusal;
  /** The request's id, as in the `X-Request-Id` header and in the service's log. */
  requestId: Scalars['String']['output'];
  /** When it went wrong. */
  timestamp: Scalars['DateTime']['output'];
};

/** The file did not arrive whole. Nothing of it was kept; send it again. */
export type UploadFailedError = Error & {
  __typename?: 'UploadFailedError';
  /** What went wrong, for programs. */
  code: ErrorCode;
  /** What went wrong and what to do, in English, for people. */
  message: Scalars['String']['output'];
  /** What was wrong, for programs. */
  reason: UploadFailure;
  /** The request's id, as in the `X-Request-Id` header and in the service's log. */
  requestId: Scalars['String']['output'];
  /** When it went wrong. */
  timestamp: Scalars['DateTime']['output'];
};

/** Why a file did not arrive. */
export type UploadFailure =
  /** The file has no content. */
  | 'EMPTY'
  /** The request ended before the file did. */
  | 'INTERRUPTED'
  /** The request holds no file for the place that `map` names. */
  | 'MISSING'
  /** The file took longer to arrive than the service waits. */
  | 'TIMED_OUT';

/** The file is larger than the service accepts. Nothing of it was kept. */
export type UploadTooLargeError = Error & {
  __typename?: 'UploadTooLargeError';
  /** What went wrong, for programs. */
  code: ErrorCode;
  /** How large a file may be; a whole number. */
  limitBytes: Scalars['Float']['output'];
  /** What went wrong and what to do, in English, for people. */
  message: Scalars['String']['output'];
  /** The request's id, as in the `X-Request-Id` header and in the service's log. */
  requestId: Scalars['String']['output'];
  /** When it went wrong. */
  timestamp: Scalars['DateTime']['output'];
};

/** A voice that texts can be spoken in. Needs `voices:read`. */
export type Voice = {
  __typename?: 'Voice';
  /** When it was made, or first seen by this service. */
  createdAt: Scalars['DateTime']['output'];
  /** What it sounds like and where it comes from; may be empty. */
  description: Scalars['String']['output'];
  /** The engine that speaks it. */
  engine: Scalars['String']['output'];
  /** How it is usually heard. */
  gender: VoiceGender;
  /** The grade A to F that the model's authors gave a stock voice; null where they gave none. */
  grade?: Maybe<Scalars['String']['output']>;
  /** What `synthesize` takes as `voiceId`. Stable for ever. */
  id: Scalars['ID']['output'];
  /** Where the voice comes from. */
  kind: VoiceKind;
  /** The language or accent it speaks. */
  language: Language;
  /** Its name for people; several voices may share one. */
  name: Scalars['String']['output'];
  /** Whether the voice can be used now. */
  status: VoiceStatus;
  /** Free labels to find it by. */
  tags: Array<Scalars['String']['output']>;
  /** When anything of it last changed; being used is no change. */
  updatedAt: Scalars['DateTime']['output'];
  /** What it has been used for since it exists, by finished jobs. */
  usage: VoiceUsage;
};

/** All conditions given must hold. */
export type VoiceFilter = {
  /** Only voices made later than this. */
  createdAfter?: InputMaybe<Scalars['DateTime']['input']>;
  /** Only voices made earlier than this. */
  createdBefore?: InputMaybe<Scalars['DateTime']['input']>;
  /** Only voices heard so. */
  gender?: InputMaybe<VoiceGender>;
  /** True: only voices that keep a sample; false: only those that do not. */
  hasSample?: InputMaybe<Scalars['Boolean']['input']>;
  /** Only voices of this origin. */
  kind?: InputMaybe<VoiceKind>;
  /** BCP-47 tag: `en-GB`, or `en` for every accent. Letter case does not matter. */
  language?: InputMaybe<Scalars['String']['input']>;
  /** Only cloned voices at least this similar to their sample, by `similarity`. */
  minSimilarity?: InputMaybe<Scalars['Float']['input']>;
  /** Only voices in one of these states. */
  status?: InputMaybe<Array<VoiceStatus>>;
  /** Only voices with at least one of these labels. */
  tags?: InputMaybe<Array<Scalars['String']['input']>>;
  /** Only voices with this in their id, name, description or tags. Letter case does not matter. */
  text?: InputMaybe<Scalars['String']['input']>;
  /** Only voices that were not used from this time on; those never used are among them. */
  unusedSince?: InputMaybe<Scalars['DateTime']['input']>;
  /** Only voices that were used later than this. */
  usedAfter?: InputMaybe<Scalars['DateTime']['input']>;
};

/** How a voice is usually heard. */
export type VoiceGender =
  /** Heard as a woman's voice. */
  | 'FEMALE'
  /** Heard as a man's voice. */
  | 'MALE'
  /** Not stated. */
  | 'UNKNOWN';

/** Where a voice comes from. */
export type VoiceKind =
  /** Made from an uploaded sample. */
  | 'CLONED'
  /** Made by mixing other voices. */
  | 'MIXED'
  /** Shipped with the model; cannot be changed or deleted. */
  | 'STOCK';

/** How voices are sorted. */
export type VoiceOrder = {
  /** Which end comes first. */
  direction?: OrderDirection;
  /** By what. */
  field: VoiceOrderField;
};

/** What voices can be sorted by. Voices that are equal in it are sorted by id. */
export type VoiceOrderField =
  /** When they were made. */
  | 'CREATED_AT'
  /** Where they come from: CLONED, MIXED, STOCK. */
  | 'KIND'
  /** The tag of their language. */
  | 'LANGUAGE'
  /** When they were last used; never counts as earliest. */
  | 'LAST_USED_AT'
  /** Their name. */
  | 'NAME'
  /** How close they come to their sample; not measured counts as least. */
  | 'SIMILARITY'
  /** When anything of them last changed. */
  | 'UPDATED_AT'
  /** How many seconds they have spoken. */
  | 'USED_AUDIO_SECONDS'
  /** How many characters they have spoken. */
  | 'USED_CHARACTERS'
  /** How many jobs they spoke in. */
  | 'USED_JOBS';

/** Whether a voice can be used. */
export type VoiceStatus =
  /** Its sample is being worked on. */
  | 'ENROLLING'
  /** Its sample could not be made into a voice. */
  | 'FAILED'
  /** It can speak. */
  | 'READY';

/** What a voice has been used for: the jobs that ended well in which it spoke, alone or as a part of an inline mix. Needs `voices:read`. */
export type VoiceUsage = {
  __typename?: 'VoiceUsage';
  /** How many seconds of audio. */
  audioSeconds: Scalars['Float']['output'];
  /** How many characters of text (Unicode code points); a whole number. */
  characters: Scalars['Float']['output'];
  /** How many jobs. */
  jobs: Scalars['Int']['output'];
  /** When the latest of them ended; null when it was never used. */
  lastUsedAt?: Maybe<Scalars['DateTime']['output']>;
};

/** A node that runs jobs. It counts as alive for 15 seconds after its last heartbeat. Needs a key. */
export type Worker = {
  __typename?: 'Worker';
  /** How many jobs it takes at once. */
  concurrency: Scalars['Int']['output'];
  /** What it computes on: the first of EXECUTION_PROVIDERS that works there. */
  executionProvider?: Maybe<Scalars['String']['output']>;
  /** When it was last heard of. */
  heartbeatAt: Scalars['DateTime']['output'];
  /** The machine it runs on. Needs `admin`. */
  hostname: Scalars['String']['output'];
  /** New at every start. */
  id: Scalars['ID']['output'];
  /** The processes of its inference pool. */
  members: Array<PoolMember>;
  /** The weights in use: int8 or float32. */
  precision?: Maybe<Scalars['String']['output']>;
  /** Why these weights: normally the measurement that chose them. */
  precisionReason?: Maybe<Scalars['String']['output']>;
  /** Utterances that wait for a member. */
  queuedUtterances: Scalars['Int']['output'];
  /** Compute seconds per second of audio over the latest utterances; null before the first. */
  realTimeFactor?: Maybe<Scalars['Float']['output']>;
  /** Why it cannot speak; null when it can. */
  reason?: Maybe<Scalars['String']['output']>;
  /** The execution providers that come earlier in the order, and why they are not used. */
  refusedProviders: Array<RefusedExecutionProvider>;
  /** How many jobs it is on. */
  runningJobs: Scalars['Int']['output'];
  /** When it started. */
  startedAt: Scalars['DateTime']['output'];
  /** State of its inference pool: idle, starting, ready, unavailable or closed. */
  state: Scalars['String']['output'];
  /** The version of Speaker it runs. */
  version: Scalars['String']['output'];
};

export type JobStateFragment = { __typename?: 'SynthesisJob', id: string, status: JobStatus, stage: JobStage, progress: number, attempts: number, utterancesDone: number, utterancesTotal?: number | null, error?: { __typename?: 'JobError', code: ErrorCode, message: string } | null, audio?: { __typename?: 'Audio', url: string, format: AudioFormat, contentType: string, durationSeconds: number, sampleRate: number, bytes: number, sha256: string, expired: boolean } | null };

export type SynthesizeMutationVariables = Exact<{
  input: SynthesizeInput;
}>;


export type SynthesizeMutation = { __typename?: 'Mutation', synthesize:
    | { __typename: 'ConflictError', code: ErrorCode, message: string, requestId: string, timestamp: string }
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string, requestId: string, timestamp: string, issues: Array<{ __typename?: 'InputIssue', path: Array<string>, message: string }> }
    | { __typename: 'QueueFullError', code: ErrorCode, message: string, requestId: string, timestamp: string, limit: number, retryAfterSeconds: number }
    | { __typename: 'SynthesisJob', id: string, status: JobStatus, stage: JobStage, progress: number, attempts: number, utterancesDone: number, utterancesTotal?: number | null, error?: { __typename?: 'JobError', code: ErrorCode, message: string } | null, audio?: { __typename?: 'Audio', url: string, format: AudioFormat, contentType: string, durationSeconds: number, sampleRate: number, bytes: number, sha256: string, expired: boolean } | null }
   };

export type CancelJobMutationVariables = Exact<{
  id: Scalars['ID']['input'];
}>;


export type CancelJobMutation = { __typename?: 'Mutation', cancelJob:
    | { __typename: 'ConflictError', code: ErrorCode, message: string }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'SynthesisJob', id: string, status: JobStatus, stage: JobStage, progress: number, attempts: number, utterancesDone: number, utterancesTotal?: number | null, error?: { __typename?: 'JobError', code: ErrorCode, message: string } | null, audio?: { __typename?: 'Audio', url: string, format: AudioFormat, contentType: string, durationSeconds: number, sampleRate: number, bytes: number, sha256: string, expired: boolean } | null }
   };

export type RetryJobMutationVariables = Exact<{
  id: Scalars['ID']['input'];
}>;


export type RetryJobMutation = { __typename?: 'Mutation', retryJob:
    | { __typename: 'ConflictError', code: ErrorCode, message: string }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'QueueFullError', code: ErrorCode, message: string }
    | { __typename: 'SynthesisJob', id: string, status: JobStatus, stage: JobStage, progress: number, attempts: number, utterancesDone: number, utterancesTotal?: number | null, error?: { __typename?: 'JobError', code: ErrorCode, message: string } | null, audio?: { __typename?: 'Audio', url: string, format: AudioFormat, contentType: string, durationSeconds: number, sampleRate: number, bytes: number, sha256: string, expired: boolean } | null }
   };

export type JobProgressSubscriptionVariables = Exact<{
  id: Scalars['ID']['input'];
}>;


export type JobProgressSubscription = { __typename?: 'Subscription', jobProgress: { __typename: 'SynthesisJob', id: string, status: JobStatus, stage: JobStage, progress: number, attempts: number, utterancesDone: number, utterancesTotal?: number | null, error?: { __typename?: 'JobError', code: ErrorCode, message: string } | null, audio?: { __typename?: 'Audio', url: string, format: AudioFormat, contentType: string, durationSeconds: number, sampleRate: number, bytes: number, sha256: string, expired: boolean } | null } };

export type VoicesQueryVariables = Exact<{
  filter?: InputMaybe<VoiceFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
}>;


export type VoicesQuery = { __typename?: 'Query', voices: { __typename?: 'QueryVoicesConnection', totalCount: number, pageInfo: { __typename?: 'PageInfo', hasNextPage: boolean, endCursor?: string | null }, edges: Array<{ __typename?: 'QueryVoicesConnectionEdge', node: { __typename?: 'Voice', id: string, name: string, kind: VoiceKind, gender: VoiceGender, grade?: string | null, language: { __typename?: 'Language', code: string, name: string } } }> } };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const JobStateFragmentDoc = new TypedDocumentString(`
    fragment JobState on SynthesisJob {
  id
  status
  stage
  progress
  attempts
  utterancesDone
  utterancesTotal
  error {
    code
    message
  }
  audio {
    url
    format
    contentType
    durationSeconds
    sampleRate
    bytes
    sha256
    expired
  }
}
    `, {"fragmentName":"JobState"}) as unknown as TypedDocumentString<JobStateFragment, unknown>;
export const SynthesizeDocument = new TypedDocumentString(`
    mutation Synthesize($input: SynthesizeInput!) {
  synthesize(input: $input) {
    __typename
    ... on SynthesisJob {
      ...JobState
    }
    ... on Error {
      code
      message
      requestId
      timestamp
    }
    ... on InvalidInputError {
      issues {
        path
        message
      }
    }
    ... on QueueFullError {
      limit
      retryAfterSeconds
    }
  }
}
    fragment JobState on SynthesisJob {
  id
  status
  stage
  progress
  attempts
  utterancesDone
  utterancesTotal
  error {
    code
    message
  }
  audio {
    url
    format
    contentType
    durationSeconds
    sampleRate
    bytes
    sha256
    expired
  }
}`) as unknown as TypedDocumentString<SynthesizeMutation, SynthesizeMutationVariables>;
export const CancelJobDocument = new TypedDocumentString(`
    mutation CancelJob($id: ID!) {
  cancelJob(id: $id) {
    __typename
    ... on SynthesisJob {
      ...JobState
    }
    ... on Error {
      code
      message
    }
  }
}
    fragment JobState on SynthesisJob {
  id
  status
  stage
  progress
  attempts
  utterancesDone
  utterancesTotal
  error {
    code
    message
  }
  audio {
    url
    format
    contentType
    durationSeconds
    sampleRate
    bytes
    sha256
    expired
  }
}`) as unknown as TypedDocumentString<CancelJobMutation, CancelJobMutationVariables>;
export const RetryJobDocument = new TypedDocumentString(`
    mutation RetryJob($id: ID!) {
  retryJob(id: $id) {
    __typename
    ... on SynthesisJob {
      ...JobState
    }
    ... on Error {
      code
      message
    }
  }
}
    fragment JobState on SynthesisJob {
  id
  status
  stage
  progress
  attempts
  utterancesDone
  utterancesTotal
  error {
    code
    message
  }
  audio {
    url
    format
    contentType
    durationSeconds
    sampleRate
    bytes
    sha256
    expired
  }
}`) as unknown as TypedDocumentString<RetryJobMutation, RetryJobMutationVariables>;
export const JobProgressDocument = new TypedDocumentString(`
    subscription JobProgress($id: ID!) {
  jobProgress(id: $id) {
    __typename
    ... on SynthesisJob {
      ...JobState
    }
  }
}
    fragment JobState on SynthesisJob {
  id
  status
  stage
  progress
  attempts
  utterancesDone
  utterancesTotal
  error {
    code
    message
  }
  audio {
    url
    format
    contentType
    durationSeconds
    sampleRate
    bytes
    sha256
    expired
  }
}`) as unknown as TypedDocumentString<JobProgressSubscription, JobProgressSubscriptionVariables>;
export const VoicesDocument = new TypedDocumentString(`
    query Voices($filter: VoiceFilter, $first: Int, $after: String) {
  voices(filter: $filter, first: $first, after: $after) {
    totalCount
    pageInfo {
      hasNextPage
      endCursor
    }
    edges {
      node {
        id
        name
        kind
        gender
        grade
        language {
          code
          name
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<VoicesQuery, VoicesQueryVariables>;