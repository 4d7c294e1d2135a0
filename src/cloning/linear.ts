/** A matrix of numbers, row by row. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float64Array;
}

export function zeros(rows: number, columns: number): Matrix {
  return { rows, columns, values: new Float64Array(rows * columns) };
}

export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

/** The vector at unit length; a vector of zeros stays as it is. */
function unit(vector: Float32Array): Float32Array {
  const length = Math.sqrt(dot(vector, vector));
  return length === 0 ? vector : vector.map((value) => value / length);
}

/** Mean of unit vectors, again at unit length. */
export function meanDirection(vectors: readonly Float32Array[]): Float32Array {
  const sum = new Float32Array(vectors[0]?.length ?? 0);
  for (const vector of vectors)
    for (let i = 0; i < sum.length; i += 1) sum[i] = (sum[i] ?? 0) + (vector[i] ?? 0);
  return unit(sum);
}

/**
 * X of A X = B by Cholesky's decomposition.
 * @param a symmetric and positive definite; only its lower half is read.
 */
export function solve(a: Matrix, b: Matrix): Matrix {
  const n = a.rows;
  const lower = Float64Array.from(a.values);
  for (let j = 0; j < n; j += 1) {
    for (let i = j; i < n; i += 1) {
      let sum = lower[i * n + j] as number;
      for (let k = 0; k < j; k += 1) sum -= (lower[i * n + k] as number) * (lower[j * n + k] as number);
      if (i === j && !(sum > 0)) throw new Error("the matrix is not positive definite");
      lower[i * n + j] = i === j ? Math.sqrt(sum) : sum / (lower[j * n + j] as number);
    }
  }
  const width = b.columns;
  const x = Float64Array.from(b.values);
  const subtract = (target: number, source: number, factor: number) => {
    for (let c = 0; c < width; c += 1) {
      x[target * width + c] = (x[target * width + c] as number) - factor * (x[source * width + c] as number);
    }
  };
  const divide = (row: number) => {
    const pivot = lower[row * n + row] as number;
    for (let c = 0; c < width; c += 1) x[row * width + c] = (x[row * width + c] as number) / pivot;
  };
  for (let i = 0; i < n; i += 1) {
    for (let k = 0; k < i; k += 1) subtract(i, k, lower[i * n + k] as number);
    divide(i);
  }
  for (let i = n - 1; i >= 0; i -= 1) {
    for (let k = i + 1; k < n; k += 1) subtract(i, k, lower[k * n + i] as number);
    divide(i);
  }
  return { rows: n, columns: width, values: x };
}
