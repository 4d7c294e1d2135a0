import { BufferSource, EncodedPacketSink, Input, type InputAudioTrack, MP4, QTFF } from "mediabunny";
import { type AacSession, openAac } from "./aac-client.ts";
import { readWebm } from "./ebml.ts";
import type { Meter } from "./meter.ts";
import { readMp4Tracks } from "./mp4-boxes.ts";
import { checkFormat, refuse } from "./refuse.ts";

/** Packets decoded at once: few enough to stop soon, enough that a pipe to another program is not the clock. */
const BATCH = 64;
const MAX_FAULTS = 20;
const OPUS_RATE = 48_000;
/** Where OpusHead keeps how many samples the decoder needs to settle (RFC 7845, section 5.1). */
const PRE_SKIP_OFFSET = 10;
const OPUS_HEAD_BYTES = 19;

/** The one audio track; what a reader of containers says about a file that it cannot read is not for callers. */
async function audioTrack(bytes: Uint8Array): Promise<InputAudioTrack> {
  let track: InputAudioTrack | null;
  try {
    const input = new Input({ source: new BufferSource(bytes), formats: [MP4, QTFF] });
    track = await input.getPrimaryAudioTrack();
  } catch (cause) {
    refuse("DAMAGED", "The MP4 file's header cannot be read.", cause);
  }
  return track ?? refuse("NO_AUDIO_TRACK", "The MP4 file has no audio track.");
}

/** Packets of a track in batches, with their time in seconds. */
async function* batches(track: InputAudioTrack) {
  let batch: { data: Uint8Array; start: number; end: number }[] = [];
  for await (const { data, timestamp, duration } of new EncodedPacketSink(track).packets()) {
    batch.push({ data, start: timestamp, end: timestamp + duration });
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** Passes on what lies between two times; encoders put silence before the first sample and behind the last. */
class Window {
  readonly #meter: Meter;
  #skip: number;
  #left = Number.POSITIVE_INFINITY;

  /** @param skip samples to leave out at the start */
  constructor(meter: Meter, skip: number) {
    this.#meter = meter;
    this.#skip = skip;
  }

  /** Samples that may still come, from here on. */
  limit(samples: number): void {
    this.#left = samples;
  }

  push(channels: readonly Float32Array[], sampleRate: number): void {
    const length = channels[0]?.length ?? 0;
    const from = Math.min(this.#skip, length);
    this.#skip -= from;
    const to = Math.min(length, from + this.#left);
    this.#left -= to - from;
    this.#meter.push(
      from === 0 && to === length ? channels : channels.map((channel) => channel.subarray(from, to)),
      sampleRate,
    );
  }
}

/**
 * WebM and Matroska with Opus, also as browsers record it: sizes and duration unknown, no index.
 * @returns the codec's name
 */
export async function decodeWebm(bytes: Uint8Array, meter: Meter): Promise<string> {
  const { channels, codecPrivate, packets } = readWebm(bytes);
  checkFormat(OPUS_RATE, channels);
  if (channels > 2) {
    refuse("UNSUPPORTED_CODEC", "The WebM file holds surround sound; mono and stereo are read.");
  }
  const head = viewOf(codecPrivate);
  const preSkip = head.byteLength < OPUS_HEAD_BYTES ? 0 : head.getUint16(PRE_SKIP_OFFSET, true);
  const { createOpusDecoder } = await import("@audio/decode-opus/core");
  const decoder = await createOpusDecoder();
  decoder.configure({ channels });
  const window = new Window(meter, preSkip);
  let faults = 0;
  try {
    for (let first = 0; first < packets.length; first += BATCH) {
      const { channelData, sampleRate, errors } = decoder.decodeFrames(packets.slice(first, first + BATCH));
      faults += errors.length;
      if (faults > MAX_FAULTS) refuse("DAMAGED", "The WebM file is damaged in many places.");
      window.push(channelData, sampleRate);
    }
  } finally {
    decoder.free();
  }
  return "opus";
}

/** MP4 audio with AAC. @returns the codec's name */
export async function decodeM4a(bytes: Uint8Array, meter: Meter): Promise<string> {
  const { sound } = readMp4Tracks(bytes);
  if (sound.length === 0) refuse("NO_AUDIO_TRACK", "The MP4 file has no audio track.");
  if (!sound.includes("mp4a")) {
    refuse("UNSUPPORTED_CODEC", `The MP4 file holds ${nameOf(sound[0] ?? "")}; AAC is read.`);
  }
  const track = await audioTrack(bytes);
  const codec = await track.getCodec();
  if (codec !== "aac") {
    refuse("UNSUPPORTED_CODEC", `The MP4 file holds ${codec ?? "a codec that is not known"}; AAC is read.`);
  }
  checkFormat(await track.getSampleRate(), await track.getNumberOfChannels());
  const { description } = (await track.getDecoderConfig()) ?? {};
  if (description === undefined) refuse("INVALID_HEADER", "The MP4 file does not say how its AAC is made.");
  const config = viewOf(description);
  const aac = openAac(new Uint8Array(config.buffer, config.byteOffset, config.byteLength));
  try {
    await decodeAacTrack(track, aac, meter);
  } finally {
    aac.close();
  }
  return "aac";
}

async function decodeAacTrack(track: InputAudioTrack, aac: AacSession, meter: Meter): Promise<void> {
  let window: Window | null = null;
  let faults = 0;
  let produced = 0;
  for await (const batch of batches(track)) {
    for (const [index, { channels, sampleRate }] of (
      await aac.decode(batch.map(({ data }) => data))
    ).entries()) {
      if (sampleRate === 0) {
        faults += 1;
        if (faults > MAX_FAULTS) refuse("DAMAGED", "The MP4 file is damaged in many places.");
        continue;
      }
      const packet = batch[index] as (typeof batch)[number];
      // Time below zero is what the edit list leaves out: the encoder's priming.
      window ??= new Window(meter, Math.max(0, Math.round(-packet.start * sampleRate)));
      const length = channels[0]?.length ?? 0;
      const end = Math.max(0, Math.round(packet.end * sampleRate));
      // The last packet lasts less than it decodes to: the rest is padding.
      window.limit(Math.max(0, end - produced));
      const before = meter.samples;
      if (length > 0) window.push(channels, sampleRate);
      produced += meter.samples - before;
    }
  }
}

function viewOf(source: AllowSharedBufferSource): DataView {
  return ArrayBuffer.isView(source)
    ? new DataView(source.buffer, source.byteOffset, source.byteLength)
    : new DataView(source);
}

function nameOf(entry: string): string {
  return entry === "alac" ? "Apple Lossless" : /^[\w.-]{1,4}$/.test(entry) ? entry : "an unknown codec";
}
