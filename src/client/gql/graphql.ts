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
  /** A file, sent by the GraphQL multipart request specification: null in the variables, its place named in `map`. One file a request, over HTTP only. */
  Upload: { input: Blob; output: Blob; }
};

/** A managed key. Its secret is shown once, when it is made, and stored nowhere. Needs a key. */
export type ApiKey = {
  __typename?: 'ApiKey';
  /** When it was made. */
  createdAt: Scalars['DateTime']['output'];
  /** Name of the key that made it. Needs `admin`. */
  createdBy: Scalars['String']['output'];
  /** From when it is refused; null when it lasts until it is revoked. */
  expiresAt?: Maybe<Scalars['DateTime']['output']>;
  /** What `revokeApiKey` and `rotateApiKey` take. */
  id: Scalars['ID']['output'];
  /** When it was last used, to the minute; null before its first use. */
  lastUsedAt?: Maybe<Scalars['DateTime']['output']>;
  /** What it may use up. */
  limits: ApiKeyLimits;
  /** Its name for people and in the audit log; several may share one. */
  name: Scalars['String']['output'];
  /** How its secret begins: enough to recognise it, worthless without the rest. */
  prefix: Scalars['String']['output'];
  /** When it was revoked; null when it was not. */
  revokedAt?: Maybe<Scalars['DateTime']['output']>;
  /** The key that it replaces; null when it was created anew. */
  rotatedFrom?: Maybe<Scalars['ID']['output']>;
  /** What it may do. */
  scopes: Array<Scope>;
  /** Whose voices and jobs it sees and makes. */
  tenant: Scalars['String']['output'];
};

/** What one key may use up. Null where it has no limit of its own: the service's default holds. Needs a key. */
export type ApiKeyLimits = {
  __typename?: 'ApiKeyLimits';
  /** Seconds of audio made a day, UTC. */
  audioSecondsPerDay?: Maybe<Scalars['Float']['output']>;
  /** Seconds of audio made a calendar month, UTC. */
  audioSecondsPerMonth?: Maybe<Scalars['Float']['output']>;
  /** Characters of accepted texts a day, UTC. */
  charactersPerDay?: Maybe<Scalars['Float']['output']>;
  /** Characters of accepted texts a calendar month, UTC. */
  charactersPerMonth?: Maybe<Scalars['Float']['output']>;
  /** Jobs that may wait or run at once. */
  concurrentJobs?: Maybe<Scalars['Float']['output']>;
  /** Pronunciation dictionaries that its tenant may have. */
  dictionaries?: Maybe<Scalars['Float']['output']>;
  /** Requests a minute, and ten times as many fetches of stored files. */
  requestsPerMinute?: Maybe<Scalars['Float']['output']>;
  /** Bytes of audio, samples and dictionaries that its tenant may have stored. */
  storageBytes?: Maybe<Scalars['Float']['output']>;
  /** Voices of its own that its tenant may have. */
  voices?: Maybe<Scalars['Float']['output']>;
};

/** What one key may use up; whole numbers from 0. What is left out is as the service's default says. */
export type ApiKeyLimitsInput = {
  /** Seconds of audio made a day, UTC. */
  audioSecondsPerDay?: InputMaybe<Scalars['Float']['input']>;
  /** Seconds of audio made a calendar month, UTC. */
  audioSecondsPerMonth?: InputMaybe<Scalars['Float']['input']>;
  /** Characters of accepted texts a day, UTC. */
  charactersPerDay?: InputMaybe<Scalars['Float']['input']>;
  /** Characters of accepted texts a calendar month, UTC. */
  charactersPerMonth?: InputMaybe<Scalars['Float']['input']>;
  /** Jobs that may wait or run at once. */
  concurrentJobs?: InputMaybe<Scalars['Float']['input']>;
  /** Pronunciation dictionaries that its tenant may have. */
  dictionaries?: InputMaybe<Scalars['Float']['input']>;
  /** Requests a minute, and ten times as many fetches of stored files. */
  requestsPerMinute?: InputMaybe<Scalars['Float']['input']>;
  /** Bytes of audio, samples and dictionaries that its tenant may have stored. */
  storageBytes?: InputMaybe<Scalars['Float']['input']>;
  /** Voices of its own that its tenant may have. */
  voices?: InputMaybe<Scalars['Float']['input']>;
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
  /** Integrated loudness as measured (EBU R 128), in LUFS; null where none was asked for. It can miss what was asked for where peaks leave no room. */
  loudnessLufs?: Maybe<Scalars['Float']['output']>;
  /** Samples a second, in Hz. */
  sampleRate: Scalars['Int']['output'];
  /** SHA-256 of the file, in hexadecimal. */
  sha256: Scalars['String']['output'];
  /** Subtitles of it. */
  subtitles: Subtitles;
  /** True peak as measured with it, in dBTP; null where no loudness was asked for. */
  truePeakDbtp?: Maybe<Scalars['Float']['output']>;
  /** Where to fetch it by GET: ranges, ETag; `download=1` in the query for a file name. Where keys are needed it is signed and opens the audio without one until its `expires`; ask again for a fresh one. 410 once the audio has expired. */
  url: Scalars['String']['output'];
};

/** The share that one utterance has in the audio of a job. Needs `synthesize`. */
export type AudioChunk = {
  __typename?: 'AudioChunk';
  /** Base64 of bytes that continue those of the chunks before: all of them together are the stream. It ends behind a whole frame, so that the end of the utterance may come with the next chunk; empty for a very short one. */
  audio: Scalars['String']['output'];
  /** From its first sound to its last; 0 when it holds none. */
  durationSeconds: Scalars['Float']['output'];
  /** True with the last chunk; then the stream ends. */
  final: Scalars['Boolean']['output'];
  /** What the stream is encoded as. */
  format: AudioFormat;
  /** Position of the utterance in the job, from 0. */
  index: Scalars['Int']['output'];
  /** Samples a second, in Hz. */
  sampleRate: Scalars['Int']['output'];
  /** When its first sound is heard, from the start of the audio. */
  startSeconds: Scalars['Float']['output'];
  /** What is spoken in it, as it was sent. */
  text: Scalars['String']['output'];
};

/** What the audio is delivered as. All are mono, at 24 kHz where no other rate is asked for; Opus plays back at 48 kHz. */
export type AudioFormat =
  /** AAC-LC at 64 kbit/s in ADTS, which cannot state an exact length: players add up to 43 ms of silence at each end. */
  | 'AAC'
  /** Lossless 16-bit, about half the size of WAV. */
  | 'FLAC'
  /** MP3 at 96 kbit/s with exact, gapless length; plays everywhere. */
  | 'MP3'
  /** Opus at 48 kbit/s in Ogg; the smallest at this quality. */
  | 'OPUS'
  /** Raw signed 16-bit little-endian mono samples without any header, at 24 kHz unless asked otherwise. */
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

/** A fact of an audit entry. Needs `audit:read`. */
export type AuditDetail = {
  __typename?: 'AuditDetail';
  /** What it is, such as `voiceId`, `characters` or `code`. */
  name: Scalars['String']['output'];
  /** Numbers and truth values as JSON writes them; null where it is known to be nothing. */
  value?: Maybe<Scalars['String']['output']>;
};

/** That someone did something, or tried to. Entries are never changed. Needs `audit:read`. */
export type AuditEntry = {
  __typename?: 'AuditEntry';
  /** What was done, such as `synthesis.request`, `job.end`, `voice.upload` or `key.revoke`. */
  action: Scalars['String']['output'];
  /** Name of the key that asked; `anonymous` where access is open, `speaker` for the service itself. */
  actor: Scalars['String']['output'];
  /** When it was written. */
  at: Scalars['DateTime']['output'];
  /** Facts that depend on the action: numbers, ids and digests. */
  details: Array<AuditDetail>;
  /** Milliseconds since the request came, or since the job was accepted; null where nobody waited. */
  durationMs?: Maybe<Scalars['Int']['output']>;
  /** SHA-256 over the entry before and this one, in hexadecimal; null as long as `sequence` is. */
  hash?: Maybe<Scalars['String']['output']>;
  /** The entry's id. */
  id: Scalars['ID']['output'];
  /** Address it was asked from; null for what a worker wrote. */
  ip?: Maybe<Scalars['String']['output']>;
  /** How it went. */
  outcome: AuditOutcome;
  /** The request's id; a job's end has that of the request which made the job. */
  requestId: Scalars['String']['output'];
  /** Place in the chain, a whole number; null for a moment after it was written. */
  sequence?: Maybe<Scalars['Float']['output']>;
  /** Id of that thing; null when it was never made. */
  targetId?: Maybe<Scalars['String']['output']>;
  /** What kind of thing it was done to: job, voice, key or audit; null when there is none. */
  targetType?: Maybe<Scalars['String']['output']>;
  /** Whose voices and jobs it was about. */
  tenant: Scalars['String']['output'];
  /** What the client called itself; null when it did not say, or for what a worker wrote. */
  userAgent?: Maybe<Scalars['String']['output']>;
};

/** All conditions given must hold. */
export type AuditFilter = {
  /** Only these actions. */
  actions?: InputMaybe<Array<Scalars['String']['input']>>;
  /** Only what the key of this name did. */
  actor?: InputMaybe<Scalars['String']['input']>;
  /** Only entries written at this time or later. */
  from?: InputMaybe<Scalars['DateTime']['input']>;
  /** Only entries that went like one of these. */
  outcomes?: InputMaybe<Array<AuditOutcome>>;
  /** Only what this request led to. */
  requestId?: InputMaybe<Scalars['String']['input']>;
  /** Only what was done to this one thing. */
  targetId?: InputMaybe<Scalars['String']['input']>;
  /** Only what was done to things of this kind. */
  targetType?: InputMaybe<Scalars['String']['input']>;
  /** Only what this tenant's keys did; keys without `admin` see nothing but their own tenant's. */
  tenant?: InputMaybe<Scalars['String']['input']>;
  /** Only entries written before this time. */
  to?: InputMaybe<Scalars['DateTime']['input']>;
};

/** How what was asked for went. */
export type AuditOutcome =
  /** It was done, or the work was taken on. */
  | 'ACCEPTED'
  /** Work that had been taken on was cancelled. */
  | 'CANCELLED'
  /** Work that had been taken on failed, or a fault of the service stopped what was asked for. */
  | 'FAILED'
  /** It was asked for and not done; `details` has the code of the failure. */
  | 'REFUSED'
  /** Work that had been taken on ended well. */
  | 'SUCCEEDED';

/** The cancelled job, or why it was not cancelled. */
export type CancelJobResult = ConflictError | EnrolmentJob | NotFoundError | SynthesisJob | VoicePreviewJob;

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

/** What gives an uploader the right to use a voice. */
export type ConsentKind =
  /** The recording's licence allows this use. */
  | 'LICENSED'
  /** It is the uploader's own voice. */
  | 'OWN_VOICE'
  /** The person heard has given permission for this use. */
  | 'PERMISSION';

/** What became of a stretch of a text. */
export type CoverageFate =
  /** It is not spoken. */
  | 'DROPPED'
  /** It is spoken in other words than it is written in. */
  | 'NORMALISED'
  /** White space. */
  | 'SPACE'
  /** It is spoken as it is written. */
  | 'SPOKEN';

/** Why a stretch of a text is not spoken. */
export type CoverageReason =
  /** A comment. */
  | 'COMMENT'
  /** A direction, such as a pause, which was followed. */
  | 'DIRECTION'
  /** An emoji, where they are not spoken. */
  | 'EMOJI'
  /** Characters that nobody sees. */
  | 'INVISIBLE'
  /** A tag of SSML or HTML. */
  | 'MARKUP'
  /** What became a pause or a mark. */
  | 'OBJECT'
  /** Marks, which are heard as pauses and melody or not at all, and letters that a word does not sound. */
  | 'SILENT'
  /** What nothing here can read. */
  | 'UNREADABLE';

/** What became of a stretch of a text. Needs `synthesize`. */
export type CoverageSpan = {
  __typename?: 'CoverageSpan';
  /** Where it ends there: the position behind it. */
  end: Scalars['Int']['output'];
  /** What became of it. */
  fate: CoverageFate;
  /** Why it was dropped; null otherwise. */
  reason?: Maybe<CoverageReason>;
  /** Where it begins in the job's `text`, in UTF-16 code units. */
  start: Scalars['Int']['output'];
  /** Index of the utterance that speaks it, as in `AudioChunk.index`; null where none does. */
  utterance?: Maybe<Scalars['Int']['output']>;
};

/** Processors of the node that answers. Needs a key. */
export type CpuHealth = {
  __typename?: 'CpuHealth';
  /** Cores that the process may use. */
  cores: Scalars['Int']['output'];
  /** Load average of the last minute; 0 on Windows. */
  loadAverage1m: Scalars['Float']['output'];
};

/** What the key is called and may do. */
export type CreateApiKeyInput = {
  /** From when it is refused; never when left out. */
  expiresAt?: InputMaybe<Scalars['DateTime']['input']>;
  /** What it may use up. */
  limits?: InputMaybe<ApiKeyLimitsInput>;
  /** 1 to 64 letters, digits, `_`, `.` and `-`. */
  name: Scalars['String']['input'];
  /** What it may do; at least one. */
  scopes: Array<Scope>;
  /** Whose voices and jobs it sees and makes, 1 to 64 letters, digits, `_`, `.` and `-`. Left out, it gets a tenant of its own: its id. */
  tenant?: InputMaybe<Scalars['String']['input']>;
};

