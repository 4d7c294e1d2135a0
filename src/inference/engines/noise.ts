import { floatTensor } from "../onnx.ts";

/** As much as 47 s of a network of 192 channels and 86 frames a second ask for; what is longer hears it again. */
const LENGTH = 192 * 4096;

let noise: ReturnType<typeof floatTensor> | null = null;

/** Standard normal numbers, float32 [n], the same ones always: what was spoken once sounds the same again. */
export function normalNoise(): ReturnType<typeof floatTensor> {
  noise ??= floatTensor(drawn(LENGTH), [LENGTH]);
  return noise;
}

/** Marsaglia's polar method over the generator mulberry32. */
function drawn(length: number): Float32Array {
  const values = new Float32Array(length);
  let state = 1;
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 31 - 1;
  };
  for (let index = 0; index < length; ) {
    const [x, y] = [uniform(), uniform()];
    const square = x * x + y * y;
    if (square >= 1 || square === 0) continue;
    const factor = Math.sqrt((-2 * Math.log(square)) / square);
    values[index++] = x * factor;
    if (index < length) values[index++] = y * factor;
  }
  return values;
}
