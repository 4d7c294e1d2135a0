import { AUDIO_FORMAT_INFO } from "../audio/format.ts";
import { openFile } from "../auth/file.ts";
import { NotFoundError } from "../errors.ts";
import type { Resources } from "../resources.ts";
import { loadPreviews, PREVIEW_FORMAT } from "../voices/previews/preview.ts";
import { findVoice } from "../voices/voice.ts";
import { sendFile } from "./file.ts";
import type { FileExchange } from "./files.ts";

/**
 * `GET /voices/:id/preview/:language`: the stored sample of a voice, as `preview.url` names it. It opens to a key of the
 * voice's tenant (any, for stock voices), or to the signature in that address.
 *
 * @throws UnauthenticatedError (401), ForbiddenError (403), LINK_EXPIRED (410), NotFoundError (404) while there is none of
 *   the voice as it is now; SpeakerError GONE (410) when the store has lost it.
 */
export async function servePreview(
  resources: Resources,
  exchange: FileExchange,
  { voiceId, language }: { readonly voiceId: string; readonly language: string },
): Promise<void> {
  const { db, packs, auth } = resources;
  const { query, caller } = exchange;
  const voice = await findVoice(db, voiceId);
  const owner = voice === null ? null : (voice.tenant ?? "");
  const path = `/voices/${voiceId}/preview/${language}`;
  const access = openFile(auth.secret, { path, owner, scopes: ["voices:read"], query, caller });
  const [preview] =
    access !== null && voice !== null ? await loadPreviews(db, packs, [{ voice, language }]) : [];
  if (preview == null) {
    throw new NotFoundError(
      "There is no such preview of the voice as it is now. The mutation createVoicePreview makes one.",
    );
  }
  const { contentType, extension } = AUDIO_FORMAT_INFO[PREVIEW_FORMAT];
  const filename = `${voiceId}-${language}.${extension}`;
  const missing = "The preview is no longer in the store. Ask the operator to check the store's health.";
  await sendFile(resources, exchange, { ...preview, contentType, filename, missing });
}
