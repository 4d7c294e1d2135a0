import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { credentialOfHeaders } from "../auth/credential.ts";
import { mayOpenFile } from "../auth/file.ts";
import { actorOf } from "../auth/identity.ts";
import type { RequestFacts } from "../context.ts";
import { NotFoundError } from "../errors.ts";
import type { Resources } from "../resources.ts";
import { BUNDLE_EXTENSION, BUNDLE_TYPE } from "../voices/transfer/bundle.ts";
import { exportPath, openExport, recordExport } from "../voices/transfer/export.ts";
import { findVoice } from "../voices/voice.ts";

/**
 * `GET /voices/:id/export`, and `/voices/:id/export/without-sample`: a voice as one file, made while it is sent. It opens
 * to a key of its tenant with `voices:write`, or to the signature that `exportVoice` gave. Every download is in the audit
 * log.
 *
 * @throws UnauthenticatedError (401), ForbiddenError (403), LINK_EXPIRED (410), NotFoundError (404), ConflictError (409) for
 *   a voice that cannot be exported.
 */
export async function serveExport(
  resources: Resources,
  request: IncomingMessage,
  response: ServerResponse,
  { voiceId, withSample }: { readonly voiceId: string; readonly withSample: boolean },
  query: URLSearchParams,
  facts: RequestFacts,
): Promise<void> {
  const { db, auth } = resources;
  const { headers } = request;
  const path = exportPath(voiceId, withSample);
  const owner = (await findVoice(db, voiceId))?.tenant ?? null;
  const scopes = ["voices:write"] as const;
  const open = await mayOpenFile(auth, { path, owner, scopes, query, headers });
  if (!open || owner === null) throw new NotFoundError("There is no such voice that can be exported.");
  const voice = await openExport(resources, owner, voiceId, withSample);
  response.setHeader("Content-Type", BUNDLE_TYPE);
  response.setHeader("Content-Length", voice.bytes);
  response.setHeader("Cache-Control", "private, no-store");
  response.setHeader("Content-Disposition", `attachment; filename="${voiceId}.${BUNDLE_EXTENSION}"`);
  if (request.method === "HEAD") {
    response.end();
    return;
  }
  // By its signature alone nobody is known: the entry is the tenant's all the same.
  const identity = await auth.authenticate(credentialOfHeaders(headers));
  await recordExport(db, { ...actorOf(identity, facts), tenant: owner }, voice, "file");
  await pipeline(Readable.from(voice.read()), response);
}
