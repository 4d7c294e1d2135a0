import { openAac } from "../../src/audio/intake/aac-client.ts";
import { concat } from "./signals.ts";

/** Samples of one frame of AAC-LC. */
export const AAC_FRAME_SAMPLES = 1024;

interface AdtsFrame {
  readonly rateNumber: number;
  readonly channels: number;
  readonly profile: number;
  /** The packet without its header. */
  readonly packet: Uint8Array;
}

/** The frames of an ADTS stream; fails where one does not begin right behind the last. */
export function adtsFrames(bytes: Uint8Array): AdtsFrame[] {
  const frames: AdtsFrame[] = [];
  for (let at = 0; at < bytes.length; ) {
    const [sync = 0, second = 0, third = 0, fourth = 0, fifth = 0, sixth = 0] = bytes.subarray(at, at + 7);
    if (sync !== 0xff || (second & 0xf6) !== 0xf0) throw new Error(`no frame of ADTS at ${at}`);
    const length = ((fourth & 3) << 11) | (fifth << 3) | (sixth >> 5);
    if (length < 8 || at + length > bytes.length) throw new Error(`a frame of ${length} bytes at ${at}`);
    frames.push({
      profile: (third >> 6) + 1,
      rateNumber: (third >> 2) & 15,
      channels: ((third & 1) << 2) | (fourth >> 6),
      packet: bytes.subarray(at + 7, at + length),
    });
    at += length;
  }
  return frames;
}

/** What FAAD2 makes of an ADTS stream of one channel; of the first frame, the encoder's delay, it makes nothing. */
export async function decodeAdts(bytes: Uint8Array): Promise<{ sampleRate: number; samples: Float32Array }> {
  const frames = adtsFrames(bytes);
  const [first] = frames;
  if (first === undefined) throw new Error("there is no frame");
  const { profile, rateNumber, channels } = first;
  // AudioSpecificConfig: five bits of profile, four of rate, four of channels; then that there is no upper band, which
  // FAAD2 would otherwise expect at these rates.
  const config = (profile << 11) | (rateNumber << 7) | (channels << 3);
  const session = openAac(Uint8Array.of(config >> 8, config & 0xff, 0x56, 0xe5, 0));
  const packets = await session.decode(frames.map(({ packet }) => packet));
  session.close();
  return {
    sampleRate: packets.at(-1)?.sampleRate ?? 0,
    samples: concat(packets.map(({ channels: [mono] }) => mono ?? new Float32Array(0))),
  };
}
