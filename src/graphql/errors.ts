import { anyone } from "../auth/scopes.ts";
import {
  AUDIO_REFUSALS,
  type AudioRefusal,
  ConflictError,
  ERROR_CODES,
  type InputIssue,
  InvalidInputError,
  NotFoundError,
  QUOTAS,
  QueueFullError,
  type Quota,
  QuotaExceededError,
  type SpeakerError,
  UnsupportedAudioError,
  UPLOAD_FAILURES,
  UploadFailedError,
  type UploadFailure,
  UploadTooLargeError,
} from "../errors.ts";
import { builder } from "./builder.ts";

export const ErrorCodeEnum = builder.enumType("ErrorCode", {
  description: "Every kind of failure, in `code` of typed errors and in `extensions.code` of all others.",
  values: Object.fromEntries(
    Object.entries(ERROR_CODES).map(([code, { description }]) => [code, { value: code, description }]),
  ) as { [Code in keyof typeof ERROR_CODES]: { value: Code; description: string } },
});

const ErrorInterface = builder.interfaceRef<SpeakerError>("Error").implement({
  authScopes: anyone,
  description: "A failure that the caller can act on.",
  fields: (t) => ({
    message: t.exposeString("message", {
      description: "What went wrong and what to do, in English, for people.",
    }),
    code: t.expose("code", { type: ErrorCodeEnum, description: "What went wrong, for programs." }),
    timestamp: t.expose("timestamp", { type: "DateTime", description: "When it went wrong." }),
    requestId: t.string({
      description: "The request's id, as in the `X-Request-Id` header and in the service's log.",
      resolve: (_error, _args, context) => context.requestId,
    }),
  }),
});

const InputIssueType = builder.objectRef<InputIssue>("InputIssue").implement({
  authScopes: anyone,
  description: "One fault of the input.",
  fields: (t) => ({
    path: t.stringList({
      description: 'Where it is, from the argument down: `["input", "speed"]`.',
      resolve: (issue) => [...issue.path],
    }),
    message: t.exposeString("message", { description: "What is wrong there and what is accepted." }),
  }),
});

builder.objectType(InvalidInputError, {
  name: "InvalidInputError",
  description: "Fields of the input are outside what they accept. Nothing was stored or queued.",
  interfaces: [ErrorInterface],
  fields: (t) => ({
    issues: t.field({
      type: [InputIssueType],
      description: "Every fault found, not only the first.",
      resolve: (error) => [...error.issues],
    }),
  }),
});

builder.objectType(NotFoundError, {
  name: "NotFoundError",
  description: "There is nothing with this id, or the caller may not see it.",
  interfaces: [ErrorInterface],
});

builder.objectType(ConflictError, {
  name: "ConflictError",
  description: "The present state does not allow the action; the message says which state does.",
  interfaces: [ErrorInterface],
});

builder.objectType(QueueFullError, {
  name: "QueueFullError",
  description: "The queue holds its limit. Nothing was stored; try again later.",
  interfaces: [ErrorInterface],
  fields: (t) => ({
    limit: t.exposeInt("limit", { description: "How many jobs may wait." }),
    retryAfterSeconds: t.exposeInt("retryAfterSeconds", {
      description: "How long to wait before trying again.",
    }),
  }),
});

const AudioRefusalEnum = builder.enumType("AudioRefusal", {
  description: "Why an uploaded file is not taken as a recording.",
  values: Object.fromEntries(
    Object.entries(AUDIO_REFUSALS).map(([reason, description]) => [reason, { value: reason, description }]),
  ) as { [Reason in AudioRefusal]: { value: Reason; description: string } },
});

builder.objectType(UnsupportedAudioError, {
  name: "UnsupportedAudioError",
  description: "The file cannot be made into a voice. Nothing of it was kept.",
  interfaces: [ErrorInterface],
  fields: (t) => ({
    reason: t.expose("reason", { type: AudioRefusalEnum, description: "Why, for programs." }),
  }),
});

builder.objectType(UploadTooLargeError, {
  name: "UploadTooLargeError",
  description: "The file is larger than the service accepts. Nothing of it was kept.",
  interfaces: [ErrorInterface],
  fields: (t) => ({
    limitBytes: t.exposeFloat("limitBytes", { description: "How large a file may be; a whole number." }),
  }),
});

const UploadFailureEnum = builder.enumType("UploadFailure", {
  description: "Why a file did not arrive.",
  values: Object.fromEntries(
    Object.entries(UPLOAD_FAILURES).map(([reason, description]) => [reason, { value: reason, description }]),
  ) as { [Reason in UploadFailure]: { value: Reason; description: string } },
});

builder.objectType(UploadFailedError, {
  name: "UploadFailedError",
  description: "The file did not arrive whole. Nothing of it was kept; send it again.",
  interfaces: [ErrorInterface],
  fields: (t) => ({
    failure: t.expose("failure", { type: UploadFailureEnum, description: "What was wrong, for programs." }),
  }),
});

const QuotaEnum = builder.enumType("Quota", {
  description: "What a key, or a tenant, may use up. Days and months are those of UTC.",
  values: Object.fromEntries(
    Object.entries(QUOTAS).map(([quota, description]) => [quota, { value: quota, description }]),
  ) as { [Name in Quota]: { value: Name; description: string } },
});

builder.objectType(QuotaExceededError, {
  name: "QuotaExceededError",
  description: "A quota of the key has no room for this. Nothing was stored.",
  interfaces: [ErrorInterface],
  fields: (t) => ({
    quota: t.expose("quota", { type: QuotaEnum, description: "Which one." }),
    limit: t.exposeFloat("limit", { description: "How much it allows." }),
    used: t.exposeFloat("used", { description: "How much is used up, also by jobs that still wait or run." }),
    remaining: t.exposeFloat("remaining", { description: "How much is left." }),
    resetsAt: t.expose("resetsAt", {
      type: "DateTime",
      nullable: true,
      description:
        "When it starts afresh; null for quotas that are freed by jobs that end and things that are deleted.",
    }),
  }),
});
