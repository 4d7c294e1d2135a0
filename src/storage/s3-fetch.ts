import { setTimeout as sleep } from "node:timers/promises";

/** How patient the client is; tests shorten it. */
export interface Patience {
  /** Tries of each request, the first included. */
  readonly attempts: number;
  /** How long the server may say nothing: until its answer begins, and between two pieces of it. */
  readonly silenceMs: number;
  /** Pause after the first failure; it doubles with each further one, and half of it is chance. */
  readonly pauseMs: number;
}

export const DEFAULT_PATIENCE: Patience = { attempts: 5, silenceMs: 20_000, pauseMs: 200 };

/** An upload may go on for this long beyond the silence: 64 KiB a second is the slowest line that is put up with. */
const SLOWEST_BYTES_PER_MS = 64;
/** What says "try again": overload, and whatever stands between. */
const TRANSIENT = new Set([408, 425, 429, 500, 502, 503, 504]);

/**
 * A `fetch` that repeats what failed on the way or was answered by 5xx, with pauses that grow, and that never waits
 * for ever. Bodies must be bytes or text, which can be sent again.
 */
export function patientFetch(patience: Patience): typeof fetch {
  return async (input, init) => {
    for (let attempt = 1; ; attempt++) {
      try {
        const response = await fetchOnce(input, init, patience.silenceMs);
        if (!TRANSIENT.has(response.status) || attempt >= patience.attempts) return response;
        await response.body?.cancel();
      } catch (error) {
        if (attempt >= patience.attempts) throw error;
      }
      await sleep(patience.pauseMs * 2 ** (attempt - 1) * (0.5 + Math.random() / 2));
    }
  };
}

async function fetchOnce(
  input: Parameters<typeof fetch>[0],
  init: Parameters<typeof fetch>[1],
  silenceMs: number,
): Promise<Response> {
  const controller = new AbortController();
  const silent = () =>
    controller.abort(Object.assign(new Error("the bucket is silent"), { code: "ETIMEDOUT" }));
  const bytes = init?.body instanceof Uint8Array ? init.body.byteLength : 0;
  const timer = setTimeout(silent, silenceMs + bytes / SLOWEST_BYTES_PER_MS);
  try {
    const response = await fetch(input, { ...init, signal: controller.signal });
    return response.body === null ? response : guarded(response, response.body, silent, silenceMs);
  } finally {
    clearTimeout(timer);
  }
}

/** The same answer, whose body fails rather than hang when no more of it comes. */
function guarded(response: Response, body: ReadableStream, silent: () => void, silenceMs: number): Response {
  const reader = body.getReader();
  const stream = new ReadableStream({
    type: "bytes",
    async pull(controller) {
      const timer = setTimeout(silent, silenceMs);
      try {
        const { done, value } = await reader.read();
        if (done) {
          controller.close();
          // A byte stream that ends while one asks for bytes wants the request answered.
          controller.byobRequest?.respond(0);
        } else controller.enqueue(value);
      } finally {
        clearTimeout(timer);
      }
    },
    cancel: (reason) => reader.cancel(reason),
  });
  const { status, statusText, headers } = response;
  return new Response(stream, { status, statusText, headers });
}
