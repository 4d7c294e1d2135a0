import { codeOf } from "../audit/refusals.ts";
import { requireScope } from "../auth/refusal.ts";
import { type HttpExchange, type HttpListener, pour, sendStream, streamHeaders } from "../http/stream.ts";
import { cancelJob } from "../jobs/job.ts";
import type { JobRow } from "../jobs/table.ts";
import type { Resources } from "../resources.ts";
import { findAudio, requestSynthesis } from "../synthesis/synthesis.ts";
import { findModel } from "./models.ts";
import { readSpeechRequest, type SpeechRequest } from "./request.ts";
import { resolveVoice } from "./voices.ts";

/** Under which name the attempt is limited, counted and written down: it is a `synthesize` by another door. */
export const SPEECH_FIELD = "synthesize";

/** As a client of HTTP says that it wants nothing that was made before (RFC 9111 §5.2.1). */
const NOT_FROM_CACHE = /\bno-(?:cache|store)\b/i;

/** Under which the same request gives the same job, as `idempotencyKey` does over GraphQL. */
const IDEMPOTENCY_HEADER = "idempotency-key";

/** Names the job in the answer, for whoever wants to look it up. */
const JOB_HEADER = "X-Speaker-Job";

/**
 * `POST /v1/audio/speech`: has a text spoken and answers with the sound of it while it is made. A client that leaves takes
 * its job with it, unless it sent an `Idempotency-Key`: then it may come back for the same job.
 *
 * @throws SpeakerError of every kind that `synthesize` and listening know, as long as nothing has been sent;
 *   UnauthenticatedError when the key ends before the answer does.
 */
export async function serveSpeech(
  resources: Resources,
  exchange: HttpExchange,
  listener: HttpListener,
): Promise<void> {
  const { request, response } = exchange;
  const { actor } = listener;
  // Node joins repeated ones with a comma and a space, which no key holds.
  const idempotencyKey = request.headers[IDEMPOTENCY_HEADER]?.toString();
  let voiceId: string | undefined;
  let job: JobRow;
  let asked: SpeechRequest;
  try {
    requireScope(actor, "synthesize");
    asked = await readSpeechRequest(request);
    findModel(asked.model);
    voiceId = await resolveVoice(resources.db, actor.tenant, asked.voice);
    job = await requestSynthesis(resources.synthesis, actor, {
      text: asked.input,
      voiceId,
      language: asked.language,
      format: asked.response_format,
      speed: asked.speed,
      cache: !NOT_FROM_CACHE.test(request.headers["cache-control"] ?? ""),
      idempotencyKey,
      // Without a key nobody else can know of the job: it is not to be spoken to an empty room.
      cancelOnDisconnect: idempotencyKey === undefined,
    });
  } catch (error) {
    const { metrics, refusals } = resources.observability;
    metrics.mutationFailures.inc({ mutation: SPEECH_FIELD, code: codeOf(error) });
    await refusals.record(actor, SPEECH_FIELD, { input: { voiceId } }, error);
    throw error;
  }
  response.setHeader(JOB_HEADER, job.id);
  try {
    if (asked.stream_format === "sse") await sendEvents(resources, exchange, job, listener);
    else await sendStream(resources, exchange, job, listener);
  } catch (error) {
    const nobodyComes = job.cancelOnDisconnect && codeOf(error) === "TOO_MANY_CONNECTIONS";
    if (nobodyComes) await cancelJob(resources.synthesis, actor.tenant, job.id);
    throw error;
  }
}

/**
 * The same as server-sent events: `speech.audio.delta` with bytes in base64, at the end `speech.audio.done`. As the hosted
 * API does, an event is one line of data without a name.
 */
async function sendEvents(
  resources: Resources,
  exchange: HttpExchange,
  job: JobRow,
  { actor, holder }: HttpListener,
): Promise<void> {
  const { streams, db } = resources;
  async function* parts(signal: AbortSignal): AsyncGenerator<Uint8Array> {
    let seconds = 0;
    for await (const { bytes, utterance } of streams.listen(job, { actor, signal })) {
      if (utterance !== null) seconds = utterance.startSeconds + utterance.durationSeconds;
      if (bytes.length === 0) continue;
      yield eventOf({ type: "speech.audio.delta", audio: Buffer.from(bytes).toString("base64") });
    }
    // What was sent from the stored file does not tell; a job whose file is not stored yet has told it all.
    const stored = await findAudio(db, job.id);
    yield eventOf({ type: "speech.audio.done", usage: usageOf(job, stored?.durationSeconds ?? seconds) });
  }
  await pour(resources, exchange, { headers: streamHeaders("text/event-stream"), holder, parts });
}

const eventOf = (event: object): Uint8Array => Buffer.from(`data: ${JSON.stringify(event)}\n\n`);

/** There are no tokens here: characters went in, and whole seconds of audio came out. */
function usageOf({ characters }: JobRow, durationSeconds: number): object {
  const seconds = Math.ceil(durationSeconds);
  return { input_tokens: characters, output_tokens: seconds, total_tokens: characters + seconds };
}