/** The key with its secret, or why there is none. */
export type CreateApiKeyResult = ConflictError | InvalidInputError | IssuedApiKey;

/** A dictionary, with the entries it begins with. */
export type CreateDictionaryInput = {
  /** The case rule of entries that state none; false when left out. */
  caseSensitive?: InputMaybe<Scalars['Boolean']['input']>;
  /** What it is for, up to 2,000 characters; empty when left out. */
  description?: InputMaybe<Scalars['String']['input']>;
  /** Entries, up to 1,000; more come in a file. */
  entries?: InputMaybe<Array<DictionaryEntryInput>>;
  /** A lexicon (PLS 1.0) or a table (CSV), in UTF-8 or UTF-16, sent as other uploads are. All of it counts, or nothing. Where it has words that `entries` has too, the file's count. */
  file?: InputMaybe<Scalars['Upload']['input']>;
  /** What the file is; told by its content when left out. */
  format?: InputMaybe<DictionaryFormat>;
  /** The language of entries that state none; left out, they hold for every language. */
  language?: InputMaybe<Scalars['String']['input']>;
  /** Its name for people, 1 to 100 characters. */
  name: Scalars['String']['input'];
};

/** The dictionary, or why it was not made. */
export type CreateDictionaryResult = Dictionary | InvalidInputError | QuotaExceededError | UploadFailedError | UploadTooLargeError;

/** The voice that is to be mixed. */
export type CreateVoiceMixInput = {
  /** What it sounds like, up to 2,000 characters; empty when left out. */
  description?: InputMaybe<Scalars['String']['input']>;
  /** How it is heard. Left out, it is what all parts agree on, else UNKNOWN. */
  gender?: InputMaybe<VoiceGender>;
  /** BCP-47 tag of the language it speaks when a request names none; it can speak all of them. */
  language: Scalars['String']['input'];
  /** Its name for people, 1 to 100 characters. */
  name: Scalars['String']['input'];
  /** 1 to 16 voices, each once. The weights must sum to at least 0.5 times the sum of their magnitudes, so that enough of a voice is left. */
  parts: Array<VoiceMixPartInput>;
  /** Labels to find it by, up to 20 of 1 to 50 characters. */
  tags?: InputMaybe<Array<Scalars['String']['input']>>;
};

/** The mixed voice, or why it was not made. */
export type CreateVoiceMixResult = InvalidInputError | QuotaExceededError | Voice;

/** The job that makes it, or why it was not accepted. */
export type CreateVoicePreviewResult = ConflictError | InvalidInputError | NotFoundError | QueueFullError | QuotaExceededError | VoicePreviewJob;

/** That the dictionary is gone, or why it is not. */
export type DeleteDictionaryResult = DeletedDictionary | NotFoundError;

/** That the voice is gone, or why it is not. */
export type DeleteVoiceResult = ConflictError | DeletedVoice | NotFoundError;

/** That a dictionary has been deleted. Needs `voices:write`. */
export type DeletedDictionary = {
  __typename?: 'DeletedDictionary';
  /** When it was deleted. */
  deletedAt: Scalars['DateTime']['output'];
  /** The id that it had; it is never given to another one. */
  id: Scalars['ID']['output'];
};

/** That a voice has been deleted. Nothing else of it is left but its entries in the audit log. Needs `voices:write`. */
export type DeletedVoice = {
  __typename?: 'DeletedVoice';
  /** When it was deleted. */
  deletedAt: Scalars['DateTime']['output'];
  /** The id that it had; it is never given to another voice. */
  id: Scalars['ID']['output'];
  /** The mixed voices that went with it because it was heard in them. */
  mixIds: Array<Scalars['String']['output']>;
};

/** How words are said that the service would say otherwise, in a tenant's own list. Requests name the dictionaries that they want. A request keeps the version that was there when it was accepted. Needs `voices:read` or `synthesize`. */
export type Dictionary = {
  __typename?: 'Dictionary';
  /** What this version takes of the tenant's storage; versions that jobs still need come on top. */
  bytes: Scalars['Int']['output'];
  /** When it was made. */
  createdAt: Scalars['DateTime']['output'];
  /** What it is for; may be empty. */
  description: Scalars['String']['output'];
  /** SHA-256 of the entries, in hexadecimal: equal entries have equal digests. */
  digest: Scalars['String']['output'];
  /** How many entries it has, at most 100,000. */
  entryCount: Scalars['Int']['output'];
  /** Where to fetch its present entries as a file, by GET. Where keys are needed it is signed and opens the file without one for a while. */
  exportUrl: Scalars['String']['output'];
  /** To be named in requests. */
  id: Scalars['ID']['output'];
  /** BCP-47 tags that its entries name; without the entries that hold for every language. */
  languages: Array<Scalars['String']['output']>;
  /** Its name for people; several may have the same. */
  name: Scalars['String']['output'];
  /** When its name, description or entries last changed. */
  updatedAt: Scalars['DateTime']['output'];
  /** Counted from 1; one more each time its entries change, and not when its name does. */
  version: Scalars['Int']['output'];
};


/** How words are said that the service would say otherwise, in a tenant's own list. Requests name the dictionaries that they want. A request keeps the version that was there when it was accepted. Needs `voices:read` or `synthesize`. */
export type DictionaryExportUrlArgs = {
  format: DictionaryFormat;
  language?: InputMaybe<Scalars['String']['input']>;
};

/** How one word or phrase is said. Needs `voices:read` or `synthesize`. */
export type DictionaryEntry = {
  __typename?: 'DictionaryEntry';
  /** What is read in its place; null when `ipa` says how it sounds. */
  alias?: Maybe<Scalars['String']['output']>;
  /** Whether it is only for words in the letter case of the grapheme. */
  caseSensitive: Scalars['Boolean']['output'];
  /** As it is written. */
  grapheme: Scalars['String']['output'];
  /** Its sounds in the International Phonetic Alphabet; null when there is an `alias`. */
  ipa?: Maybe<Scalars['String']['output']>;
  /** BCP-47 tag of the texts it is for; null for texts of any language. */
  language?: Maybe<Scalars['String']['output']>;
};

/** How a word or phrase is said: by an `alias` or by `ipa`, exactly one of them. Its grapheme, language and case rule together tell it from others. */
export type DictionaryEntryInput = {
  /** Words to read in its place, up to 500 characters. They are not looked up again. */
  alias?: InputMaybe<Scalars['String']['input']>;
  /** Whether it is only for words in this letter case; false when left out. */
  caseSensitive?: InputMaybe<Scalars['Boolean']['input']>;
  /** As it is written, 1 to 200 characters. It is found as a whole word; where several fit, the longest wins. */
  grapheme: Scalars['String']['input'];
  /** Its sounds in the International Phonetic Alphabet, up to 200 characters. A symbol that no model can say is refused. */
  ipa?: InputMaybe<Scalars['String']['input']>;
  /** BCP-47 tag of the texts it is for; `en` holds for every English. Left out: for all. */
  language?: InputMaybe<Scalars['String']['input']>;
};

/** How a dictionary is written in a file. */
export type DictionaryFormat =
  /** A table with the columns `grapheme`, `alias`, `ipa`, `language` and `case_sensitive`, named in its first line. */
  | 'CSV'
  /** A lexicon of the W3C's Pronunciation Lexicon Specification 1.0 (XML). */
  | 'PLS';

/** What an import did. Needs `voices:write`. */
export type DictionaryImport = {
  __typename?: 'DictionaryImport';
  /** Entries for words that it did not have. */
  added: Scalars['Int']['output'];
  /** Entries for words that it had and says otherwise now. */
  changed: Scalars['Int']['output'];
  /** The dictionary after it. */
  dictionary: Dictionary;
  /** Entries of the file that did not count because an earlier one is for the same word. */
  doubles: Scalars['Int']['output'];
  /** Entries that went because the file has none for their words. */
  removed: Scalars['Int']['output'];
};

/** How a measure was spread since the node started; estimated from a histogram. Needs `admin`. */
export type Distribution = {
  __typename?: 'Distribution';
  /** How many were measured; a whole number. */
  count: Scalars['Float']['output'];
  /** Half did not exceed it; null before the first. */
  p50?: Maybe<Scalars['Float']['output']>;
  /** 95 of 100 did not exceed it; null before the first. */
  p95?: Maybe<Scalars['Float']['output']>;
  /** 99 of 100 did not exceed it; null before the first. */
  p99?: Maybe<Scalars['Float']['output']>;
};

/** What becomes of emoji. */
export type Emoji =
  /** They are not spoken. */
  | 'DROP'
  /** They are spoken by their names. */
  | 'SPEAK';

