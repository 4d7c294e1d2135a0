// Entry of the thread that joins and encodes for those who listen to running jobs: one for all of them, so that a
// listener does not wait until a thread has started and its codec is loaded.
import { setImmediate as turn } from "node:timers/promises";
import { parentPort } from "node:worker_threads";
import { type AudioEncoder, createEncoder, warmCodecs } from "../../audio/encoder.ts";
import type { UtteranceJoiner } from "../../audio/join.ts";
import { SPEECH_SAMPLE_RATE } from "../../inference/engine.ts";
import { createJoiner, levelled } from "../render.ts";
import type { FromEncoders, JoinedOutput, ToEncoders } from "./protocol.ts";

/** Encoded at once: short enough that others have their turn and the first bytes go out early. */
const SLICE_SAMPLES = SPEECH_SAMPLE_RATE / 2;

interface Stream {
  readonly encoder: Promise<AudioEncoder>;
  readonly joiner: UtteranceJoiner;
}

type Utterance = Extract<ToEncoders, { type: "utterance" }>;

const streams = new Map<number, Stream>();

function send(message: FromEncoders): void {
  const transfer =
    message.type === "bytes" && message.bytes.byteLength === message.bytes.buffer.byteLength
      ? [message.bytes.buffer as ArrayBuffer]
      : [];
  parentPort?.postMessage(message, transfer);
}

function open({ format, sampleRate, headSeconds }: JoinedOutput): Stream {
  const rates = { sampleRate: SPEECH_SAMPLE_RATE, outputSampleRate: sampleRate };
  const encoder = createEncoder(format, rates);
  // Its failure is met with the first utterance.
  encoder.catch(() => {});
  return { encoder, joiner: createJoiner(headSeconds) };
}

async function encode(stream: Stream, utterance: Utterance): Promise<void> {
  const encoder = await stream.encoder;
  if (!streams.has(utterance.stream)) return;
  const { audio } = stream.joiner.push(levelled(utterance.samples), utterance.pauseAfterSeconds);
  const parts = utterance.ends ? [audio, stream.joiner.finish()] : [audio];
  for (const part of parts) {
    for (let start = 0; start < part.length; start += SLICE_SAMPLES) {
      const bytes = encoder.push(part.subarray(start, start + SLICE_SAMPLES));
      if (bytes.length > 0) send({ type: "bytes", stream: utterance.stream, bytes, last: false });
      await turn();
      if (!streams.has(utterance.stream)) return;
    }
  }
  const bytes = utterance.ends ? encoder.finish().bytes : new Uint8Array(0);
  if (utterance.ends) streams.delete(utterance.stream);
  send({ type: "bytes", stream: utterance.stream, bytes, last: true });
}

function drop(number: number, { encoder }: Stream): void {
  streams.delete(number);
  void encoder.then((made) => made.discard()).catch(() => {});
}

function receive(message: ToEncoders): void {
  if (message.type === "open") {
    streams.set(message.stream, open(message.output));
    return;
  }
  const stream = streams.get(message.stream);
  if (stream === undefined) return;
  if (message.type === "drop") {
    drop(message.stream, stream);
    return;
  }
  encode(stream, message).catch((error: unknown) => {
    drop(message.stream, stream);
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
    send({ type: "failed", stream: message.stream, reason });
  });
}

parentPort?.on("message", receive);
// A codec that does not load fails those who ask for it.
warmCodecs().catch(() => {});
