/** What repeated measurements of one thing come to. */
export interface Summary {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

/**
 * The value below which a share of the measurements lies, linear between neighbours.
 * @throws Error when there are none.
 */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const position = (sorted.length - 1) * share;
  const below = sorted[Math.floor(position)];
  const above = sorted[Math.ceil(position)];
  if (below === undefined || above === undefined) throw new Error("nothing was measured");
  return below + (above - below) * (position - Math.floor(position));
}

export function summarise(values: readonly number[]): Summary {
  return { median: quantile(values, 0.5), least: quantile(values, 0), most: quantile(values, 1) };
}

/** Ratios of measurements that were taken right after one another, so that slow drifts of the machine cancel. */
export function pairedRatios(numerators: readonly number[], denominators: readonly number[]): number[] {
  return numerators.map((numerator, index) => numerator / (denominators[index] ?? Number.NaN));
}

/** "1.02 (0.99 to 1.05)": the median and the whole spread. */
export function withSpread({ median, least, most }: Summary, digits: number): string {
  const [middle, low, high] = [median, least, most].map((value) => value.toFixed(digits));
  return low === high ? `${middle}` : `${middle} (${low} to ${high})`;
}
