/** How close to its largest value a wave must be to lie on the plateau that clipping leaves. */
const PLATEAU = 0.97;

/**
 * The share of samples that were cut off, 0 to 1: those within 3 % of full scale, or of the largest sample where the
 * recording was turned down afterwards. The wave of a voice passes its peaks quickly, so without clipping it is below
 * a thousandth. Resampling lets a clipped wave swing beyond full scale, which counts too.
 */
export function measureClipping(samples: Float32Array): number {
  let peak = 0;
  for (const sample of samples) peak = Math.max(peak, Math.abs(sample));
  if (peak === 0) return 0;
  const level = PLATEAU * Math.min(1, peak);
  let clipped = 0;
  for (const sample of samples) if (Math.abs(sample) >= level) clipped++;
  return clipped / samples.length;
}
