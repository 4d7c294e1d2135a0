import type { Random } from "./random.ts";

/**
 * A random voice to learn from: half of them normal around the mean voice, half mixes of a few stock voices that
 * reach a little beyond them; timbre and prosody agree, differ or lie in between.
 * @returns a point of the style space of `voices` stock voices.
 */
export function drawPoint(random: Random, voices: number): Float64Array {
  const point = new Float64Array(2 * voices);
  const halves = [point.subarray(0, voices), point.subarray(voices)] as const;
  if (random.uniform() < 0.5) {
    const agreement = [0, 1, random.uniform()][random.below(3)] as number;
    const scales = [0.5 + 0.7 * random.uniform(), 0.5 + 0.7 * random.uniform()] as const;
    for (let voice = 0; voice < voices; voice += 1) {
      const timbre = random.normal();
      const prosody = agreement * timbre + Math.sqrt(1 - agreement ** 2) * random.normal();
      halves[0][voice] = (scales[0] * timbre) / Math.sqrt(voices);
      halves[1][voice] = (scales[1] * prosody) / Math.sqrt(voices);
    }
    return point;
  }
  const timbre = drawMix(random, voices);
  const prosody = random.uniform() < 0.5 ? timbre : drawMix(random, voices);
  for (const [half, mix] of [timbre, prosody].entries()) {
    for (let voice = 0; voice < voices; voice += 1) {
      const target = halves[half] as Float64Array;
      target[voice] = (mix[voice] as number) + (0.3 * random.normal()) / Math.sqrt(voices);
    }
  }
  return point;
}

/** One to four stock voices, weights summing up to 0.8 to 1.25. */
function drawMix(random: Random, voices: number): Float64Array {
  const mix = new Float64Array(voices);
  const count = 1 + random.below(4);
  for (let part = 0; part < count; part += 1) {
    const voice = random.below(voices);
    mix[voice] = (mix[voice] as number) - Math.log(1 - random.uniform());
  }
  const total = mix.reduce((sum, weight) => sum + weight, 0);
  const reach = 0.8 + 0.45 * random.uniform();
  return mix.map((weight) => (weight / total) * reach);
}
