/** Constant rate in kbit/s: transparent for mono speech at 24 kHz, and seeking stays exact. */
const BITRATE_KBPS = 96;
/** Below this rate the stream is MPEG-2.5, which stops at 64 kbit/s. */
const MPEG2_FROM_RATE = 16_000;
const LOW_BITRATE_KBPS = 64;
/** From here on the stream is MPEG-1, with twice as many samples in a frame. */
const MPEG1_FROM_RATE = 32_000;

/** How the frames of a stream are at a sample rate; `frameBytes` without padding. */
export function mp3Frames(sampleRate: number) {
  const bitrateKbps = sampleRate < MPEG2_FROM_RATE ? LOW_BITRATE_KBPS : BITRATE_KBPS;
  const samplesPerFrame = sampleRate >= MPEG1_FROM_RATE ? 1152 : 576;
  const frameBytes = Math.floor((samplesPerFrame / 8) * ((bitrateKbps * 1000) / sampleRate));
  return { bitrateKbps, samplesPerFrame, frameBytes } as const;
}
