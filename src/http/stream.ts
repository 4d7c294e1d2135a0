import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { AUDIO_FORMAT_INFO } from "../audio/format.ts";
import type { Actor } from "../audit/audit.ts";
import type { JobRow } from "../jobs/table.ts";
import type { Resources } from "../resources.ts";
import { inputOf } from "../synthesis/input.ts";
import { refuseEnded } from "../synthesis/stream/follow.ts";

/** A listener who takes nothing for so long is cut off. */
const STALLED_MS = 120_000;
/** How often the system asks a peer that says nothing whether it is still there. */
const KEEP_ALIVE_MS = 30_000;

/** What every answer that is sent while it is made says of itself. */
export function streamHeaders(contentType: string): Record<string, string> {
  return {
    "Content-Type": contentType,
    "Cache-Control": "no-store",
    "Accept-Ranges": "none",
    // Proxies that gather an answer before they pass it on would take the point of it.
    "X-Accel-Buffering": "no",
  };
}

/**
 * Answers with the audio of a job while it is made, in chunks and without ranges. The headers go out with the first
 * bytes: what fails before is an ordinary error. What fails later cuts the connection, so that nobody takes half a
 * recording for a whole one.
 *
 * @throws what `AudioStreams.listen` throws.
 */
export async function sendStream(
  { streams }: Resources,
  request: IncomingMessage,
  response: ServerResponse,
  job: JobRow,
  actor: Actor,
): Promise<void> {
  const { contentType } = AUDIO_FORMAT_INFO[inputOf(job).format];
  const headers = streamHeaders(contentType);
  if (request.method === "HEAD") {
    refuseEnded(job);
    response.writeHead(200, headers).end();
    return;
  }
  const parts = (signal: AbortSignal) => streams.listen(job, { actor, signal });
  await pour(request, response, headers, parts, ({ bytes }) => bytes);
}

/**
 * Sends what comes as it comes, and asks for more only when the listener has taken it. The headers go out with the first
 * bytes.
 *
 * @param parts is given the signal that the listener has left; that he did is no failure
 * @throws what `parts` throws.
 */
export async function pour<Part>(
  { socket }: IncomingMessage,
  response: ServerResponse,
  headers: Readonly<Record<string, string>>,
  parts: (signal: AbortSignal) => AsyncIterable<Part>,
  bytesOf: (part: Part) => Uint8Array,
): Promise<void> {
  const gone = new AbortController();
  response.once("close", () => gone.abort(new Error("the listener has left")));
  socket.setNoDelay(true);
  // A connection on which nothing moves is usually cut: here a job may wait for its turn.
  socket.setKeepAlive(true, KEEP_ALIVE_MS);
  socket.setTimeout(0);
  try {
    for await (const part of parts(gone.signal)) {
      const bytes = bytesOf(part);
      if (bytes.length === 0) continue;
      if (!response.headersSent) response.writeHead(200, headers);
      if (response.write(bytes)) continue;
      socket.setTimeout(STALLED_MS);
      await once(response, "drain", { signal: gone.signal });
      socket.setTimeout(0);
    }
    if (!response.headersSent) response.writeHead(200, headers);
    response.end();
  } catch (error) {
    if (!gone.signal.aborted) throw error;
  }
}