/** A voice that is made from a sample. It can be used from the moment it is READY, while the job still refines it. Cancelling the job then keeps the voice as good as it has become. Needs `synthesize` or `voices:write`. */
export type EnrolmentJob = Job & {
  __typename?: 'EnrolmentJob';
  /** How often a worker has begun it. */
  attempts: Scalars['Int']['output'];
  /** When it was accepted. */
  createdAt: Scalars['DateTime']['output'];
  /** Why it failed, or why its latest attempt did while another is due; null otherwise. */
  error?: Maybe<JobError>;
  /** About how many seconds from now it will have ended, from what jobs have taken here before and from what is ahead of it; more when other work comes. Null when it is final. */
  estimatedSeconds?: Maybe<Scalars['Float']['output']>;
  /** How many sentences have been spoken to compare the voice with its sample. */
  evaluations: Scalars['Int']['output'];
  /** When it became final; null before. */
  finishedAt?: Maybe<Scalars['DateTime']['output']>;
  /** The job's id; also the name of its audio under `/audio/`. */
  id: Scalars['ID']['output'];
  /** What kind of work it is: SYNTHESIS, VOICE_PREVIEW or ENROLMENT. */
  kind: Scalars['String']['output'];
  /** After this many failed attempts it is FAILED. */
  maxAttempts: Scalars['Int']['output'];
  /** How urgently it is wanted. */
  priority: JobPriority;
  /** How much of the work is done, 0 to 1. */
  progress: Scalars['Float']['output'];
  /** What was measured on the sample; null until it has been. */
  quality?: Maybe<VoiceQuality>;
  /** Its place among the jobs that wait like it, those of other tenants included: 1 is the next. Short, long and batch jobs wait apart, for none takes the place of another. Null unless it is QUEUED. */
  queuePosition?: Maybe<Scalars['Int']['output']>;
  /** How close the voice has become so far; null before it can be used. */
  similarity?: Maybe<VoiceSimilarity>;
  /** What is being done now. */
  stage: JobStage;
  /** When a worker first began it; null while it has only waited. */
  startedAt?: Maybe<Scalars['DateTime']['output']>;
  /** Where it stands. */
  status: JobStatus;
  /** The voice; null when it has been deleted since. */
  voice?: Maybe<Voice>;
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
  /** A page of another site may have sent this; it needs a header that such a page cannot set. */
  | 'CROSS_SITE_REQUEST'
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
  /** A signed address is past its end; ask for what it belongs to again, for a fresh one. */
  | 'LINK_EXPIRED'
  /** A model file is missing, damaged or could not be loaded. */
  | 'MODEL_UNAVAILABLE'
  /** Nothing with this id exists, or it is not visible to the caller. */
  | 'NOT_FOUND'
  /** The operator has switched introspection off, or admits only operations of a fixed list. */
  | 'OPERATION_NOT_ALLOWED'
  /** The document is deeper, costlier or longer, or holds more aliases or directives, than is allowed. */
  | 'QUERY_TOO_COMPLEX'
  /** The queue has reached its limit; try again after `retryAfterSeconds`. */
  | 'QUEUE_FULL'
  /** What the key may use up is used up; the error names the quota and when it starts afresh. */
  | 'QUOTA_EXCEEDED'
  /** More requests came from this key or address than a minute allows; see `retryAfterSeconds`. */
  | 'RATE_LIMITED'
  /** The body of the request is larger than is read here. */
  | 'REQUEST_TOO_LARGE'
  /** A resource the service needs, such as its database, is not answering. */
  | 'SERVICE_UNAVAILABLE'
  /** As many connections are open, from this address or in all, as the operator allows. */
  | 'TOO_MANY_CONNECTIONS'
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

/** Errors in answers of the node. Needs `admin`. */
export type ErrorCount = {
  __typename?: 'ErrorCount';
  /** Their code. */
  code: Scalars['String']['output'];
  /** How many; a whole number. */
  count: Scalars['Float']['output'];
};

/** How much later than asked the node ran its timers, over the last 15 seconds. Needs a key. */
export type EventLoopDelay = {
  __typename?: 'EventLoopDelay';
  /** At most. */
  maxSeconds: Scalars['Float']['output'];
  /** On average. */
  meanSeconds: Scalars['Float']['output'];
  /** At most, in 99 of 100 cases. */
  p99Seconds: Scalars['Float']['output'];
};

/** Where the file is, or why there is none. */
export type ExportVoiceResult = ConflictError | NotFoundError | VoiceExport;

/** A graphics processor, as the NVIDIA driver reports it. Needs a key. */
export type Gpu = {
  __typename?: 'Gpu';
  /** Version of the driver. */
  driverVersion: Scalars['String']['output'];
  /** Its number on the machine, from 0. */
  index: Scalars['Int']['output'];
  /** Memory it has, in bytes. */
  memoryTotalBytes: Scalars['Float']['output'];
  /** Memory that is in use, in bytes. */
  memoryUsedBytes: Scalars['Float']['output'];
  /** What it is. */
  name: Scalars['String']['output'];
  /** Its temperature; null where the driver does not tell. */
  temperatureCelsius?: Maybe<Scalars['Float']['output']>;
  /** Share of time in which it computes, 0 to 1; null where the driver does not tell. */
  utilisation?: Maybe<Scalars['Float']['output']>;
};

/** How the service is, seen from the node that answers. Needs a key. */
export type Health = {
  __typename?: 'Health';
  /** When it was looked at. */
  checkedAt: Scalars['DateTime']['output'];
  /** What was looked at, one by one. */
  checks: Array<HealthCheck>;
  /** Processors of this node. */
  cpu: CpuHealth;
  /** Whether this node's process gets to its work in time. */
  eventLoop: EventLoopDelay;
  /** What the first worker computes on; null while no worker is alive. See `workers` for each and why. */
  executionProvider?: Maybe<Scalars['String']['output']>;
  /** Bytes left for audio; null where the store sets no bound. */
  freeDiskBytes?: Maybe<Scalars['Float']['output']>;
  /** Why there is none: `none`, or what keeps the driver from answering; null when there is one. */
  gpuReason?: Maybe<Scalars['String']['output']>;
  /** Graphics processors of this node's machine; those of others are under `workers`. */
  gpus: Array<Gpu>;
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
  /** What was looked at: database, queue, workers (alive), consuming (they take jobs), models, storage, memory, eventLoop or gpu. */
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

/** One of the voices that are heard in a sample. Needs `voices:read`. */
export type HeardSpeaker = {
  __typename?: 'HeardSpeaker';
  /** For how long it is heard, roughly. */
  seconds: Scalars['Float']['output'];
  /** Where it is heard, to the half second or so, in order. */
  spans: Array<TimeSpan>;
};

/** A file of entries for a dictionary that is there. */
export type ImportDictionaryInput = {
  /** The case rule of entries that state none; false when left out. */
  caseSensitive?: InputMaybe<Scalars['Boolean']['input']>;
  /** `version` as it was read. When the entries have changed since, nothing is done and the answer is a ConflictError. */
  expectedVersion?: InputMaybe<Scalars['Int']['input']>;
  /** A lexicon (PLS 1.0) or a table (CSV), in UTF-8 or UTF-16, sent as other uploads are. All of it counts, or nothing. */
  file: Scalars['Upload']['input'];
  /** What the file is; told by its content when left out. */
  format?: InputMaybe<DictionaryFormat>;
  /** The dictionary's id. */
  id: Scalars['ID']['input'];
  /** The language of entries that state none; left out, they hold for every language. */
  language?: InputMaybe<Scalars['String']['input']>;
  /** Whether the file takes the place of all entries. Else it adds to them, and counts where both have a word. */
  replace?: InputMaybe<Scalars['Boolean']['input']>;
};

/** What was taken in, or why nothing was. */
export type ImportDictionaryResult = ConflictError | DictionaryImport | InvalidInputError | NotFoundError | QuotaExceededError | UploadFailedError | UploadTooLargeError;

/** A voice that was exported. */
export type ImportVoiceInput = {
  /** What gives the right to use this voice here. Without it the file is refused. The consent record in the file is kept beside it. */
  consent?: InputMaybe<VoiceConsentInput>;
  /** The file that `exportVoice` gave. */
  file: Scalars['Upload']['input'];
  /** Its name here, 1 to 100 characters; the one in the file when left out. */
  name?: InputMaybe<Scalars['String']['input']>;
};

/** The voice, or why the file was refused. */
export type ImportVoiceResult = InvalidInputError | QuotaExceededError | UnsupportedAudioError | UploadFailedError | UploadTooLargeError | Voice;

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

/** A new key with its secret. Needs `admin`. */
export type IssuedApiKey = {
  __typename?: 'IssuedApiKey';
  /** The key as it is stored. */
  key: ApiKey;
  /** What its holder sends. Keep it now: nobody can show it again. */
  secret: Scalars['String']['output'];
};

/** Work that is done in the background. Accepted work is never lost: it survives restarts. Needs `synthesize` or `voices:write`. */
export type Job = {
  /** How often a worker has begun it. */
  attempts: Scalars['Int']['output'];
  /** When it was accepted. */
  createdAt: Scalars['DateTime']['output'];
  /** Why it failed, or why its latest attempt did while another is due; null otherwise. */
  error?: Maybe<JobError>;
  /** About how many seconds from now it will have ended, from what jobs have taken here before and from what is ahead of it; more when other work comes. Null when it is final. */
  estimatedSeconds?: Maybe<Scalars['Float']['output']>;
  /** When it became final; null before. */
  finishedAt?: Maybe<Scalars['DateTime']['output']>;
  /** The job's id; also the name of its audio under `/audio/`. */
  id: Scalars['ID']['output'];
  /** What kind of work it is: SYNTHESIS, VOICE_PREVIEW or ENROLMENT. */
  kind: Scalars['String']['output'];
  /** After this many failed attempts it is FAILED. */
  maxAttempts: Scalars['Int']['output'];
  /** How urgently it is wanted. */
  priority: JobPriority;
  /** How much of the work is done, 0 to 1. */
  progress: Scalars['Float']['output'];
  /** Its place among the jobs that wait like it, those of other tenants included: 1 is the next. Short, long and batch jobs wait apart, for none takes the place of another. Null unless it is QUEUED. */
  queuePosition?: Maybe<Scalars['Int']['output']>;
  /** What is being done now. */
  stage: JobStage;
  /** When a worker first began it; null while it has only waited. */
  startedAt?: Maybe<Scalars['DateTime']['output']>;
  /** Where it stands. */
  status: JobStatus;
};

/** Attempts at jobs that ended on the node. Needs `admin`. */
export type JobCount = {
  __typename?: 'JobCount';
  /** How many; a whole number. */
  count: Scalars['Float']['output'];
  /** The kind of job. */
  kind: Scalars['String']['output'];
  /** succeeded, failed, retrying, lost (cancelled, or taken over) or handed_back. */
  outcome: Scalars['String']['output'];
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

/** How urgently a job is wanted. */
export type JobPriority =
  /** Nobody waits for it: interactive work goes first. It has an eighth of the machine all the same, and all of it when nothing else is to be done. */
  | 'BATCH'
  /** Somebody waits for it. Its first sound goes ahead of everything. */
  | 'INTERACTIVE';

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
  /** The engines that speak it, the best first. */
  engines: Array<Scalars['String']['output']>;
  /** Its English name. */
  name: Scalars['String']['output'];
  /** Its name in itself; in English where Unicode's tables have none. */
  nativeName: Scalars['String']['output'];
  /** How well it is spoken at best, with what is installed on the node that answers. */
  tier: LanguageTier;
  /** Every way in which it can be spoken, best first. */
  tiers: Array<LanguageTierInfo>;
  /** How many usable voices have it as their own language. */
  voiceCount: Scalars['Int']['output'];
};

/** How well a language is spoken, best first. */
export type LanguageTier =
  /** By Kokoro, which was not trained on it, from its sounds: understandable, and with a foreign accent. */
  | 'ADAPTED'
  /** By espeak-ng's own formant voice: understandable, and mechanical. */
  | 'BASIC'
  /** Kokoro was trained on it, with voices of native speakers. */
  | 'NATIVE'
  /** By a Piper voice: a small network that was trained on one native speaker or a few of them. */
  | 'VOICE';

/** One of the ways in which a language is spoken. Needs a key. */
export type LanguageTierInfo = {
  __typename?: 'LanguageTierInfo';
  /** The engine that speaks it so. */
  engine: Scalars['String']['output'];
  /** Whether it can be spoken so at once. False for a Piper language whose voices have not been fetched yet: the first request for one of them does that, and so does `speaker models pull`. */
  installed: Scalars['Boolean']['output'];
  /** How well. */
  tier: LanguageTier;
  /** How many usable voices speak it so: for ADAPTED all of Kokoro's, else those whose own it is. */
  voiceCount: Scalars['Int']['output'];
};

/** How long synthesis jobs took that were accepted in a range of time and succeeded. Needs a key. */
export type LatencyReport = {
  __typename?: 'LatencyReport';
  /** How many there are. */
  jobs: Scalars['Int']['output'];
  /** From then until they had succeeded, with all attempts. */
  processing: Percentiles;
  /** From their place in the queue until a worker began. */
  queueWait: Percentiles;
  /** Both together. */
  total: Percentiles;
};

/** How listeners would rate the sound from 1 (bad) to 5 (excellent), estimated by DNSMOS. Needs `voices:read`. */
export type ListeningScore = {
  __typename?: 'ListeningScore';
  /** How little the background disturbs (P.835). */
  background: Scalars['Float']['output'];
  /** The sound as a whole (ITU-T P.835). */
  overall: Scalars['Float']['output'];
  /** The sound as a whole in a crowd test (ITU-T P.808). */
  p808: Scalars['Float']['output'];
  /** The speech alone (P.835). */
  signal: Scalars['Float']['output'];
};

/** Memory of the node that answers, in bytes. Needs a key. */
export type MemoryHealth = {
  __typename?: 'MemoryHealth';
  /** What this process may still have, by the machine or by its container. */
  availableBytes: Scalars['Float']['output'];
  /** What nobody uses. */
  freeBytes: Scalars['Float']['output'];
  /** What this process holds, without its pool. */
  residentBytes: Scalars['Float']['output'];
  /** What the machine has. */
  totalBytes: Scalars['Float']['output'];
};

/** What one node measures: the numbers of its `/metrics`. Counts and distributions begin with the node's start. Needs `admin`. */
export type Metrics = {
  __typename?: 'Metrics';
  /** When it was measured. */
  at: Scalars['DateTime']['output'];
  /** Audio of finished synthesis jobs. */
  audioSeconds: Scalars['Float']['output'];
  /** Characters of finished synthesis jobs. */
  characters: Scalars['Float']['output'];
  /** Cores that the node's main process used since the sample before; its pool is not part of it. */
  cpuRatio: Scalars['Float']['output'];
  /** Delay of the event loop. */
  eventLoop: EventLoopDelay;
  /** Time to first audio: from a job's place in the queue until its first utterance was spoken. */
  firstAudioSeconds: Distribution;
  /** Bytes left for audio; null where the store sets no bound. */
  freeDiskBytes?: Maybe<Scalars['Float']['output']>;
  /** Graphics processors of the machine. */
  gpus: Array<Gpu>;
  /** Errors of GraphQL by code; typed members of results are not among them. */
  graphqlErrors: Array<ErrorCount>;
  /** Part of it that JavaScript uses. */
  heapUsedBytes: Scalars['Float']['output'];
  /** HTTP requests answered. */
  httpRequests: Scalars['Float']['output'];
  /** Attempts at jobs by kind and outcome. */
  jobs: Array<JobCount>;
  /** Load average of the last minute. */
  loadAverage1m: Scalars['Float']['output'];
  /** What is left of it. */
  memoryAvailableBytes: Scalars['Float']['output'];
  /** Memory of the machine, or what the container may use. */
  memoryTotalBytes: Scalars['Float']['output'];
  /** The node that answers; new at every start. */
  nodeId: Scalars['ID']['output'];
  /** What queries and mutations took. */
  operationSeconds: Distribution;
  /** The inference pool; null on a node that runs no jobs. */
  pool?: Maybe<PoolMetrics>;
  /** What attempts at jobs took. */
  processingSeconds: Distribution;
  /** The job queue of all nodes; null while the database does not answer. */
  queue?: Maybe<QueueHealth>;
  /** From a job's place in the queue to its first attempt. */
  queueWaitSeconds: Distribution;
  /** Compute seconds per second of audio, over the utterances. */
  realTimeFactor: Distribution;
  /** Memory of the main process. */
  residentBytes: Scalars['Float']['output'];
  /** Subscriptions that are open. */
  subscriptionsOpen: Scalars['Int']['output'];
  /** How long the node has been up. */
  uptimeSeconds: Scalars['Float']['output'];
  /** Utterances given to the pool that have ended. */
  utterances: Scalars['Float']['output'];
  /** WebSocket connections that are open. */
  webSocketsOpen: Scalars['Int']['output'];
};

/** Everything that changes something. What a caller can act on comes back as a typed member of the result. */
export type Mutation = {
  __typename?: 'Mutation';
  /** Cancels a job that is QUEUED or RUNNING, at once. Cancelling a cancelled job changes nothing. Needs `synthesize` or `voices:write`. */
  cancelJob: CancelJobResult;
  /** Makes a key; its secret is in the answer and never shown again. The first key closes a service that was open: it must have the scope `admin`, else a ConflictError. Needs `admin`. */
  createApiKey: CreateApiKeyResult;
  /** Makes a pronunciation dictionary of entries, of a file, or empty. Needs `voices:write`. */
  createDictionary: CreateDictionaryResult;
  /** Makes a voice from others, READY at once: its pack is the weighted mean of theirs. It does not change when they do. Deleting a cloned voice deletes the mixes that it is heard in. Needs `voices:write`. */
  createVoiceMix: CreateVoiceMixResult;
  /** Has a short sample of a voice made and stored; follow it with `jobProgress`. Asked again for the same voice as it is, it gives the same job; one that has failed is tried again. Needs `voices:write` or `synthesize`. */
  createVoicePreview: CreateVoicePreviewResult;
  /** Deletes a dictionary. No request can name it from then on; jobs that were accepted with it speak with the version that they have. Deleting it again gives the same answer. Needs `voices:write`. */
  deleteDictionary: DeleteDictionaryResult;
  /** Deletes an own voice at once: sample, embedding, pack, previews, all audio that it speaks in (whose URLs answer 410 from then on), and the mixes that a cloned voice is heard in. Jobs in it that wait or run fail with GONE. Deleting it again gives the same answer. Stock voices refuse. Needs `voices:write`. */
  deleteVoice: DeleteVoiceResult;
  /** Puts an own voice into one file, to be kept or taken to another Speaker. That it was given out is in the audit log. Stock voices refuse. Needs `voices:write`. */
  exportVoice: ExportVoiceResult;
  /** Takes the entries of a file into a dictionary. Sent by the GraphQL multipart request specification. A file with faults is refused whole; the first 50 are told with their lines. Needs `voices:write`. */
  importDictionary: ImportDictionaryResult;
  /** Takes a voice in from the file that `exportVoice` gave, READY at once, under a new id. Sent by the GraphQL multipart request specification. Every length, digest and number of the file is checked first; nothing in it is executed. Needs `voices:write`. */
  importVoice: ImportVoiceResult;
  /** Gives a cloned voice another recording and enrols it anew. A voice that is READY goes on speaking as before until the new one is; the old recording is removed at once. Needs `voices:write`. */
  replaceVoiceSample: ReplaceVoiceSampleResult;
  /** Queues a job again that has FAILED or was CANCELLED, with all its attempts. Needs `synthesize` or `voices:write`. */
  retryJob: RetryJobResult;
  /** Ends a key at once: requests with it are refused, its subscriptions end. Its voices and jobs stay. Revoking a revoked key changes nothing. Needs `admin`. */
  revokeApiKey: RevokeApiKeyResult;
  /** A new key with the name, tenant, scopes, limits and expiry of another, which works on for a while so that its holders can change over. Needs `admin`. */
  rotateApiKey: RotateApiKeyResult;
  /** Has a text spoken. Answers at once with the job; follow it with `jobProgress`. Needs `synthesize`. */
  synthesize: SynthesizeResult;
  /** Changes a dictionary's name or single entries. Changed entries make a new version; jobs that were accepted before keep theirs. Needs `voices:write`. */
  updateDictionary: UpdateDictionaryResult;
  /** Changes the name and other properties of an own voice. Stock voices refuse. Needs `voices:write`. */
  updateVoice: UpdateVoiceResult;
  /** Makes a voice from a recording, sent by the GraphQL multipart request specification. Answers once the recording is checked and stored; the voice is ENROLLING then. Needs `voices:write`. */
  uploadVoice: UploadVoiceResult;
};


/** Everything that changes something. What a caller can act on comes back as a typed member of the result. */
export type MutationCancelJobArgs = {
  id: Scalars['ID']['input'];
};


/** Everything that changes something. What a caller can act on comes back as a typed member of the result. */
export type MutationCreateApiKeyArgs = {
  input: CreateApiKeyInput;
};


/** Everything that changes something. What a caller can act on comes back as a typed member of the result. */
export type MutationCreateDictionaryArgs = {
  input: CreateDictionaryInput;
};


/** Everything that changes something. What a caller can act on comes back as a typed member of the result. */
export type MutationCreateVoiceMixArgs = {
  input: CreateVoiceMixInput;
};


/** Everything that changes something. What a caller can act on comes back as a typed member of the result. */
export type MutationCreateVoicePreviewArgs = {
  language?: InputMaybe<Scalars['String']['input']>;
  voiceId: Scalars['ID']['input'];
};


/** Everything that changes something. What a caller can act on comes back as a typed member of the result. */
export type MutationDeleteDictionaryArgs = {
  id: Scalars['ID']['input'];
};


/** Everything that changes something. What a caller can act on comes back as a typed member of the result. */
export type MutationDeleteVoiceArgs = {
  id: Scalars['ID']['input'];
};


/** Everything that changes something. What a caller can act on comes back as a typed member of the result. */
export type MutationExportVoiceArgs = {
  id: Scalars['ID']['input'];
  includeSample?: Scalars['Boolean']['input'];
};


/** Everything that changes something. What a caller can act on comes back as a typed member of the result. */
export type MutationImportDictionaryArgs = {
  input: ImportDictionaryInput;
};


/** Everything that changes something. What a caller can act on comes back as a typed member of the result. */
export type MutationImportVoiceArgs = {
  input: ImportVoiceInput;
};


/** Everything that changes something. What a caller can act on comes back as a typed member of the result. */
export type MutationReplaceVoiceSampleArgs = {
  input: ReplaceVoiceSampleInput;
};


/** Everything that changes something. What a caller can act on comes back as a typed member of the result. */
export type MutationRetryJobArgs = {
  id: Scalars['ID']['input'];
};


/** Everything that changes something. What a caller can act on comes back as a typed member of the result. */
export type MutationRevokeApiKeyArgs = {
  id: Scalars['ID']['input'];
};


/** Everything that changes something. What a caller can act on comes back as a typed member of the result. */
export type MutationRotateApiKeyArgs = {
  graceSeconds?: Scalars['Int']['input'];
  id: Scalars['ID']['input'];
};


/** Everything that changes something. What a caller can act on comes back as a typed member of the result. */
export type MutationSynthesizeArgs = {
  input: SynthesizeInput;
};


/** Everything that changes something. What a caller can act on comes back as a typed member of the result. */
export type MutationUpdateDictionaryArgs = {
  input: UpdateDictionaryInput;
};


/** Everything that changes something. What a caller can act on comes back as a typed member of the result. */
export type MutationUpdateVoiceArgs = {
  input: UpdateVoiceInput;
};


/** Everything that changes something. What a caller can act on comes back as a typed member of the result. */
export type MutationUploadVoiceArgs = {
  input: UploadVoiceInput;
};

/** A part of a text that is spoken in other words than it is written in. Needs `synthesize`. */
export type Normalization = {
  __typename?: 'Normalization';
  /** Where it ends there: the position behind it. */
  end: Scalars['Int']['output'];
  /** As it is said: "five dollars". May be empty. */
  normalized: Scalars['String']['output'];
  /** Where it ends there: the position behind it. */
  normalizedEnd: Scalars['Int']['output'];
  /** Where that begins in `normalizedText`, in UTF-16 code units. */
  normalizedStart: Scalars['Int']['output'];
  /** Where it begins in the job's `text`, in UTF-16 code units. */
  start: Scalars['Int']['output'];
  /** As it was written, such as "$5". */
  text: Scalars['String']['output'];
};

/** Whether numbers, dates, amounts, abbreviations and signs are put into words. */
export type Normalize =
  /** As a person would read them. */
  | 'AUTO'
  /** The text is spoken as it stands; what has no sound then is left out. */
  | 'OFF';

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

/** What shares of the jobs did not exceed, in seconds; all null when there are no jobs. Needs a key. */
export type Percentiles = {
  __typename?: 'Percentiles';
  /** All of them. */
  max?: Maybe<Scalars['Float']['output']>;
  /** Half of them. */
  p50?: Maybe<Scalars['Float']['output']>;
  /** 90 of 100. */
  p90?: Maybe<Scalars['Float']['output']>;
  /** 95 of 100. */
  p95?: Maybe<Scalars['Float']['output']>;
  /** 99 of 100. */
  p99?: Maybe<Scalars['Float']['output']>;
};

/** How a text would be said. Needs `synthesize`. */
export type Phonemization = {
  __typename?: 'Phonemization';
  /** What becomes of every character of the text, once and in order. */
  coverage: Array<CoverageSpan>;
  /** The dictionaries that it is read with, the first to win first. */
  dictionaries: Array<UsedDictionary>;
  /** Kinds of characters that have no sound and are left out, such as `emoji`. */
  dropped: Array<PhonemizeCount>;
  /** The languages that it is read as, the one of most of it first. */
  languages: Array<Language>;
  /** Phonemes that the voice has no symbol for, not even a near one. */
  unknownPhonemes: Array<PhonemizeCount>;
  /** What would be spoken, in order; empty when nothing of the text can be. */
  utterances: Array<PhonemizedUtterance>;
};

/** Something that a text holds, and how often. Needs `synthesize`. */
export type PhonemizeCount = {
  __typename?: 'PhonemizeCount';
  /** How often. */
  count: Scalars['Int']['output'];
  /** What it is. */
  name: Scalars['String']['output'];
};

/** How the text would be said, or why it would be refused. */
export type PhonemizeResult = InvalidInputError | Phonemization;

/** A stretch of a text that would be spoken in one go: a sentence, or a clause of a long one. Needs `synthesize`. */
export type PhonemizedUtterance = {
  __typename?: 'PhonemizedUtterance';
  /** Where it ends there: the position behind it. */
  end: Scalars['Int']['output'];
  /** Its position, from 0. */
  index: Scalars['Int']['output'];
  /** The same in the International Phonetic Alphabet; null for voices that read letters. */
  ipa?: Maybe<Scalars['String']['output']>;
  /** What it is read as; of most of it where it mixes languages. */
  language: Language;
  /** Where that differs from the text, in the order of speech. */
  normalization: Array<Normalization>;
  /** What is said, in words. */
  normalizedText: Scalars['String']['output'];
  /** Silence behind it; 0 for the last. */
  pauseAfterSeconds: Scalars['Float']['output'];
  /** Its sounds in the symbols of the voice: those of Kokoro, IPA, or letters. */
  phonemes: Scalars['String']['output'];
  /** Where it begins in the text, in UTF-16 code units. */
  start: Scalars['Int']['output'];
  /** As it was sent. */
  text: Scalars['String']['output'];
  /** The voice that would speak it, as it was asked for or chosen. */
  voiceReference: Scalars['String']['output'];
  /** Its words in the order of speech. */
  words: Array<PhonemizedWord>;
};

/** A word of a text and how it would sound. Needs `synthesize`. */
export type PhonemizedWord = {
  __typename?: 'PhonemizedWord';
  /** Where it ends there: the position behind it. */
  end: Scalars['Int']['output'];
  /** The same in the International Phonetic Alphabet; null for voices that read letters. */
  ipa?: Maybe<Scalars['String']['output']>;
  /** Its part of the utterance's `phonemes`. */
  phonemes: Scalars['String']['output'];
  /** Where it begins in the text, in UTF-16 code units. */
  start: Scalars['Int']['output'];
  /** As it was sent. */
  text: Scalars['String']['output'];
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

/** The inference pool of the node. Needs `admin`. */
export type PoolMetrics = {
  __typename?: 'PoolMetrics';
  /** Those that compute. */
  busyMembers: Scalars['Int']['output'];
  /** Utterances that may wait. */
  limit: Scalars['Int']['output'];
  /** Processes it has. */
  members: Scalars['Int']['output'];
  /** What the slowest member took from its start until its model was warm; null before. */
  modelLoadSeconds?: Maybe<Scalars['Float']['output']>;
  /** Utterances that wait for a member. */
  queued: Scalars['Int']['output'];
  /** Those that wait for work. */
  readyMembers: Scalars['Int']['output'];
  /** Compute seconds per second of audio over about the last ten utterances; null before. */
  realTimeFactor?: Maybe<Scalars['Float']['output']>;
  /** Memory of all members, in bytes. */
  residentBytes: Scalars['Float']['output'];
  /** Members that were replaced since the node started. */
  restarts: Scalars['Int']['output'];
  /** idle, starting, ready, unavailable or closed. */
  state: Scalars['String']['output'];
};

/** How good a voice a sample can make. */
export type QualityRating =
  /** Nothing stands in the way of a close and clean voice. */
  | 'EXCELLENT'
  /** The voice will be further from its sample; better to record again. */
  | 'FAIR'
  /** Good enough; the advice says what would make it better. */
  | 'GOOD'
  /** The voice will hardly be recognised; record again. */
  | 'POOR';

/** Everything that can be read. Nothing here changes anything. */
export type Query = {
  __typename?: 'Query';
  /** The managed keys of all tenants, newest first, revoked and expired ones too; the newest 1000. Keys of the environment are not among them. Needs `admin`. */
  apiKeys: Array<ApiKey>;
  /** Who did what, newest first. Needs `audit:read`. */
  auditLog: QueryAuditLogConnection;
  /** The tenant's pronunciation dictionaries by name. Needs `voices:read` or `synthesize`. */
  dictionaries: QueryDictionariesConnection;
  /** One of the tenant's pronunciation dictionaries; null when there is none with this id. Needs `voices:read` or `synthesize`. */
  dictionary?: Maybe<Dictionary>;
  /** The entries of a dictionary by their words, as they are now; null when there is no dictionary with this id. Needs `voices:read` or `synthesize`. */
  dictionaryEntries?: Maybe<QueryDictionaryEntriesConnection>;
  /** Looks at everything the service depends on, now. Needs a key. */
  health: Health;
  /** One job; null when the caller has none with this id. Needs `synthesize` or `voices:write`. */
  job?: Maybe<Job>;
  /** The jobs of the caller's tenant, newest first. Needs `synthesize` or `voices:write`. */
  jobs: QueryJobsConnection;
  /** The language that serves a tag best: itself, or its nearest accent (`es-ES` is `es`, `en-AU` is `en-GB`); null when this service does not speak it. Needs a key. */
  language?: Maybe<Language>;
  /** Every language that this service speaks now: Kokoro's own, then the others in the order of their tags. Needs a key. */
  languages: Array<Language>;
  /** How long synthesis jobs took, from the jobs that are kept. Needs a key. */
  latency: LatencyReport;
  /** What the node that answers measures, now. Needs `admin`. */
  metrics: Metrics;
  /** Shows how a text would be said, and speaks nothing: its sentences, words and sounds, what it is put into, what is left out. A `synthesize` with the same input says the same. Any node that answers does it, without a worker. Needs `synthesize`. */
  phonemize: PhonemizeResult;
  /** What this service is and accepts. Open to anyone. */
  serverInfo: ServerInfo;
  /** What was used, counted as jobs end. It outlives jobs, keys and voices. Needs a key. */
  usage: Array<UsageBucket>;
  /** Who asks: name, tenant, scopes and limits of the key that was sent. Open to anyone. */
  viewer: Viewer;
  /** One voice; null when there is none with this id that the caller may see. Needs `voices:read`. */
  voice?: Maybe<Voice>;
  /** The voices that the caller may use: the stock voices and its own. Needs `voices:read`. */
  voices: QueryVoicesConnection;
};


/** Everything that can be read. Nothing here changes anything. */
export type QueryAuditLogArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<AuditFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
};


/** Everything that can be read. Nothing here changes anything. */
export type QueryDictionariesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  text?: InputMaybe<Scalars['String']['input']>;
};


/** Everything that can be read. Nothing here changes anything. */
export type QueryDictionaryArgs = {
  id: Scalars['ID']['input'];
};


/** Everything that can be read. Nothing here changes anything. */
export type QueryDictionaryEntriesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  dictionaryId: Scalars['ID']['input'];
  first?: InputMaybe<Scalars['Int']['input']>;
  language?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  text?: InputMaybe<Scalars['String']['input']>;
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
export type QueryLatencyArgs = {
  from?: InputMaybe<Scalars['DateTime']['input']>;
  tenant?: InputMaybe<Scalars['String']['input']>;
  to?: InputMaybe<Scalars['DateTime']['input']>;
};


/** Everything that can be read. Nothing here changes anything. */
export type QueryPhonemizeArgs = {
  dictionaryIds?: InputMaybe<Array<Scalars['ID']['input']>>;
  emoji?: InputMaybe<Emoji>;
  language?: InputMaybe<Scalars['String']['input']>;
  normalize?: InputMaybe<Normalize>;
  text: Scalars['String']['input'];
  textFormat?: InputMaybe<TextFormat>;
  voiceId?: InputMaybe<Scalars['ID']['input']>;
};


/** Everything that can be read. Nothing here changes anything. */
export type QueryUsageArgs = {
  from?: InputMaybe<Scalars['DateTime']['input']>;
  groupBy?: InputMaybe<UsageGroup>;
  tenant?: InputMaybe<Scalars['String']['input']>;
  to?: InputMaybe<Scalars['DateTime']['input']>;
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

/** One page of audit entries. Open to anyone. */
export type QueryAuditLogConnection = {
  __typename?: 'QueryAuditLogConnection';
  /** The items of this page with their cursors. */
  edges: Array<QueryAuditLogConnectionEdge>;
  /** Where this page lies in the list. */
  pageInfo: PageInfo;
  /** How many entries match, on all pages together. */
  totalCount: Scalars['Int']['output'];
};

/** An audit entry in a list. Open to anyone. */
export type QueryAuditLogConnectionEdge = {
  __typename?: 'QueryAuditLogConnectionEdge';
  /** Opaque position of this edge in the list. */
  cursor: Scalars['String']['output'];
  /** The item itself. */
  node: AuditEntry;
};

/** One page of dictionaries. Open to anyone. */
export type QueryDictionariesConnection = {
  __typename?: 'QueryDictionariesConnection';
  /** The items of this page with their cursors. */
  edges: Array<QueryDictionariesConnectionEdge>;
  /** Where this page lies in the list. */
  pageInfo: PageInfo;
  /** How many dictionaries match, on all pages together. */
  totalCount: Scalars['Int']['output'];
};

/** A dictionary in a list. Open to anyone. */
export type QueryDictionariesConnectionEdge = {
  __typename?: 'QueryDictionariesConnectionEdge';
  /** Opaque position of this edge in the list. */
  cursor: Scalars['String']['output'];
  /** The item itself. */
  node: Dictionary;
};

/** One page of a dictionary's entries. Open to anyone. */
export type QueryDictionaryEntriesConnection = {
  __typename?: 'QueryDictionaryEntriesConnection';
  /** The items of this page with their cursors. */
  edges: Array<QueryDictionaryEntriesConnectionEdge>;
  /** Where this page lies in the list. */
  pageInfo: PageInfo;
  /** How many entries match, on all pages together. */
  totalCount: Scalars['Int']['output'];
};

/** An entry in a list. Open to anyone. */
export type QueryDictionaryEntriesConnectionEdge = {
  __typename?: 'QueryDictionaryEntriesConnectionEdge';
  /** Opaque position of this edge in the list. */
  cursor: Scalars['String']['output'];
  /** The item itself. */
  node: DictionaryEntry;
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

/** What a key, or a tenant, may use up. Days and months are those of UTC. */
export type Quota =
  /** Seconds of audio made, a day. */
  | 'AUDIO_SECONDS_PER_DAY'
  /** Seconds of audio made, a month. */
  | 'AUDIO_SECONDS_PER_MONTH'
  /** Characters of texts to be spoken, a day. */
  | 'CHARACTERS_PER_DAY'
  /** Characters of texts to be spoken, a month. */
  | 'CHARACTERS_PER_MONTH'
  /** Jobs that wait or run at the same time. */
  | 'CONCURRENT_JOBS'
  /** Pronunciation dictionaries that the tenant has. */
  | 'DICTIONARIES'
  /** Bytes of stored audio, samples and dictionaries that the tenant has. */
  | 'STORAGE_BYTES'
  /** Voices of its own that the tenant has. */
  | 'VOICES';

/** A quota of the key has no room for this. Nothing was stored. */
export type QuotaExceededError = Error & {
  __typename?: 'QuotaExceededError';
  /** What went wrong, for programs. */
  code: ErrorCode;
  /** How much it allows. */
  limit: Scalars['Float']['output'];
  /** What went wrong and what to do, in English, for people. */
  message: Scalars['String']['output'];
  /** Which one. */
  quota: Quota;
  /** How much is left. */
  remaining: Scalars['Float']['output'];
  /** The request's id, as in the `X-Request-Id` header and in the service's log. */
  requestId: Scalars['String']['output'];
  /** When it starts afresh; null for quotas that are freed by jobs that end and things that are deleted. */
  resetsAt?: Maybe<Scalars['DateTime']['output']>;
  /** When it went wrong. */
  timestamp: Scalars['DateTime']['output'];
  /** How much is used up, also by jobs that still wait or run. */
  used: Scalars['Float']['output'];
};

/** An execution provider that was tried and cannot be used. Needs a key. */
export type RefusedExecutionProvider = {
  __typename?: 'RefusedExecutionProvider';
  /** Its name: cuda, webgpu or cpu. */
  provider: Scalars['String']['output'];
  /** Why it cannot be used on this machine. */
  reason: Scalars['String']['output'];
};

/** An entry that goes, by what tells it from others. */
export type RemovedDictionaryEntryInput = {
  /** Its case rule; false when left out. */
  caseSensitive?: InputMaybe<Scalars['Boolean']['input']>;
  /** Its grapheme. */
  grapheme: Scalars['String']['input'];
  /** Its language; left out for one that holds for every language. */
  language?: InputMaybe<Scalars['String']['input']>;
};

/** Another recording for a cloned voice. */
export type ReplaceVoiceSampleInput = {
  /** What gives the right to use this recording. Without it the upload is refused. */
  consent?: InputMaybe<VoiceConsentInput>;
  /** A recording of one person, 3 s to 5 min of sound: WAV, MP3, FLAC, M4A (AAC), Ogg (Opus, Vorbis) or WebM (Opus). What it is is told by its content. */
  file: Scalars['Upload']['input'];
  /** The voice's id. */
  id: Scalars['ID']['input'];
};

/** The voice, which is enrolled anew, or why it is not. */
export type ReplaceVoiceSampleResult = ConflictError | InvalidInputError | NotFoundError | QueueFullError | QuotaExceededError | UnsupportedAudioError | UploadFailedError | UploadTooLargeError | Voice;

/** The job, queued again, or why it was not. */
export type RetryJobResult = ConflictError | EnrolmentJob | NotFoundError | QueueFullError | QuotaExceededError | SynthesisJob | VoicePreviewJob;

/** The revoked key, or why it was not revoked. */
export type RevokeApiKeyResult = ApiKey | NotFoundError;

/** The new key with its secret, or why there is none. */
export type RotateApiKeyResult = ConflictError | InvalidInputError | IssuedApiKey | NotFoundError;

/** What a key may be allowed to do. */
export type Scope =
  /** `admin`: everything, including keys and the operator's view. */
  | 'ADMIN'
  /** `audit:read`: read the audit log. */
  | 'AUDIT_READ'
  /** `synthesize`: have texts spoken, follow the jobs and fetch their audio. */
  | 'SYNTHESIZE'
  /** `voices:read`: see voices, languages and pronunciation dictionaries. */
  | 'VOICES_READ'
  /** `voices:write`: upload, change, mix and delete voices; change pronunciation dictionaries. */
  | 'VOICES_WRITE';

/** What this service is. Open to anyone. */
export type ServerInfo = {
  __typename?: 'ServerInfo';
  /** Version of this contract; raised when a client that worked could stop working. */
  apiVersion: Scalars['String']['output'];
  /** The engines that speak: Kokoro, Piper and espeak-ng. Needs a key. */
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

/** A place that the text named by `<mark name=…/>`, and when it is reached. Needs `synthesize`. */
export type SpokenMark = {
  __typename?: 'SpokenMark';
  /** Its name; several places may share one. */
  name: Scalars['String']['output'];
  /** Seconds from the start of the audio to the first word behind it. */
  seconds: Scalars['Float']['output'];
};

/** A symbol of the phonemes that the model was given, and when it is heard. Needs `synthesize`. */
export type SpokenPhoneme = {
  __typename?: 'SpokenPhoneme';
  /** When it ends. */
  endSeconds: Scalars['Float']['output'];
  /** Seconds from the start of the audio. At pauses they follow its silences; elsewhere the model's own durations, of 25 ms each. With an engine that tells no durations they are an estimate. */
  startSeconds: Scalars['Float']['output'];
  /** One symbol of the voice's alphabet: IPA, of Kokoro with its own signs; stress marks have a time too. */
  symbol: Scalars['String']['output'];
};

/** A stretch of a job's text that one voice speaks in one language. Needs `synthesize`. */
export type SpokenSegment = {
  __typename?: 'SpokenSegment';
  /** Where it ends there: the position behind it. */
  end: Scalars['Int']['output'];
  /** When its last sound ends. */
  endSeconds: Scalars['Float']['output'];
  /** What it is read as; of most of it where a sentence holds words of others. */
  language: Language;
  /** Where it begins in the job's `text`, in UTF-16 code units. */
  start: Scalars['Int']['output'];
  /** When its first sound is heard. */
  startSeconds: Scalars['Float']['output'];
  /** As it was sent. */
  text: Scalars['String']['output'];
  /** Who speaks it, as it was asked for. */
  voiceReference: Scalars['String']['output'];
};

/** A part of a job's text, and when it is heard. Needs `synthesize`. */
export type SpokenText = {
  __typename?: 'SpokenText';
  /** Where it ends there: the position behind it. */
  end: Scalars['Int']['output'];
  /** When it ends; never after the next one begins. */
  endSeconds: Scalars['Float']['output'];
  /** Where it begins in the job's `text`, in UTF-16 code units. */
  start: Scalars['Int']['output'];
  /** When it begins to be heard. Seconds from the start of the audio. At pauses they follow its silences; elsewhere the model's own durations, of 25 ms each. With an engine that tells no durations they are an estimate. */
  startSeconds: Scalars['Float']['output'];
  /** As it was written: "$5.50" is one word, though several are said. */
  text: Scalars['String']['output'];
};

/** Live views, over WebSocket (graphql-transport-ws) and server-sent events on the same path. */
export type Subscription = {
  __typename?: 'Subscription';
  /** The audio of a synthesis job while it is made, an utterance at a time, from the first one on whenever one subscribes. Chunks are made as the connection takes them. An error ends the stream: the job's own when it fails or is cancelled. An unknown id is an error NOT_FOUND; FLAC cannot be cut and is a CONFLICT. Needs `synthesize`. */
  audioChunks: AudioChunk;
  /** A job as it goes: first its present state, then every change, last its final state; then the stream ends. Subscribing to a job that has ended gives that state and ends. An unknown id is an error NOT_FOUND. Needs `synthesize` or `voices:write`. */
  jobProgress: Job;
  /** What the node that answers measures, the first snapshot at once. All who listen share one sampler; numbers of the database, the disk and GPUs are at most some seconds old. Needs `admin`. */
  metrics: Metrics;
  /** Voices as they change. With an id: first the voice's present state, then every change, until it is deleted; an id that the caller does not see is an error NOT_FOUND. Without: every voice of the caller's as it is made or changed from now on. Being used is no change. Needs `voices:read`. */
  voiceChanged: Voice;
};


/** Live views, over WebSocket (graphql-transport-ws) and server-sent events on the same path. */
export type SubscriptionAudioChunksArgs = {
  fromIndex?: InputMaybe<Scalars['Int']['input']>;
  jobId: Scalars['ID']['input'];
};


/** Live views, over WebSocket (graphql-transport-ws) and server-sent events on the same path. */
export type SubscriptionJobProgressArgs = {
  id: Scalars['ID']['input'];
};


/** Live views, over WebSocket (graphql-transport-ws) and server-sent events on the same path. */
export type SubscriptionMetricsArgs = {
  intervalMs?: InputMaybe<Scalars['Int']['input']>;
};


/** Live views, over WebSocket (graphql-transport-ws) and server-sent events on the same path. */
export type SubscriptionVoiceChangedArgs = {
  id?: InputMaybe<Scalars['ID']['input']>;
};

/** Where to fetch subtitles of the audio by GET, signed like `Audio.url`: cues of at most two lines of 42 columns and seven seconds, which begin with sentences and clauses. Needs `synthesize`. */
export type Subtitles = {
  __typename?: 'Subtitles';
  /** As SubRip. */
  srt: Scalars['String']['output'];
  /** As WebVTT; with `words=1` added to its query each word has a timestamp inside its cue. */
  vtt: Scalars['String']['output'];
};

/** A text that is spoken, or has been. */
export type SynthesisJob = Job & {
  __typename?: 'SynthesisJob';
  /** How often a worker has begun it. */
  attempts: Scalars['Int']['output'];
  /** The result; null before the job has SUCCEEDED. */
  audio?: Maybe<Audio>;
  /** True when an earlier job of the same request has given its audio: this one has SUCCEEDED at once. */
  cached: Scalars['Boolean']['output'];
  /** Length of the text in Unicode code points. */
  characters: Scalars['Int']['output'];
  /** What became of every character of the text, once and in order. While the job runs it is what has been spoken so far. Empty for jobs of before that was written down. */
  coverage: Array<CoverageSpan>;
  /** When it was accepted. */
  createdAt: Scalars['DateTime']['output'];
  /** The dictionaries that its text is read with, in the versions that were there when it was accepted; the first to win first. */
  dictionaries: Array<UsedDictionary>;
  /** Why it failed, or why its latest attempt did while another is due; null otherwise. */
  error?: Maybe<JobError>;
  /** About how many seconds from now it will have ended, from what jobs have taken here before and from what is ahead of it; more when other work comes. Null when it is final. */
  estimatedSeconds?: Maybe<Scalars['Float']['output']>;
  /** When it became final; null before. */
  finishedAt?: Maybe<Scalars['DateTime']['output']>;
  /** The format that was asked for. */
  format: AudioFormat;
  /** The job's id; also the name of its audio under `/audio/`. */
  id: Scalars['ID']['output'];
  /** What kind of work it is: SYNTHESIS, VOICE_PREVIEW or ENROLMENT. */
  kind: Scalars['String']['output'];
  /** The language that was asked for; that of the voice where none was. `languages` has those that were found. */
  language: Language;
  /** The languages that are spoken, the one of most of the text first. While the job runs it is what has been spoken so far. Empty for jobs of before that was written down. */
  languages: Array<Language>;
  /** Places that the text named, in the order in which they are reached. While the job runs it is what has been spoken so far. */
  marks: Array<SpokenMark>;
  /** After this many failed attempts it is FAILED. */
  maxAttempts: Scalars['Int']['output'];
  /** Where that differs from the text, in the order of speech. While the job runs it is what has been spoken so far. Empty for jobs of before that was written down. */
  normalization: Array<Normalization>;
  /** What is said, in words. While the job runs it is what has been spoken so far. Null for jobs of before that was written down. */
  normalizedText?: Maybe<Scalars['String']['output']>;
  /** The sounds of all words, without the marks and pauses between. While the job runs it is what has been spoken so far, and grows at its end only. Empty for jobs of before words were written down. */
  phonemes: Array<SpokenPhoneme>;
  /** How urgently it is wanted. */
  priority: JobPriority;
  /** How much of the work is done, 0 to 1. */
  progress: Scalars['Float']['output'];
  /** Its place among the jobs that wait like it, those of other tenants included: 1 is the next. Short, long and batch jobs wait apart, for none takes the place of another. Null unless it is QUEUED. */
  queuePosition?: Maybe<Scalars['Int']['output']>;
  /** Who speaks what when, in the order of speech. While the job runs it is what has been spoken so far. */
  segments: Array<SpokenSegment>;
  /** The sentences, each from its first word to its last. The last one of a running job ends where its words so far do. While the job runs it is what has been spoken so far, and grows at its end only. Empty for jobs of before words were written down. */
  sentences: Array<SpokenText>;
  /** Pace: 1 is the voice's own, 2 twice as fast. */
  speed: Scalars['Float']['output'];
  /** What is being done now. */
  stage: JobStage;
  /** When a worker first began it; null while it has only waited. */
  startedAt?: Maybe<Scalars['DateTime']['output']>;
  /** Where it stands. */
  status: JobStatus;
  /** Where the audio can be heard by GET while the job is still under way, from its first byte on; once it has SUCCEEDED, the stored file. Signed like `audio.url`. */
  streamUrl: Scalars['String']['output'];
  /** The text as it was sent; of a dialogue its segments, with a line break between each two. */
  text: Scalars['String']['output'];
  /** How many utterances have been spoken. */
  utterancesDone: Scalars['Int']['output'];
  /** How many utterances the text has; null until it has been split. */
  utterancesTotal?: Maybe<Scalars['Int']['output']>;
  /** The voice that speaks; null for an inline mix, for several voices, and when it has been deleted since. */
  voice?: Maybe<Voice>;
  /** The voice as it was asked for: its id, or an inline mix such as `af_heart(2)+af_sky(1)`. */
  voiceReference: Scalars['String']['output'];
  /** All voices that it asks for in the same way: that of the whole first, then the others. */
  voiceReferences: Array<Scalars['String']['output']>;
  /** The words in the order of speech. Marks between words belong to none. While the job runs it is what has been spoken so far, and grows at its end only. Empty for jobs of before words were written down. */
  words: Array<SpokenText>;
};

/** What is to be spoken, and how. */
export type SynthesizeInput = {
  /** Whether what was spoken before may be used: the same request again is answered at once with the same bytes, and sentences that were spoken in another text are not spoken anew. True when left out. False speaks all of it, and nothing of it is used for later requests. */
  cache?: InputMaybe<Scalars['Boolean']['input']>;
  /** Whether the job is cancelled when the client that listens to it while it runs goes away before its end. False when left out. */
  cancelOnDisconnect?: InputMaybe<Scalars['Boolean']['input']>;
  /** Up to 10 pronunciation dictionaries; an earlier one wins over a later one. The job keeps their present versions, whatever becomes of them. */
  dictionaryIds?: InputMaybe<Array<Scalars['ID']['input']>>;
  /** What becomes of emoji; DROP when left out. */
  emoji?: InputMaybe<Emoji>;
  /** The format of the audio; MP3 when left out. */
  format?: InputMaybe<AudioFormat>;
  /** 1 to 255 printable ASCII characters. The same key with the same request gives the job that it gave before; with a different request it is a ConflictError. */
  idempotencyKey?: InputMaybe<Scalars['String']['input']>;
  /** BCP-47 tag of a language that the voice speaks. Left out, that of each sentence is found out by voices that speak several, and others speak their own. */
  language?: InputMaybe<Scalars['String']['input']>;
  /** Integrated loudness that the audio is brought to (EBU R 128), -36 to -9 LUFS: -16 is usual for podcasts, -23 for broadcasts. Left out, as the voice speaks. Listeners to a running job then hear it when it is whole. */
  loudnessLufs?: InputMaybe<Scalars['Float']['input']>;
  /** Whether numbers and signs are put into words; AUTO when left out. */
  normalize?: InputMaybe<Normalize>;
  /** How urgently it is wanted; INTERACTIVE when left out. Ask for BATCH where nobody waits. */
  priority?: InputMaybe<JobPriority>;
  /** Samples a second of the audio: 8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000. Opus has 8000, 12000, 16000, 24000 and 48000 of them. 24000, the engines' own, when left out. */
  sampleRate?: InputMaybe<Scalars['Int']['input']>;
  /** A dialogue in place of `text`: 1 to 1000 parts in the order of speech, up to 20 voices. Together they hold as many characters as a text may. */
  segments?: InputMaybe<Array<SynthesizeSegment>>;
  /** Pace from 0.5 to 2; 1 when left out. */
  speed?: InputMaybe<Scalars['Float']['input']>;
  /** 1 to 50000 characters (Unicode code points), fewer where the operator says so; see `serverInfo.limits`. Markup counts. Needed where there are no `segments`. */
  text?: InputMaybe<Scalars['String']['input']>;
  /** How the text is written; AUTO when left out. */
  textFormat?: InputMaybe<TextFormat>;
  /** The voice, by the `id` that the query `voices` gives, with `#` and the speaker for one of several; or an inline mix with weights, such as `af_heart(2)+af_sky(1)` or `af_heart+af_sky(-0.3)`, which is spoken and not kept. A weight left out is 1; up to 16 parts, weights from -10 to 10 that do not take away more than `createVoiceMix` allows. Left out, a voice of the language. */
  voiceId?: InputMaybe<Scalars['ID']['input']>;
};

/** The accepted job, or why it was not accepted. */
export type SynthesizeResult = ConflictError | InvalidInputError | QueueFullError | QuotaExceededError | SynthesisJob;

/** A part of a dialogue. What is left out is as for the whole. */
export type SynthesizeSegment = {
  /** BCP-47 tag of a language that this voice speaks. */
  language?: InputMaybe<Scalars['String']['input']>;
  /** Pace from 0.5 to 2. */
  speed?: InputMaybe<Scalars['Float']['input']>;
  /** What is spoken, plain or SSML, whole in itself. */
  text: Scalars['String']['input'];
  /** Who speaks it: an id or an inline mix. */
  voiceId?: InputMaybe<Scalars['ID']['input']>;
};

/** How a text is written. */
export type TextFormat =
  /** SSML where it begins with `<speak`, else as PLAIN. */
  | 'AUTO'
  /** As people write: tags of HTML are not spoken, `[pause:1.2s]` and `[word](/IPA/)` are followed. */
  | 'PLAIN'
  /** SSML; a text that is not is refused. Its elements are told in docs/ssml.md. */
  | 'SSML';

/** A stretch of a recording. Needs `voices:read`. */
export type TimeSpan = {
  __typename?: 'TimeSpan';
  /** Where it ends. */
  endSeconds: Scalars['Float']['output'];
  /** Where it begins. */
  startSeconds: Scalars['Float']['output'];
};

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

/** What is to change of a dictionary. What is left out or null stays as it is. */
export type UpdateDictionaryInput = {
  /** Its new description, up to 2,000 characters. */
  description?: InputMaybe<Scalars['String']['input']>;
  /** Entries that are added, or take the place of those for the same words; up to 1,000. */
  entries?: InputMaybe<Array<DictionaryEntryInput>>;
  /** `version` as it was read. When the entries have changed since, nothing is done and the answer is a ConflictError. */
  expectedVersion?: InputMaybe<Scalars['Int']['input']>;
  /** The dictionary's id. */
  id: Scalars['ID']['input'];
  /** Its new name, 1 to 100 characters. */
  name?: InputMaybe<Scalars['String']['input']>;
  /** Entries that go, up to 1,000. Each of them must be there. */
  removeEntries?: InputMaybe<Array<RemovedDictionaryEntryInput>>;
};

/** The changed dictionary, or why it was not changed. */
export type UpdateDictionaryResult = ConflictError | Dictionary | InvalidInputError | NotFoundError | QuotaExceededError;

/** What is to change of a voice. What is left out or null stays as it is. */
export type UpdateVoiceInput = {
  /** Its new description, up to 2,000 characters. */
  description?: InputMaybe<Scalars['String']['input']>;
  /** `updatedAt` as it was read. When the voice has changed since, nothing is done and the answer is a ConflictError. */
  expectedUpdatedAt?: InputMaybe<Scalars['DateTime']['input']>;
  /** How it is heard. */
  gender?: InputMaybe<VoiceGender>;
  /** The voice's id. */
  id: Scalars['ID']['input'];
  /** BCP-47 tag of the language it speaks when a request names none. It sounds as before. */
  language?: InputMaybe<Scalars['String']['input']>;
  /** Its new name, 1 to 100 characters. */
  name?: InputMaybe<Scalars['String']['input']>;
  /** All its labels from now on, up to 20 of 1 to 50 characters. */
  tags?: InputMaybe<Array<Scalars['String']['input']>>;
};

/** The changed voice, or why it was not changed. */
export type UpdateVoiceResult = ConflictError | InvalidInputError | NotFoundError | Voice;

/** The file did not arrive whole. Nothing of it was kept; send it again. */
export type UploadFailedError = Error & {
  __typename?: 'UploadFailedError';
  /** What went wrong, for programs. */
  code: ErrorCode;
  /** What was wrong, for programs. */
  failure: UploadFailure;
  /** What went wrong and what to do, in English, for people. */
  message: Scalars['String']['output'];
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

/** A recording, and what the voice made from it is called. */
export type UploadVoiceInput = {
  /** What gives the right to use the voice. Without it the upload is refused. */
  consent?: InputMaybe<VoiceConsentInput>;
  /** Up to 2,000 characters; empty when left out. */
  description?: InputMaybe<Scalars['String']['input']>;
  /** A recording of one person, 3 s to 5 min of sound: WAV, MP3, FLAC, M4A (AAC), Ogg (Opus, Vorbis) or WebM (Opus). What it is is told by its content. */
  file: Scalars['Upload']['input'];
  /** BCP-47 tag of the language that the voice speaks where none is named; see `languages`. */
  language: Scalars['String']['input'];
  /** Its name for people, 1 to 100 characters. */
  name: Scalars['String']['input'];
  /** Labels to find it by: up to 20 of 1 to 50 characters. */
  tags?: InputMaybe<Array<Scalars['String']['input']>>;
};

/** The voice that is being made, or why it is not. */
export type UploadVoiceResult = InvalidInputError | QueueFullError | QuotaExceededError | UnsupportedAudioError | UploadFailedError | UploadTooLargeError | Voice;

/** What synthesis jobs that have ended used, for one day, key, voice or language. Needs a key. */
export type UsageBucket = {
  __typename?: 'UsageBucket';
  /** Audio of those that succeeded. */
  audioSeconds: Scalars['Float']['output'];
  /** Those that were cancelled. */
  cancelled: Scalars['Int']['output'];
  /** Characters of the texts of those that succeeded; a whole number. */
  characters: Scalars['Float']['output'];
  /** What the engine computed for those that succeeded. */
  computeSeconds: Scalars['Float']['output'];
  /** Those that failed. */
  failed: Scalars['Int']['output'];
  /** Jobs that ended, however they did. */
  jobs: Scalars['Int']['output'];
  /** The day (such as 2026-01-31), the key's id, the voice's id or the language's tag. Empty for keys of the environment and open access, and for voices that were deleted before the job ended. */
  key: Scalars['String']['output'];
  /** The key's name; for other groups the same as `key`. */
  name: Scalars['String']['output'];
  /** Those that succeeded. */
  succeeded: Scalars['Int']['output'];
};

/** What usage is put together by. */
export type UsageGroup =
  /** By day, in UTC, the earliest first. Days without use are left out. */
  | 'DAY'
  /** By key, the most used first. */
  | 'KEY'
  /** By language, the most used first. */
  | 'LANGUAGE'
  /** By voice, the most used first. */
  | 'VOICE';

/** A version of a pronunciation dictionary that a text is read with. Needs `voices:read` or `synthesize`. */
export type UsedDictionary = {
  __typename?: 'UsedDictionary';
  /** SHA-256 of its entries, in hexadecimal. */
  digest: Scalars['String']['output'];
  /** The dictionary's id; it may have been deleted since. */
  id: Scalars['ID']['output'];
  /** The version that is used. */
  version: Scalars['Int']['output'];
};

/** Who the service takes the caller for. Open to anyone. */
export type Viewer = {
  __typename?: 'Viewer';
  /** The managed key; null for keys of the environment and without a key. */
  apiKey?: Maybe<ApiKey>;
  /** What it may use up by its key. */
  limits: ApiKeyLimits;
  /** Name of the key; `anonymous` without one. */
  name: Scalars['String']['output'];
  /** What it may do; empty when a key is needed and none was sent. */
  scopes: Array<Scope>;
  /** Whose voices and jobs it sees and makes. Needs a key. */
  tenant: Scalars['String']['output'];
};

/** A voice that texts can be spoken in. Needs `voices:read`. */
export type Voice = {
  __typename?: 'Voice';
  /** The right to use it, as its uploader stated it; null for voices without a sample. Needs `voices:write`. */
  consent?: Maybe<VoiceConsent>;
  /** When it was made, or first seen by this service. */
  createdAt: Scalars['DateTime']['output'];
  /** What it sounds like and where it comes from; may be empty. */
  description: Scalars['String']['output'];
  /** The engine that speaks it: `kokoro`, `piper` or `espeak`. */
  engine: Scalars['String']['output'];
  /** Its newest enrolment; null for voices that were not made from a sample here. Needs `synthesize` or `voices:write`. */
  enrolment?: Maybe<EnrolmentJob>;
  /** Why it has FAILED; null otherwise. */
  failure?: Maybe<VoiceFailure>;
  /** How it is usually heard. */
  gender: VoiceGender;
  /** The grade A to F that the model's authors gave a stock voice; null where they gave none. */
  grade?: Maybe<Scalars['String']['output']>;
  /** What `synthesize` takes as `voiceId`. Stable for ever. */
  id: Scalars['ID']['output'];
  /** Whether it can speak at once. False for a Piper voice whose weights are not on the node that answers: the first request for it fetches them, and so does `speaker models pull`. */
  installed: Scalars['Boolean']['output'];
  /** Where the voice comes from. */
  kind: VoiceKind;
  /** The language or accent it speaks. */
  language: Language;
  /** Its name for people; several voices may share one. */
  name: Scalars['String']['output'];
  /** What a mixed voice was made of; null for others, and for mixes that were imported. */
  parts?: Maybe<Array<VoiceMixPart>>;
  /** A sample of the voice as it is now; null until `createVoicePreview` has made it, again after the voice has been refined, and for a language that it does not speak. */
  preview?: Maybe<VoicePreview>;
  /** What was measured on its sample; null for voices without one, and until it has been measured. */
  quality?: Maybe<VoiceQuality>;
  /** How close it is to its sample; null for other voices than clones, and before it is READY. */
  similarity?: Maybe<VoiceSimilarity>;
  /** The speakers of a voice that has several: `synthesize` takes one as `<id>#<speaker>`, and the first where none is named. Empty for a voice of one speaker. */
  speakers: Array<Scalars['String']['output']>;
  /** Whether the voice can be used now. */
  status: VoiceStatus;
  /** Free labels to find it by. */
  tags: Array<Scalars['String']['output']>;
  /** How well it speaks its own language. */
  tier: LanguageTier;
  /** When anything of it last changed; being used is no change. */
  updatedAt: Scalars['DateTime']['output'];
  /** What it has been used for since it exists, by finished jobs. */
  usage: VoiceUsage;
};


/** A voice that texts can be spoken in. Needs `voices:read`. */
export type VoicePreviewArgs = {
  language?: InputMaybe<Scalars['String']['input']>;
};

/** The statement that the uploader may use a voice, as it was given with the sample. Needs `voices:write`. */
export type VoiceConsent = {
  __typename?: 'VoiceConsent';
  /** When it was stated. */
  at: Scalars['DateTime']['output'];
  /** Name of the key that stated it. */
  by: Scalars['String']['output'];
  /** What gives the right. */
  kind: ConsentKind;
  /** What was said beside; may be empty. */
  note: Scalars['String']['output'];
};

/** The statement that the uploader may use the voice. It is kept with the voice and in the audit log, with time, address and key. */
export type VoiceConsentInput = {
  /** What gives the right. */
  kind: ConsentKind;
  /** Anything that supports it, up to 2,000 characters. */
  note?: InputMaybe<Scalars['String']['input']>;
};

/** A voice as one file: pack, embedding, consent record and sample under one checksum. `importVoice` takes it in. Needs `voices:write`. */
export type VoiceExport = {
  __typename?: 'VoiceExport';
  /** Size of the file; a whole number. */
  bytes: Scalars['Float']['output'];
  /** SHA-256 of the whole file, in hexadecimal. The same until the voice changes. */
  sha256: Scalars['String']['output'];
  /** Where to fetch it by GET. Where keys are needed it is signed and opens the file without one for a while. */
  url: Scalars['String']['output'];
  /** Whether the recording is in it. */
  withSample: Scalars['Boolean']['output'];
};

/** Why no voice could be made from a sample. Needs `voices:read`. */
export type VoiceFailure = {
  __typename?: 'VoiceFailure';
  /** What went wrong, for programs. */
  code: ErrorCode;
  /** What went wrong and what to do, for people. */
  message: Scalars['String']['output'];
};

/** All conditions given must hold. */
export type VoiceFilter = {
  /** Only voices made later than this. */
  createdAfter?: InputMaybe<Scalars['DateTime']['input']>;
  /** Only voices made earlier than this. */
  createdBefore?: InputMaybe<Scalars['DateTime']['input']>;
  /** Only voices of this engine: `kokoro`, `piper` or `espeak`. */
  engine?: InputMaybe<Scalars['String']['input']>;
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

/** One voice of a mix and how much of it is heard. Needs `voices:read`. */
export type VoiceMixPart = {
  __typename?: 'VoiceMixPart';
  /** The voice as it is now; null when it has been deleted since. The mix does not change with it. */
  voice?: Maybe<Voice>;
  /** Its id when the mix was made. */
  voiceId: Scalars['ID']['output'];
  /** Its weight, relative to the sum of all weights. */
  weight: Scalars['Float']['output'];
};

/** One voice of a mix. */
export type VoiceMixPartInput = {
  /** A voice that is READY: stock, cloned or mixed. */
  voiceId: Scalars['ID']['input'];
  /** How much of it is heard, -10 to 10, not 0. A negative one pushes the mix away from it. */
  weight: Scalars['Float']['input'];
};

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

/** A short stored sample of a voice: one sentence, made once for each language and pack. Needs `voices:read`. */
export type VoicePreview = {
  __typename?: 'VoicePreview';
  /** Size of the file; a whole number. */
  bytes: Scalars['Float']['output'];
  /** Its media type. */
  contentType: Scalars['String']['output'];
  /** When it was made. */
  createdAt: Scalars['DateTime']['output'];
  /** How long it plays. */
  durationSeconds: Scalars['Float']['output'];
  /** The language it is said in. */
  language: Language;
  /** SHA-256 of the file, in hexadecimal. */
  sha256: Scalars['String']['output'];
  /** What is said. */
  text: Scalars['String']['output'];
  /** Where to fetch it by GET: ranges, ETag. Where keys are needed it is signed and opens the preview without one for a while; ask again for a fresh one. */
  url: Scalars['String']['output'];
};

/** The making of a voice's preview. */
export type VoicePreviewJob = Job & {
  __typename?: 'VoicePreviewJob';
  /** How often a worker has begun it. */
  attempts: Scalars['Int']['output'];
  /** When it was accepted. */
  createdAt: Scalars['DateTime']['output'];
  /** Why it failed, or why its latest attempt did while another is due; null otherwise. */
  error?: Maybe<JobError>;
  /** About how many seconds from now it will have ended, from what jobs have taken here before and from what is ahead of it; more when other work comes. Null when it is final. */
  estimatedSeconds?: Maybe<Scalars['Float']['output']>;
  /** When it became final; null before. */
  finishedAt?: Maybe<Scalars['DateTime']['output']>;
  /** The job's id; also the name of its audio under `/audio/`. */
  id: Scalars['ID']['output'];
  /** What kind of work it is: SYNTHESIS, VOICE_PREVIEW or ENROLMENT. */
  kind: Scalars['String']['output'];
  /** The language of the preview. */
  language: Language;
  /** After this many failed attempts it is FAILED. */
  maxAttempts: Scalars['Int']['output'];
  /** How urgently it is wanted. */
  priority: JobPriority;
  /** How much of the work is done, 0 to 1. */
  progress: Scalars['Float']['output'];
  /** Its place among the jobs that wait like it, those of other tenants included: 1 is the next. Short, long and batch jobs wait apart, for none takes the place of another. Null unless it is QUEUED. */
  queuePosition?: Maybe<Scalars['Int']['output']>;
  /** What is being done now. */
  stage: JobStage;
  /** When a worker first began it; null while it has only waited. */
  startedAt?: Maybe<Scalars['DateTime']['output']>;
  /** Where it stands. */
  status: JobStatus;
  /** The voice; null when it has been deleted since. Its `preview` is there once the job has SUCCEEDED. */
  voice?: Maybe<Voice>;
};

/** What was measured on the sample that a voice was made from. Needs `voices:read`. */
export type VoiceQuality = {
  __typename?: 'VoiceQuality';
  /** What would make a better voice, in English, for people; empty when nothing would. */
  advice: Array<Scalars['String']['output']>;
  /** The share of the sample that is cut off at full level, 0 to 1. */
  clippedShare: Scalars['Float']['output'];
  /** How listeners would rate the sound; null until it has been estimated, shortly after the rest. */
  dnsmos?: Maybe<ListeningScore>;
  /** How long the sample is. */
  durationSeconds: Scalars['Float']['output'];
  /** Integrated loudness (ITU-R BS.1770-4); null for silence. */
  loudnessLufs?: Maybe<Scalars['Float']['output']>;
  /** The worst of what the measures say. */
  rating: QualityRating;
  /** How far speech rises above the noise of the pauses, from -10 to 60; null when nobody speaks. Noise that is there only while someone speaks is not seen. */
  signalToNoiseDecibels?: Maybe<Scalars['Float']['output']>;
  /** The voices heard, the one that speaks most first. More than one is a warning. Null until they have been counted, shortly after the rest. */
  speakers?: Maybe<Array<HeardSpeaker>>;
  /** For how long someone speaks in it. */
  speechSeconds: Scalars['Float']['output'];
  /** The share of it that is speech, 0 to 1. */
  speechShare: Scalars['Float']['output'];
};

/** How close what a cloned voice says is to the sample it was made from. Needs `voices:read`. */
export type VoiceSimilarity = {
  __typename?: 'VoiceSimilarity';
  /** Cosine between the speaker embeddings of the two, -1 to 1. */
  cosine: Scalars['Float']['output'];
  /** How it was measured, in English. */
  method: Scalars['String']['output'];
  /** The same on a scale where 0 is a stranger and 1 another recording of the same person; may lie outside. Null while the voice is being refined: it is measured at the end, on texts that the search did not use. */
  normalised?: Maybe<Scalars['Float']['output']>;
};

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
  /** How many jobs of a lane it takes at once; of batch jobs half as many. */
  concurrency: Scalars['Int']['output'];
  /** What it computes on: the first of EXECUTION_PROVIDERS that works there. */
  executionProvider?: Maybe<Scalars['String']['output']>;
  /** Graphics processors of its machine. */
  gpus: Array<Gpu>;
  /** When it was last heard of. */
  heartbeatAt: Scalars['DateTime']['output'];
  /** The machine it runs on. Needs `admin`. */
  hostname: Scalars['String']['output'];
  /** New at every start. */
  id: Scalars['ID']['output'];
  /** When it last looked for jobs; null before the first look. Old while it is alive: it hangs. */
  lastLookAt?: Maybe<Scalars['DateTime']['output']>;
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

export type JobStateFragment = { __typename?: 'SynthesisJob', id: string, status: JobStatus, stage: JobStage, progress: number, attempts: number, utterancesDone: number, utterancesTotal?: number | null, streamUrl: string, error?: { __typename?: 'JobError', code: ErrorCode, message: string } | null, audio?: { __typename?: 'Audio', url: string, format: AudioFormat, contentType: string, durationSeconds: number, sampleRate: number, bytes: number, sha256: string, expired: boolean } | null };

export type SynthesizeMutationVariables = Exact<{
  input: SynthesizeInput;
}>;


export type SynthesizeMutation = { __typename?: 'Mutation', synthesize:
    | { __typename: 'ConflictError', code: ErrorCode, message: string, requestId: string, timestamp: string }
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string, requestId: string, timestamp: string, issues: Array<{ __typename?: 'InputIssue', path: Array<string>, message: string }> }
    | { __typename: 'QueueFullError', code: ErrorCode, message: string, requestId: string, timestamp: string, limit: number, retryAfterSeconds: number }
    | { __typename: 'QuotaExceededError', code: ErrorCode, message: string, requestId: string, timestamp: string }
    | { __typename: 'SynthesisJob', id: string, status: JobStatus, stage: JobStage, progress: number, attempts: number, utterancesDone: number, utterancesTotal?: number | null, streamUrl: string, error?: { __typename?: 'JobError', code: ErrorCode, message: string } | null, audio?: { __typename?: 'Audio', url: string, format: AudioFormat, contentType: string, durationSeconds: number, sampleRate: number, bytes: number, sha256: string, expired: boolean } | null }
   };

export type CancelJobMutationVariables = Exact<{
  id: Scalars['ID']['input'];
}>;


export type CancelJobMutation = { __typename?: 'Mutation', cancelJob:
    | { __typename: 'ConflictError', code: ErrorCode, message: string }
    | { __typename: 'EnrolmentJob' }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'SynthesisJob', id: string, status: JobStatus, stage: JobStage, progress: number, attempts: number, utterancesDone: number, utterancesTotal?: number | null, streamUrl: string, error?: { __typename?: 'JobError', code: ErrorCode, message: string } | null, audio?: { __typename?: 'Audio', url: string, format: AudioFormat, contentType: string, durationSeconds: number, sampleRate: number, bytes: number, sha256: string, expired: boolean } | null }
    | { __typename: 'VoicePreviewJob' }
   };

export type RetryJobMutationVariables = Exact<{
  id: Scalars['ID']['input'];
}>;


export type RetryJobMutation = { __typename?: 'Mutation', retryJob:
    | { __typename: 'ConflictError', code: ErrorCode, message: string }
    | { __typename: 'EnrolmentJob' }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'QueueFullError', code: ErrorCode, message: string }
    | { __typename: 'QuotaExceededError', code: ErrorCode, message: string }
    | { __typename: 'SynthesisJob', id: string, status: JobStatus, stage: JobStage, progress: number, attempts: number, utterancesDone: number, utterancesTotal?: number | null, streamUrl: string, error?: { __typename?: 'JobError', code: ErrorCode, message: string } | null, audio?: { __typename?: 'Audio', url: string, format: AudioFormat, contentType: string, durationSeconds: number, sampleRate: number, bytes: number, sha256: string, expired: boolean } | null }
    | { __typename: 'VoicePreviewJob' }
   };

export type JobProgressSubscriptionVariables = Exact<{
  id: Scalars['ID']['input'];
}>;


export type JobProgressSubscription = { __typename?: 'Subscription', jobProgress:
    | { __typename: 'EnrolmentJob', id: string, status: JobStatus, stage: JobStage, progress: number, error?: { __typename?: 'JobError', code: ErrorCode, message: string } | null }
    | { __typename: 'SynthesisJob', id: string, status: JobStatus, stage: JobStage, progress: number, attempts: number, utterancesDone: number, utterancesTotal?: number | null, streamUrl: string, error?: { __typename?: 'JobError', code: ErrorCode, message: string } | null, audio?: { __typename?: 'Audio', url: string, format: AudioFormat, contentType: string, durationSeconds: number, sampleRate: number, bytes: number, sha256: string, expired: boolean } | null }
    | { __typename: 'VoicePreviewJob', id: string, status: JobStatus, stage: JobStage, progress: number, error?: { __typename?: 'JobError', code: ErrorCode, message: string } | null }
   };

export type ExportVoiceMutationVariables = Exact<{
  id: Scalars['ID']['input'];
  includeSample: Scalars['Boolean']['input'];
}>;


export type ExportVoiceMutation = { __typename?: 'Mutation', exportVoice:
    | { __typename: 'ConflictError', code: ErrorCode, message: string }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'VoiceExport', url: string, bytes: number, sha256: string, withSample: boolean }
   };

export type ImportVoiceMutationVariables = Exact<{
  input: ImportVoiceInput;
}>;


export type ImportVoiceMutation = { __typename?: 'Mutation', importVoice:
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string }
    | { __typename: 'QuotaExceededError', code: ErrorCode, message: string }
    | { __typename: 'UnsupportedAudioError', code: ErrorCode, message: string }
    | { __typename: 'UploadFailedError', code: ErrorCode, message: string }
    | { __typename: 'UploadTooLargeError', code: ErrorCode, message: string }
    | { __typename: 'Voice', id: string, name: string, kind: VoiceKind, status: VoiceStatus }
   };

export type VoicesQueryVariables = Exact<{
  filter?: InputMaybe<VoiceFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
}>;


export type VoicesQuery = { __typename?: 'Query', voices: { __typename?: 'QueryVoicesConnection', totalCount: number, pageInfo: { __typename?: 'PageInfo', hasNextPage: boolean, endCursor?: string | null }, edges: Array<{ __typename?: 'QueryVoicesConnectionEdge', node: { __typename?: 'Voice', id: string, name: string, kind: VoiceKind, gender: VoiceGender, grade?: string | null, engine: string, installed: boolean, language: { __typename?: 'Language', code: string, name: string } } }> } };

export type UploadVoiceMutationVariables = Exact<{
  input: UploadVoiceInput;
}>;


export type UploadVoiceMutation = { __typename?: 'Mutation', uploadVoice:
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string, requestId: string, timestamp: string, issues: Array<{ __typename?: 'InputIssue', path: Array<string>, message: string }> }
    | { __typename: 'QueueFullError', code: ErrorCode, message: string, requestId: string, timestamp: string }
    | { __typename: 'QuotaExceededError', code: ErrorCode, message: string, requestId: string, timestamp: string }
    | { __typename: 'UnsupportedAudioError', code: ErrorCode, message: string, requestId: string, timestamp: string, reason: AudioRefusal }
    | { __typename: 'UploadFailedError', code: ErrorCode, message: string, requestId: string, timestamp: string, failure: UploadFailure }
    | { __typename: 'UploadTooLargeError', code: ErrorCode, message: string, requestId: string, timestamp: string }
    | { __typename: 'Voice', id: string, status: VoiceStatus, enrolment?: { __typename?: 'EnrolmentJob', id: string } | null }
   };

