/**
 * Quantises to signed 16 bits: ±1 is full scale (2¹⁵), rounded to the nearest step, clamped, NaN is silence.
 * Dividing by 32768 gives the samples back to within half a step.
 */
export function toPcm16(samples: Float32Array): Int16Array<ArrayBuffer> {
  const out = new Int16Array(samples.length);
  for (let i = 0; i < samples.length; i++) {
    const scaled = Math.round((samples[i] as number) * 32_768);
    out[i] = scaled > 32_767 ? 32_767 : scaled < -32_768 ? -32_768 : scaled;
  }
  return out;
}

/** The same samples as little-endian bytes, whatever the byte order of the machine. */
export function toPcm16Bytes(samples: Float32Array): Uint8Array {
  const pcm = toPcm16(samples);
  const bytes = new Uint8Array(pcm.buffer);
  if (!IS_LITTLE_ENDIAN) {
    const view = new DataView(bytes.buffer);
    for (let i = 0; i < pcm.length; i++) view.setInt16(i * 2, pcm[i] as number, true);
  }
  return bytes;
}

const IS_LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
