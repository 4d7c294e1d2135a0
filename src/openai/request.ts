import type { IncomingMessage } from "node:http";
import { z } from "zod";
import { AUDIO_FORMATS } from "../audio/format.ts";
import { InvalidInputError, SpeakerError } from "../errors.ts";

/** A text of 50,000 characters, each up to 12 bytes when escaped, and the rest; as much as GraphQL takes. */
const MAX_BODY_BYTES = 1_000_000;

const text = (message: string) => z.string({ error: message });

/** What is sent and not named here is passed over, as clients send more with every release. */
const speechRequest = z.object({
  model: text("accepts the name of a model, such as tts-1"),
  input: text("accepts the text to be spoken"),
  voice: z.union([z.string(), z.object({ id: z.string() }).transform(({ id }) => id)], {
    error: "accepts the name of a voice, or an object with its id",
  }),
  instructions: text("accepts a text; it is not followed").nullish(),
  response_format: z.enum(AUDIO_FORMATS, { error: `accepts ${AUDIO_FORMATS.join(", ")}` }).nullish(),
  speed: z.number({ error: "accepts a number" }).nullish(),
  stream_format: z.enum(["audio", "sse"], { error: "accepts audio or sse" }).nullish(),
  /** Not of the hosted API: a language for voices that speak several. */
  language: text("accepts a language tag, such as en-US").nullish(),
});

export type SpeechRequest = z.infer<typeof speechRequest>;

/**
 * The body of `POST /v1/audio/speech`.
 *
 * @throws SpeakerError UNSUPPORTED_MEDIA_TYPE, REQUEST_TOO_LARGE, BAD_REQUEST; InvalidInputError by the names of its fields.
 */
export async function readSpeechRequest(request: IncomingMessage): Promise<SpeechRequest> {
  const type = (request.headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase();
  if (type !== "application/json") {
    throw new SpeakerError("UNSUPPORTED_MEDIA_TYPE", "Send the request as application/json.");
  }
  const parsed = speechRequest.safeParse(parseJson(await readBody(request)));
  if (parsed.success) return parsed.data;
  throw new InvalidInputError(
    parsed.error.issues.map(({ path, message }) => ({
      path: path.length === 0 ? ["body"] : path.map(String),
      message: path.length === 0 ? "accepts a JSON object" : message,
    })),
  );
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new SpeakerError("BAD_REQUEST", "The body is not JSON.");
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const tooLarge = () =>
    new SpeakerError("REQUEST_TOO_LARGE", `The body takes up to ${MAX_BODY_BYTES} bytes.`);
  if (Number(request.headers["content-length"] ?? 0) > MAX_BODY_BYTES) throw tooLarge();
  const chunks: Buffer[] = [];
  let bytes = 0;
  // Not by iterating: that would destroy the connection before the refusal has been sent.
  await new Promise<void>((resolve, reject) => {
    request.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
      else reject(tooLarge());
    });
    request.once("end", resolve);
    request.once("close", () =>
      reject(new SpeakerError("BAD_REQUEST", "The request ended before its body did.")),
    );
    request.once("error", reject);
  });
  return Buffer.concat(chunks).toString("utf8");
}
