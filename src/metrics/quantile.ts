import type { Histogram } from "prom-client";

/** A distribution in short: how many, and what a share of them did not exceed; null before the first. */
export interface Distribution {
  readonly count: number;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
}

/**
 * Quantiles of a histogram since the start of the process, all labels together, as Prometheus estimates them: linear
 * within a bucket; beyond the last bucket its bound is given.
 */
export async function distributionOf(histogram: Histogram<string>): Promise<Distribution> {
  const { values } = await histogram.get();
  const cumulative = new Map<number, number>();
  for (const { labels, value, metricName } of values) {
    if (!metricName?.endsWith("_bucket")) continue;
    const bound = labels.le === "+Inf" ? Number.POSITIVE_INFINITY : Number(labels.le);
    cumulative.set(bound, (cumulative.get(bound) ?? 0) + value);
  }
  const buckets = [...cumulative].sort(([a], [b]) => a - b);
  const count = buckets.at(-1)?.[1] ?? 0;
  const at = (share: number) => (count === 0 ? null : quantile(buckets, share * count));
  return { count, p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}

function quantile(buckets: readonly (readonly [number, number])[], rank: number): number {
  let lower = 0;
  let below = 0;
  for (const [bound, upTo] of buckets) {
    if (upTo >= rank) {
      if (bound === Number.POSITIVE_INFINITY) return lower;
      return upTo === below ? bound : lower + ((bound - lower) * (rank - below)) / (upTo - below);
    }
    lower = bound;
    below = upTo;
  }
  return lower;
}
