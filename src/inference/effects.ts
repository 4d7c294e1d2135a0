import { limitTruePeak } from "../audio/limiter.ts";
import { shiftPitch } from "../audio/pitch-shift.ts";
import type { Effects, UtteranceAudio } from "./engine.ts";

/** True peak that what was made louder keeps to; what is louder by itself is turned down when it is joined. */
const CEILING = 0.94;

/**
 * Does to an utterance what a text asks for beyond its words. Its length stays, and so do the times of its tokens; the
 * same request gives the same samples.
 *
 * @param effects pitch of -12 to 12 semitones, gain in dB; left out, the utterance stays as it is
 */
export async function applyEffects(
  audio: UtteranceAudio,
  effects: Effects | undefined,
): Promise<UtteranceAudio> {
  if (effects === undefined) return audio;
  const { pitchSemitones, gainDb } = effects;
  let { samples } = audio;
  if (pitchSemitones !== 0) samples = await shiftPitch(samples, audio.sampleRate, pitchSemitones);
  if (gainDb !== 0) {
    const factor = 10 ** (gainDb / 20);
    samples = samples.map((sample) => sample * factor);
  }
  return gainDb > 0
    ? { ...audio, samples: limitTruePeak(samples, audio.sampleRate, CEILING) }
    : { ...audio, samples };
}
