import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { AUDIO_FORMAT_INFO } from "../audio/format.ts";
import type { Actor } from "../audit/audit.ts";
import type { Identity } from "../auth/identity.ts";
import { watchIdentity } from "../auth/stream.ts";
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

/** Who listens to a job over HTTP: as whom it is written down, and whose end ends the stream. */
export interface HttpListener {
  readonly actor: Actor;
  readonly holder: Identity;
}

/**
 * Answers with the audio of a job while it is made, in chunks and without ranges. The headers go out with the first
 * bytes: what fails before is an ordinary error. What fails later cuts the connection, so that nobody takes half a
 * recording for a whole one.
 *
 * @throws what `AudioStreams.listen` throws; UnauthenticatedError when the listener's key ends before the stream does.
 */
export async function sendStream(
  resources: Resources,
  exchange: HttpExchange,
  job: JobRow,
  { actor, holder }: HttpListener,
): Promise<void> {
  const { contentType } = AUDIO_FORMAT_INFO[inputOf(job).format];
  const headers = streamHeaders(contentType);
  if (exchange.request.method === "HEAD") {
    refuseEnded(job);
    exchange.response.writeHead(200, headers).end();
    return;
  }
  async function* parts(signal: AbortSignal): AsyncGenerator<Uint8Array> {
    for await (const { bytes } of resources.streams.listen(job, { actor, signal })) yield bytes;
  }
  await pour(resources, exchange, { headers, holder, parts });
}

export interface HttpExchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** An answer that is made while it is sent. */
export interface Poured {
  readonly headers: Readonly<Record<string, string>>;
  /** Who holds the key that opened it: with the key the answer ends. */
  readonly holder: Identity;
  /** @param signal that nobody takes any more of it: the listener has left, or the key has ended */
  parts(signal: AbortSignal): AsyncIterable<Uint8Array>;
}

/**
 * Sends what comes as it comes, and asks for more only when the listener has taken it. The headers go out with the first
 * bytes. When the key behind it ends, the answer does too, by the same watch as a subscription.
 *
 * @throws what `parts` throws; UnauthenticatedError when the key has ended. That the listener has left is no failure.
 */
export async function pour(
  { auth, bus }: Pick<Resources, "auth" | "bus">,
  { request: { socket }, response }: HttpExchange,
  { headers, holder, parts }: Poured,
): Promise<void> {
  const over = new AbortController();
  const { signal } = over;
  const left = new Error("the listener has left");
  if (response.destroyed) over.abort(left);
  response.once("close", () => over.abort(left));
  const unwatch = watchIdentity(auth, bus, holder, (ended) => over.abort(ended));
  socket.setNoDelay(true);
  // A connection on which nothing moves is usually cut: here a job may wait for its turn.
  socket.setKeepAlive(true, KEEP_ALIVE_MS);
  socket.setTimeout(0);
  try {
    for await (const bytes of parts(signal)) {
      signal.throwIfAborted();
      if (bytes.length === 0) continue;
      if (!response.headersSent) response.writeHead(200, headers);
      if (response.write(bytes)) continue;
      socket.setTimeout(STALLED_MS);
      await once(response, "drain", { signal });
      socket.setTimeout(0);
    }
    if (!response.headersSent) response.writeHead(200, headers);
    response.end();
  } catch (error) {
    // Whatever failed then failed because of it.
    if (!signal.aborted) throw error;
    if (signal.reason !== left) throw signal.reason;
  } finally {
    unwatch();
  }
}
