import OpenAI from "openai";
import { beforeAll, describe, expect, it } from "vitest";
import { decodeAudio } from "../../src/audio/decode.ts";
import { AUDIO_FORMAT_INFO } from "../../src/audio/format.ts";
import { SpeakerClient } from "../../src/client/client.ts";
import { HOSTED_VOICES } from "../../src/openai/voices.ts";
import { STOCK_VOICES } from "../../src/voices/stock.ts";
import { adtsFrames } from "../audio/adts.ts";
import { type Body, bearer, post } from "../helpers/caller.ts";
import { finished } from "../helpers/jobs.ts";
import { useTestNode } from "../helpers/node.ts";
import { itSpeaksTheProtocol } from "./protocol.ts";

const ROOT = "root-secret-0123456789";
const READER = "reader-secret-0123456789";
const SPEAKER = "speaker-secret-0123456789";

const TEXT = "The birch canoe slid on the smooth planks. Glue the sheet to the dark blue background.";
/** Spoken for long enough that its job still runs when its first bytes are here. */
const LONG = "Nobody waits for the end of this sentence. ".repeat(1_000);

const CREATE_KEY = `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) {
  ... on IssuedApiKey { secret } ... on Error { message } } }`;
const JOB = `query ($id: ID!) { job(id: $id) { status ... on SynthesisJob { text voiceReference speed format
  audio { durationSeconds } } } }`;
const CANCEL =
  "mutation ($id: ID!) { cancelJob(id: $id) { ... on SynthesisJob { status } ... on Error { message } } }";
const AUDIT = "{ auditLog(first: 50) { edges { node { action outcome actor details { name value } } } } }";

