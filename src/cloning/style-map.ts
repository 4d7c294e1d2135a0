import { EMBEDDING_LENGTH } from "../inference/analysis.ts";
import { type Matrix, solve, zeros } from "./linear.ts";
import { VIEWS } from "./listen.ts";
import { SEARCH_SENTENCES } from "./sentences.ts";

/** Numbers in what the encoder says about an utterance: its views one after the other. */
export const HEARD_LENGTH = VIEWS * EMBEDDING_LENGTH;

const SENTENCES = SEARCH_SENTENCES.length;

/** An utterance that was spoken at a point of the style space, and how it was heard. */
export interface Observation {
  readonly point: Float64Array;
  /** Index in `SEARCH_SENTENCES`. */
  readonly sentence: number;
  /** [VIEWS × 256] */
  readonly heard: Float32Array;
}

/** Normal equations of a linear regression: they say all that observations say about it, and can be added up. */
export interface NormalEquations {
  /** How many observations are in it. */
  readonly count: number;
  /** [features, features], with the ridge. */
  readonly gram: Matrix;
  /** [features, HEARD_LENGTH] */
  readonly products: Matrix;
}

/** One feature for each sentence, one that marks observations of a search, then the point. */
const featuresOf = (dimensions: number) => SENTENCES + 1 + dimensions;

/** Ridge on the weights of the point (in units of a typical voice) and, next to none, on the offsets. */
const RIDGE = 30;
const OFFSET_RIDGE = 0.01;

/** Regression of what is heard on styles. A point's coordinates count in units of a typical voice: √voices. */
export function collect(
  observations: readonly Observation[],
  voices: number,
  local: boolean,
): NormalEquations {
  const size = featuresOf(2 * voices);
  const gram = zeros(size, size);
  const products = zeros(size, HEARD_LENGTH);
  if (!local) {
    for (let i = 0; i < size; i += 1) gram.values[i * size + i] = i <= SENTENCES ? OFFSET_RIDGE : RIDGE;
  }
  const features = new Float64Array(size);
  for (const { point, sentence, heard } of observations) {
    features.fill(0, 0, SENTENCES + 1);
    features[sentence] = 1;
    if (local) features[SENTENCES] = 1;
    for (let i = 0; i < point.length; i += 1)
      features[SENTENCES + 1 + i] = (point[i] as number) * Math.sqrt(voices);
    for (let row = 0; row < size; row += 1) {
      const value = features[row] as number;
      if (value === 0) continue;
      for (let c = 0; c < size; c += 1)
        gram.values[row * size + c] =
          (gram.values[row * size + c] as number) + value * (features[c] as number);
      for (let c = 0; c < HEARD_LENGTH; c += 1) {
        const at = row * HEARD_LENGTH + c;
        products.values[at] = (products.values[at] as number) + value * (heard[c] as number);
      }
    }
  }
  return { count: observations.length, gram, products };
}

/** Both together, the first at a lower weight. */
export function blend(learnt: NormalEquations, weight: number, own: NormalEquations): NormalEquations {
  const add = (a: Matrix, b: Matrix): Matrix => ({
    ...a,
    values: a.values.map((value, i) => weight * value + (b.values[i] as number)),
  });
  return {
    count: learnt.count + own.count,
    gram: add(learnt.gram, own.gram),
    products: add(learnt.products, own.products),
  };
}

/** How a style is expected to be heard, the mean over sentences: offset + weightsᵀ · coordinates. */
export interface StyleMap {
  /** [HEARD_LENGTH] */
  readonly offset: Float64Array;
  /** [dimensions, HEARD_LENGTH]; coordinates are a point's numbers times √voices. */
  readonly weights: Matrix;
}

export function mapOf({ gram, products }: NormalEquations): StyleMap {
  const { values } = solve(gram, products);
  const offset = new Float64Array(HEARD_LENGTH);
  for (let c = 0; c < HEARD_LENGTH; c += 1) {
    for (let sentence = 0; sentence < SENTENCES; sentence += 1) {
      offset[c] = (offset[c] as number) + (values[sentence * HEARD_LENGTH + c] as number) / SENTENCES;
    }
    offset[c] = (offset[c] as number) + (values[SENTENCES * HEARD_LENGTH + c] as number);
  }
  const first = SENTENCES + 1;
  return {
    offset,
    weights: {
      rows: gram.rows - first,
      columns: HEARD_LENGTH,
      values: values.slice(first * HEARD_LENGTH),
    },
  };
}
