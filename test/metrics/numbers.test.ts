import { Histogram, Registry } from "prom-client";
import { describe, expect, it } from "vitest";
import { routeOf } from "../../src/metrics/http.ts";
import { BoundedNames } from "../../src/metrics/names.ts";
import { distributionOf } from "../../src/metrics/quantile.ts";

describe("labels", () => {
  it("keep known operation names and the first others, whatever clients send", () => {
    const names = new BoundedNames(["Synthesize"]);
    const seen = new Set<string>();
    for (let i = 0; i < 5_000; i++) seen.add(names.of(`Attack${i}`));
    expect(seen.size).toBe(65);
    expect(names.of("Attack4999")).toBe("other");
    expect(names.of("Attack3")).toBe("Attack3");
    expect(names.of("Synthesize")).toBe("Synthesize");
    expect(names.of(undefined)).toBe("anonymous");
    expect(new BoundedNames([]).of('x"} 1\nevil 2')).toBe("other");
    expect(new BoundedNames([]).of("x".repeat(65))).toBe("other");
  });

  it("keep routes, not paths", () => {
    expect(
      ["/graphql", "/audio/123", "/audio/../x", "/metrics", "/", "/wp-admin", "/healthz", "/audit.jsonl"].map(
        routeOf,
      ),
    ).toEqual(["/graphql", "/audio/:id", "other", "/metrics", "/", "other", "/healthz", "/audit.jsonl"]);
  });
});

describe("distributions", () => {
  const histogram = () =>
    new Histogram({
      name: "x_seconds",
      help: "x",
      labelNames: ["kind"],
      buckets: [1, 2, 4],
      registers: [new Registry()],
    });

  it("are empty before the first", async () => {
    expect(await distributionOf(histogram())).toEqual({ count: 0, p50: null, p95: null, p99: null });
  });

  it("are estimated within buckets over all labels, and end at the last bound", async () => {
    const values = histogram();
    for (let i = 0; i < 50; i++) values.observe({ kind: "a" }, 0.5);
    for (let i = 0; i < 45; i++) values.observe({ kind: "b" }, 3);
    for (let i = 0; i < 5; i++) values.observe({ kind: "b" }, 100);
    const { count, p50, p95, p99 } = await distributionOf(values);
    expect(count).toBe(100);
    expect(p50).toBeCloseTo(1);
    expect(p95).toBeCloseTo(4);
    expect(p99).toBe(4);
  });
});