export type DictionariesQueryVariables = Exact<{
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
}>;


export type DictionariesQuery = { __typename?: 'Query', dictionaries: { __typename?: 'QueryDictionariesConnection', pageInfo: { __typename?: 'PageInfo', hasNextPage: boolean, endCursor?: string | null }, edges: Array<{ __typename?: 'QueryDictionariesConnectionEdge', node: { __typename?: 'Dictionary', id: string, name: string, version: number, entryCount: number, languages: Array<string> } }> } };

export type DictionaryExportQueryVariables = Exact<{
  id: Scalars['ID']['input'];
  format: DictionaryFormat;
  language?: InputMaybe<Scalars['String']['input']>;
}>;


export type DictionaryExportQuery = { __typename?: 'Query', dictionary?: { __typename?: 'Dictionary', exportUrl: string } | null };

export type CreateDictionaryMutationVariables = Exact<{
  input: CreateDictionaryInput;
}>;


export type CreateDictionaryMutation = { __typename?: 'Mutation', createDictionary:
    | { __typename: 'Dictionary', id: string, version: number, entryCount: number }
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string }
    | { __typename: 'QuotaExceededError', code: ErrorCode, message: string }
    | { __typename: 'UploadFailedError', code: ErrorCode, message: string }
    | { __typename: 'UploadTooLargeError', code: ErrorCode, message: string }
   };

