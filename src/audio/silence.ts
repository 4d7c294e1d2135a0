const FRAME_SECONDS = 0.01;
/**
 * A frame this far below the loudest one is silence. Fricatives, stop bursts and the decay of final vowels lie
 * within 50 dB of the loudest frame; the background that vocoders make lies 60 to 80 dB below it.
 */
const SPEECH_RANGE_DB = 55;
/** In noisier audio a frame counts as speech when it rises this far above the quietest tenth … */
const ABOVE_NOISE_DB = 6;
/** … but a recording without any pause never loses what is within this range. */
const CERTAIN_SPEECH_RANGE_DB = 40;
/** Full scale below which there is nothing to hear at all. */
const ABSOLUTE_SILENCE_DBFS = -70;

/** A half-open range of sample indices. */
export interface SampleRange {
  readonly start: number;
  readonly end: number;
}

function frameLevels(samples: Float32Array, frameLength: number): Float64Array {
  const levels = new Float64Array(Math.ceil(samples.length / frameLength));
  for (let frame = 0; frame < levels.length; frame++) {
    const end = Math.min(samples.length, (frame + 1) * frameLength);
    let energy = 0;
    for (let i = frame * frameLength; i < end; i++) energy += (samples[i] as number) ** 2;
    levels[frame] = 10 * Math.log10(energy / frameLength);
  }
  return levels;
}

/**
 * Where sound begins and ends, in steps of 10 ms and leaning towards keeping: relative to the loudest frame,
 * so that a quiet voice is measured like a loud one.
 * @returns `undefined` when there is no sound at all.
 */
export function findSpeech(samples: Float32Array, sampleRate: number): SampleRange | undefined {
  const frameLength = Math.max(1, Math.round(sampleRate * FRAME_SECONDS));
  const levels = frameLevels(samples, frameLength);
  const loudest = levels.reduce((max, level) => Math.max(max, level), Number.NEGATIVE_INFINITY);
  if (!(loudest > ABSOLUTE_SILENCE_DBFS)) return undefined;
  const noise = levels.toSorted()[Math.floor(levels.length / 10)] as number;
  const threshold = Math.min(
    loudest - CERTAIN_SPEECH_RANGE_DB,
    Math.max(loudest - SPEECH_RANGE_DB, noise + ABOVE_NOISE_DB),
  );
  const isSpeech = (level: number): boolean => level > threshold;
  const first = levels.findIndex(isSpeech);
  const last = levels.findLastIndex(isSpeech);
  return { start: first * frameLength, end: Math.min(samples.length, (last + 1) * frameLength) };
}