describe("the official Node client", () => {
  const node = useTestNode("embedded", {
    API_KEYS: `root:${ROOT}:admin;reader:${READER}:voices:read;speaker:${SPEAKER}:synthesize`,
  });
  const clientOf = (apiKey: string, options: object = {}) =>
    new OpenAI({ baseURL: `${node.url}/v1`, apiKey, maxRetries: 0, ...options });
  const query = async (document: string, variables: object = {}): Promise<Body> =>
    (await post(node.url, document, variables, bearer(ROOT))).body.data;
  const jobNow = async (response: Response): Promise<Body> =>
    (await query(JOB, { id: response.headers.get("x-speaker-job") })).job;
  /** The job behind an answer once it has ended: the last byte may be here a little before. */
  const jobOf = async (response: Response): Promise<Body> => {
    const follower = new SpeakerClient(node.url, { apiKey: ROOT });
    await finished(follower, response.headers.get("x-speaker-job") ?? "");
    return await jobNow(response);
  };
  const keyWith = async (limits: object): Promise<string> =>
    (await query(CREATE_KEY, { input: { name: "limited", scopes: ["SYNTHESIZE"], limits } })).createApiKey
      .secret;

  let client: OpenAI;
  beforeAll(() => {
    client = clientOf(ROOT);
  });

  const speech = (extra: Partial<OpenAI.Audio.SpeechCreateParams> = {}) =>
    ({ model: "tts-1", voice: "af_heart", input: TEXT, ...extra }) as OpenAI.Audio.SpeechCreateParams;
  /** The error that a call ends with. */
  const failureOf = async (call: Promise<unknown>): Promise<InstanceType<typeof OpenAI.APIError>> =>
    await call.then(
      () => {
        throw new Error("it did not fail");
      },
      (error) => error,
    );

  it.each(["mp3", "opus", "aac", "flac", "wav", "pcm"] as const)("gets %s", async (format) => {
    const response = await client.audio.speech.create(speech({ response_format: format }));
    const bytes = new Uint8Array(await response.arrayBuffer());
    const job = await jobOf(response);
    expect(response.headers.get("content-type")).toBe(AUDIO_FORMAT_INFO[format].contentType);
    expect(response.headers.get("x-request-id")).toMatch(/^[\w-]{36}$/);
    expect(job).toMatchObject({ status: "SUCCEEDED", text: TEXT, format: format.toUpperCase() });
    const { durationSeconds } = job.audio;
    expect(durationSeconds).toBeGreaterThan(3);
    if (format === "pcm") expect(bytes.length / 2 / 24_000).toBeCloseTo(durationSeconds, 6);
    else if (format === "aac") {
      expect(adtsFrames(bytes)).toHaveLength(Math.ceil((durationSeconds * 24_000) / 1024) + 1);
    } else {
      const { channels, sampleRate } = await decodeAudio(bytes);
      // A stream cannot say in front what it will hold: of MP3 the last frame's padding is heard.
      expect((channels[0]?.length ?? 0) / sampleRate).toBeCloseTo(durationSeconds, 0.5);
    }
  });

  it("gets mp3 when it does not say, at the pace that it says", async () => {
    const lengths: number[] = [];
    for (const speed of [0.5, 2]) {
      const response = await client.audio.speech.create(speech({ speed, instructions: "Be cheerful." }));
      expect(response.headers.get("content-type")).toBe("audio/mpeg");
      await response.arrayBuffer();
      lengths.push((await jobOf(response)).audio.durationSeconds);
    }
    expect((lengths[0] ?? 0) / (lengths[1] ?? 1)).toBeGreaterThan(2.5);
  });

  it.each([
    ["a name of the hosted API", "nova", "af_nova"],
    ["a voice by its id", "am_michael", "am_michael"],
    ["a voice as an object", { id: "bf_emma" }, "bf_emma"],
    ["an inline mix", "af_heart(2)+af_sky(1)", "af_heart(2)+af_sky(1)"],
  ])("speaks with %s", async (_name, voice, reference) => {
    const response = await client.audio.speech.create(speech({ input: "Hello.", voice }));
    expect((await response.arrayBuffer()).byteLength).toBeGreaterThan(1_000);
    expect(await jobOf(response)).toMatchObject({ status: "SUCCEEDED", voiceReference: reference });
  });

  it("knows all voices of the hosted API", () => {
    expect(Object.keys(HOSTED_VOICES).sort()).toEqual(
      "alloy ash ballad cedar coral echo fable marin nova onyx sage shimmer verse".split(" "),
    );
    const stock = STOCK_VOICES.map(({ id }) => id);
    expect(Object.values(HOSTED_VOICES).filter((id) => !stock.includes(id))).toEqual([]);
    expect(new Set(Object.values(HOSTED_VOICES)).size).toBe(13);
  });

  it("hears the beginning while the rest is still being spoken, and cancels the job when it leaves", async () => {
    const leaving = new AbortController();
    const response = await client.audio.speech.create(speech({ input: LONG, response_format: "pcm" }), {
      signal: leaving.signal,
    });
    const reader = response.body?.getReader();
    const first = await reader?.read();
    expect(first?.value?.length).toBeGreaterThan(100);
    expect((await jobNow(response)).status).toBe("RUNNING");
    leaving.abort();
    expect((await jobOf(response)).status).toBe("CANCELLED");
  });

  it("gets events with the same bytes, and what was used at the end", async () => {
    const input = "Some events.";
    const whole = await client.audio.speech.create(speech({ input, response_format: "pcm" }));
    const response = await client.audio.speech.create(
      speech({ input, response_format: "pcm", stream_format: "sse" }),
    );
    expect(response.headers.get("content-type")).toBe("text/event-stream");
    const events = (await response.text())
      .split("\n\n")
      .filter((event) => event !== "")
      .map((event): Body => {
        expect(event).toMatch(/^data: [^\n]+$/);
        return JSON.parse(event.slice(6));
      });
    const last = events.pop();
    expect(events.length).toBeGreaterThan(0);
    for (const event of events) {
      expect(Object.keys(event)).toEqual(["type", "audio"]);
      expect(event.type).toBe("speech.audio.delta");
    }
    const sound = Buffer.concat(events.map(({ audio }) => Buffer.from(audio, "base64")));
    expect(sound.equals(Buffer.from(await whole.arrayBuffer()))).toBe(true);
    const { input_tokens: characters, output_tokens: seconds, total_tokens: total } = last.usage;
    expect([last.type, characters, total]).toEqual(["speech.audio.done", input.length, characters + seconds]);
    // Speech alone may count: silence at the end is not always known by then.
    expect(Math.abs(seconds - sound.length / 2 / 24_000)).toBeLessThan(1);
    expect(seconds).toBeGreaterThan(0);
  });

  it("lists models and finds them", async () => {
    const ids: string[] = [];
    for await (const model of clientOf(READER).models.list()) ids.push(model.id);
    expect(ids).toEqual(["speaker", "tts-1", "tts-1-hd", "gpt-4o-mini-tts"]);
    expect(await client.models.retrieve("tts-1-hd")).toMatchObject({ id: "tts-1-hd", object: "model" });
    expect((await client.models.retrieve("gpt-4o-mini-tts-2025-12-15")).id).toBe(
      "gpt-4o-mini-tts-2025-12-15",
    );
    const missing = await failureOf(client.models.retrieve("whisper-1"));
    expect(missing).toBeInstanceOf(OpenAI.NotFoundError);
    expect(missing).toMatchObject({ code: "model_not_found", param: "model" });
  });

  it("lists voices as other self-hosted services do", async () => {
    const list = async (path: string): Promise<Body> =>
      (await fetch(`${node.url}/v1/audio/voices${path}`, { headers: bearer(READER) })).json();
    const { voices, data } = await list("");
    expect(voices).toHaveLength(STOCK_VOICES.length);
    expect(voices).toContainEqual({ id: "af_heart", name: "Heart (en-US)" });
    expect(data.find(({ id }: Body) => id === "bm_fable")).toMatchObject({
      object: "voice",
      kind: "stock",
      language: "en-GB",
      gender: "male",
    });
    expect((await list("?legacy=true")).voices).toContain("af_heart");
  });

  it.each([
    ["an empty text", { input: " " }, "input", /1 to 50000/],
    ["a text that is too long", { input: "a ".repeat(25_001) }, "input", /50002/],
    [
      "a format that there is not",
      { response_format: "ogg" },
      "response_format",
      /mp3, flac, opus, aac, pcm/,
    ],
    ["a pace beyond ours", { speed: 4 }, "speed", /0\.5 to 2/],
    ["a pace that is none", { speed: "fast" }, "speed", /number/],
    ["a voice that there is not", { voice: "darth" }, "voice", /\/v1\/audio\/voices/],
    ["a voice that cannot be looked for", { voice: "a\0b" }, "voice", /names no voice/],
    ["a voice that every object has", { voice: "constructor" }, "voice", /names no voice/],
    ["a voice that is an object's own", { voice: "__proto__" }, "voice", /names no voice/],
    ["a mix that cannot be", { voice: "af_heart+nobody" }, "voice", /nobody|voice/],
    ["a voice that is none", { voice: 7 }, "voice", /object with its id/],
    ["no voice", { voice: undefined }, "voice", /accepts/],
    ["no text", { input: undefined }, "input", /accepts/],
    ["no model", { model: undefined }, "model", /accepts/],
    ["another way of streaming", { stream_format: "ndjson" }, "stream_format", /audio or sse/],
    ["a language that nothing speaks", { language: "xx-klingon" }, "language", /languages/],
    [
      "a language that the voice does not speak",
      { voice: "espeak-de", language: "ja" },
      "language",
      /speaks de alone/,
    ],
  ])("raises BadRequestError for %s", async (_name, extra, param, message) => {
    const error = await failureOf(client.audio.speech.create(speech(extra as object)));
    expect(error).toBeInstanceOf(OpenAI.BadRequestError);
    expect(error).toMatchObject({ status: 400, param, type: "invalid_request_error", code: "invalid_value" });
    expect(error.message).toMatch(message);
    expect(error.requestID).toMatch(/^[\w-]{36}$/);
  });

  it("raises the class that fits whatever else is wrong", async () => {
    const call = (key: string, extra: object = {}) =>
      failureOf(clientOf(key).audio.speech.create(speech(extra)));
    const wrong = await call("sk-nobody");
    expect(wrong).toBeInstanceOf(OpenAI.AuthenticationError);
    expect(wrong).toMatchObject({ code: "invalid_api_key" });
    const forbidden = await call(READER);
    expect(forbidden).toBeInstanceOf(OpenAI.PermissionDeniedError);
    expect(forbidden.message).toContain("synthesize");
    const model = await call(ROOT, { model: "whisper-1" });
    expect(model).toBeInstanceOf(OpenAI.NotFoundError);
    expect(model).toMatchObject({ code: "model_not_found" });
    const elsewhere = await failureOf(client.chat.completions.create({ model: "tts-1", messages: [] }));
    expect(elsewhere).toBeInstanceOf(OpenAI.NotFoundError);
    expect(elsewhere.message).toContain("/v1/audio/speech");
  });

  it("raises RateLimitError, says when to come back, and counts speech as `synthesize`", async () => {
    const limited = clientOf(await keyWith({ requestsPerMinute: 3 }));
    const { headers } = await limited.audio.speech.create(speech({ input: "One." }));
    expect(headers.get("ratelimit-remaining")).toBe("1");
    await limited.models.list();
    const error = await failureOf(limited.models.list());
    expect(error).toBeInstanceOf(OpenAI.RateLimitError);
    expect(error).toMatchObject({ code: "rate_limit_exceeded", type: "requests" });
    expect(Number(error.headers?.get("retry-after"))).toBeGreaterThan(0);
  });

  it("gives up at once when a quota is used up, and tries again when only a place is missing", async () => {
    const attempts: number[] = [];
    let refused = () => {};
    const onRefusal = new Promise<void>((resolve) => {
      refused = resolve;
    });
    const counted = async (input: string | URL | Request, init?: RequestInit) => {
      const response = await fetch(input, init);
      attempts.push(response.status);
      if (response.status === 429) refused();
      return response;
    };
    const poor = clientOf(await keyWith({ charactersPerDay: 5 }), { maxRetries: 3, fetch: counted });
    const error = await failureOf(poor.audio.speech.create(speech()));
    expect(error).toBeInstanceOf(OpenAI.RateLimitError);
    expect(error).toMatchObject({ code: "insufficient_quota" });
    expect(Number(error.headers?.get("retry-after"))).toBeGreaterThan(0);
    expect(attempts.splice(0)).toEqual([429]);

    const key = await keyWith({ concurrentJobs: 1 });
    const leaving = new AbortController();
    const { signal } = leaving;
    const holding = await clientOf(key).audio.speech.create(speech({ input: LONG }), { signal });
    await holding.body?.getReader().read();
    const patient = clientOf(key, { maxRetries: 5, fetch: counted });
    const later = patient.audio.speech.create(speech({ input: "At last." }));
    await onRefusal;
    leaving.abort();
    expect((await (await later).arrayBuffer()).byteLength).toBeGreaterThan(1_000);
    expect(attempts.at(-1)).toBe(200);
    expect(attempts.length).toBeGreaterThan(1);
  });

  it("raises an error when the job ends before its first byte", async () => {
    const text = `${LONG} Not today.`;
    const call = failureOf(client.audio.speech.create(speech({ input: text, response_format: "flac" })));
    let id: string | undefined;
    while (id === undefined) {
      const { edges } = (
        await query("{ jobs(first: 1) { edges { node { id ... on SynthesisJob { text } } } } }")
      ).jobs;
      if (edges[0]?.node.text === text) id = edges[0].node.id;
    }
    await query(CANCEL, { id });
    const error = await call;
    expect(error).toBeInstanceOf(OpenAI.ConflictError);
    expect(error).toMatchObject({ code: "cancelled" });
  });

  it.each(["audio", "sse"] as const)(
    "never ends half a recording as if it were whole: %s",
    async (stream_format) => {
      const response = await client.audio.speech.create(speech({ input: LONG, stream_format }));
      const reader = response.body?.getReader();
      await reader?.read();
      await query(CANCEL, { id: response.headers.get("x-speaker-job") });
      const everything = async () => {
        while ((await reader?.read())?.done === false);
      };
      await expect(everything()).rejects.toThrow();
    },
  );

  itSpeaksTheProtocol(node, ROOT);

  it("is written down as any other synthesis, and so is what was refused", async () => {
    const entries: Body[] = (await query(AUDIT)).auditLog.edges.map(({ node: entry }: Body) => entry);
    const of = (outcome: string) =>
      entries.filter((entry) => entry.action === "synthesis.request" && entry.outcome === outcome);
    expect(of("ACCEPTED").map(({ actor }) => actor)).toContain("limited");
    const codes = of("REFUSED").flatMap(({ details }) => details.map(({ value }: Body) => value));
    expect(codes).toContain("QUOTA_EXCEEDED");
  });
});
