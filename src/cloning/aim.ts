import { EMBEDDING_LENGTH } from "../inference/analysis.ts";
import { dot, zeros } from "./linear.ts";
import { VIEWS } from "./listen.ts";
import type { StyleMap } from "./style-map.ts";

/**
 * What a voice of typical distance from the mean voice costs, in cosine. Cheaper distances please the encoder of the
 * search more and others less; dearer ones stay with the mean voice.
 */
const DISTANCE_COST = 0.05;

const STEPS = 150;
const FIRST_STEP = 0.5;

/** One view of a map, reduced to what its cosine with the target needs. */
interface Sight {
  /** How the expected embedding lies along the target: constant + along · x. */
  readonly constant: number;
  readonly along: Float64Array;
  /** Its square length: square + 2 cross · x + xᵀ · form · x. */
  readonly square: number;
  readonly cross: Float64Array;
  readonly form: Float64Array;
}

/**
 * The coordinates that a map expects to be heard closest to the target: mean cosine over the views, less the cost of
 * distance. Gradient ascent with a step that grows while it helps and shrinks when it does not.
 *
 * @param views the target's, VIEWS of them, unit length.
 * @param from where to start; the result lies at most `reach` away from it.
 */
export function aim(
  map: StyleMap,
  views: readonly Float32Array[],
  from: Float64Array,
  reach = Number.POSITIVE_INFINITY,
): Float64Array {
  const sights = Array.from({ length: VIEWS }, (_, view) => sightOf(map, views, view));
  let x: Float64Array = Float64Array.from(from);
  let here = expect(sights, x);
  let step = FIRST_STEP;
  for (let i = 0; i < STEPS && step > 1e-4; i += 1) {
    const length = Math.hypot(...here.gradient);
    if (length === 0) break;
    const next = within(
      x.map((value, d) => value + (step * (here.gradient[d] as number)) / length),
      from,
      reach,
    );
    const there = expect(sights, next);
    if (there.value > here.value) {
      x = next;
      here = there;
      step *= 1.3;
    } else step *= 0.5;
  }
  return x;
}

function sightOf({ offset, weights }: StyleMap, views: readonly Float32Array[], view: number): Sight {
  const target = views[view] ?? new Float32Array(EMBEDDING_LENGTH);
  const first = view * EMBEDDING_LENGTH;
  const row = (d: number) => {
    const start = d * weights.columns + first;
    return weights.values.subarray(start, start + EMBEDDING_LENGTH);
  };
  const base = offset.subarray(first, first + EMBEDDING_LENGTH);
  const size = weights.rows;
  const form = zeros(size, size).values;
  for (let i = 0; i < size; i += 1) {
    for (let j = 0; j <= i; j += 1) {
      const value = dot(row(i), row(j));
      form[i * size + j] = value;
      form[j * size + i] = value;
    }
  }
  return {
    constant: dot(base, target),
    along: Float64Array.from({ length: size }, (_, d) => dot(row(d), target)),
    square: dot(base, base),
    cross: Float64Array.from({ length: size }, (_, d) => dot(row(d), base)),
    form,
  };
}

function expect(sights: readonly Sight[], x: Float64Array): { value: number; gradient: Float64Array } {
  const size = x.length;
  let value = 0;
  const gradient = new Float64Array(size);
  for (const { constant, along, square, cross, form } of sights) {
    const slope = new Float64Array(size);
    let projection = constant;
    let length = square;
    for (let i = 0; i < size; i += 1) {
      let sum = cross[i] as number;
      for (let j = 0; j < size; j += 1) sum += (form[i * size + j] as number) * (x[j] as number);
      slope[i] = sum;
      projection += (along[i] as number) * (x[i] as number);
      length += (x[i] as number) * (sum + (cross[i] as number));
    }
    const norm = Math.sqrt(Math.max(length, 1e-12));
    const cosine = projection / norm;
    value += cosine / sights.length;
    for (let i = 0; i < size; i += 1) {
      const change = (along[i] as number) / norm - (cosine * (slope[i] as number)) / norm ** 2;
      gradient[i] = (gradient[i] as number) + change / sights.length;
    }
  }
  for (let i = 0; i < size; i += 1) {
    const coordinate = x[i] as number;
    value -= (DISTANCE_COST * coordinate ** 2) / size;
    gradient[i] = (gradient[i] as number) - (2 * DISTANCE_COST * coordinate) / size;
  }
  return { value, gradient };
}

function within(x: Float64Array, from: Float64Array, reach: number): Float64Array {
  const distance = Math.hypot(...x.map((value, d) => value - (from[d] as number)));
  if (distance <= reach) return x;
  return x.map((value, d) => (from[d] as number) + ((value - (from[d] as number)) * reach) / distance);
}
