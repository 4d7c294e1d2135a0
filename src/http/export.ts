import { openFile } from "../auth/file.ts";
import { actorOf } from "../auth/identity.ts";
import { NotFoundError } from "../errors.ts";
import type { Resources } from "../resources.ts";
import { BUNDLE_EXTENSION, BUNDLE_TYPE } from "../voices/transfer/bundle.ts";
import { exportPath, openExport, recordExport } from "../voices/transfer/export.ts";
import { findVoice } from "../voices/voice.ts";
import { downloadHeaders } from "./download.ts";
import type { FileExchange } from "./files.ts";
import { pour } from "./stream.ts";

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
  exchange: FileExchange,
  { voiceId, withSample }: { readonly voiceId: string; readonly withSample: boolean },
): Promise<void> {
  const { db, auth } = resources;
  const { request, response, query, facts, caller } = exchange;
  const path = exportPath(voiceId, withSample);
  const owner = (await findVoice(db, voiceId))?.tenant ?? null;
  const access = openFile(auth.secret, { path, owner, scopes: ["voices:write"], query, caller });
  if (access === null || owner === null) {
    throw new NotFoundError("There is no such voice that can be exported.");
  }
  const voice = await openExport(resources, owner, voiceId, withSample);
  const filename = `${voiceId}.${BUNDLE_EXTENSION}`;
  const headers = downloadHeaders({ type: BUNDLE_TYPE, bytes: voice.bytes, filename });
  if (request.method === "HEAD") {
    response.writeHead(200, headers).end();
    return;
  }
  // Whoever it is acts for the tenant.
  await recordExport(db, { ...actorOf(access.identity, facts), tenant: owner }, voice, "file");
  await pour(resources, exchange, { headers, holder: access.holder, parts: () => voice.read() });
}