export type ImportDictionaryMutationVariables = Exact<{
  input: ImportDictionaryInput;
}>;


export type ImportDictionaryMutation = { __typename?: 'Mutation', importDictionary:
    | { __typename: 'ConflictError', code: ErrorCode, message: string }
    | { __typename: 'DictionaryImport', added: number, changed: number, removed: number, doubles: number, dictionary: { __typename?: 'Dictionary', id: string, version: number, entryCount: number } }
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'QuotaExceededError', code: ErrorCode, message: string }
    | { __typename: 'UploadFailedError', code: ErrorCode, message: string }
    | { __typename: 'UploadTooLargeError', code: ErrorCode, message: string }
   };

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
  streamUrl
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
  streamUrl
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
  streamUrl
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
  streamUrl
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
    id
    status
    stage
    progress
    error {
      code
      message
    }
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
  streamUrl
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
export const ExportVoiceDocument = new TypedDocumentString(`
    mutation ExportVoice($id: ID!, $includeSample: Boolean!) {
  exportVoice(id: $id, includeSample: $includeSample) {
    __typename
    ... on VoiceExport {
      url
      bytes
      sha256
      withSample
    }
    ... on Error {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<ExportVoiceMutation, ExportVoiceMutationVariables>;
export const ImportVoiceDocument = new TypedDocumentString(`
    mutation ImportVoice($input: ImportVoiceInput!) {
  importVoice(input: $input) {
    __typename
    ... on Voice {
      id
      name
      kind
      status
    }
    ... on Error {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<ImportVoiceMutation, ImportVoiceMutationVariables>;
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
        engine
        installed
        language {
          code
          name
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<VoicesQuery, VoicesQueryVariables>;
export const UploadVoiceDocument = new TypedDocumentString(`
    mutation UploadVoice($input: UploadVoiceInput!) {
  uploadVoice(input: $input) {
    __typename
    ... on Voice {
      id
      status
      enrolment {
        id
      }
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
    ... on UnsupportedAudioError {
      reason
    }
    ... on UploadFailedError {
      failure
    }
  }
}
    `) as unknown as TypedDocumentString<UploadVoiceMutation, UploadVoiceMutationVariables>;
export const DictionariesDocument = new TypedDocumentString(`
    query Dictionaries($first: Int, $after: String) {
  dictionaries(first: $first, after: $after) {
    pageInfo {
      hasNextPage
      endCursor
    }
    edges {
      node {
        id
        name
        version
        entryCount
        languages
      }
    }
  }
}
    `) as unknown as TypedDocumentString<DictionariesQuery, DictionariesQueryVariables>;
export const DictionaryExportDocument = new TypedDocumentString(`
    query DictionaryExport($id: ID!, $format: DictionaryFormat!, $language: String) {
  dictionary(id: $id) {
    exportUrl(format: $format, language: $language)
  }
}
    `) as unknown as TypedDocumentString<DictionaryExportQuery, DictionaryExportQueryVariables>;
export const CreateDictionaryDocument = new TypedDocumentString(`
    mutation CreateDictionary($input: CreateDictionaryInput!) {
  createDictionary(input: $input) {
    __typename
    ... on Dictionary {
      id
      version
      entryCount
    }
    ... on Error {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<CreateDictionaryMutation, CreateDictionaryMutationVariables>;
export const ImportDictionaryDocument = new TypedDocumentString(`
    mutation ImportDictionary($input: ImportDictionaryInput!) {
  importDictionary(input: $input) {
    __typename
    ... on DictionaryImport {
      added
      changed
      removed
      doubles
      dictionary {
        id
        version
        entryCount
      }
    }
    ... on Error {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<ImportDictionaryMutation, ImportDictionaryMutationVariables>;