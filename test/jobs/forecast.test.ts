import { describe, expect, it } from "vitest";
import { type ForecastJob, forecast } from "../../src/jobs/forecast.ts";
import { laneOf, placesOf } from "../../src/jobs/lane.ts";

const machine = { members: 2, places: placesOf(2) };
const job = (id: string, fields: Partial<ForecastJob> = {}): ForecastJob => ({
  ...{ id, owner: id, lane: "short", running: false, seconds: 10, utterances: 100 },
  ...fields,
});

function endsOf(jobs: readonly ForecastJob[], on = machine): Record<string, number> {
  return Object.fromEntries([...forecast(jobs, on)].map(([id, end]) => [id, Math.round(end * 100) / 100]));
}

describe("a forecast", () => {
  it("gives a job alone every member that it has an utterance for", () => {
    expect(endsOf([job("a", { running: true })])).toEqual({ a: 5 });
    expect(endsOf([job("a", { utterances: 1 })])).toEqual({ a: 10 });
    expect(endsOf([])).toEqual({});
  });

  it("shares members among owners before their jobs", () => {
    const jobs = [
      job("a1", { owner: "a", running: true }),
      job("a2", { owner: "a", running: true }),
      job("b", { running: true }),
    ];
    // Half of two members for b; the rest for both of a, then all of it.
    expect(endsOf(jobs)).toEqual({ b: 10, a1: 15, a2: 15 });
  });

  it("lets jobs wait for a place of their lane only", () => {
    const long = ["l1", "l2"].map((id) => job(id, { lane: "long", running: true, seconds: 100 }));
    const waiting = [
      job("l3", { lane: "long", seconds: 100 }),
      job("s1", { seconds: 1 }),
      job("s2", { seconds: 1 }),
    ];
    const ends = endsOf([...long, ...waiting]);
    expect(ends.s1).toBeLessThan(3);
    expect(ends.l1).toBeLessThan(105);
    expect(ends.l3).toBe(151);
  });

  it("takes those that wait in their order", () => {
    const waiting = ["w1", "w2", "w3", "w4"].map((id) => job(id));
    expect(endsOf(waiting)).toEqual({ w1: 10, w2: 10, w3: 20, w4: 20 });
  });

  it("gives batch an eighth beside others and all of the rest", () => {
    const jobs = [
      job("i", { running: true, seconds: 7 }),
      job("b", { lane: "batch", running: true, seconds: 10 }),
    ];
    expect(endsOf(jobs)).toEqual({ i: 4, b: 8.5 });
  });

  it("counts what uses no member by the clock", () => {
    const jobs = [job("e", { running: true, utterances: null }), job("s", { running: true, seconds: 4 })];
    expect(endsOf(jobs)).toEqual({ e: 10, s: 2 });
    const refined = ["r1", "r2"].map((id) => job(id, { running: true, utterances: null, background: true }));
    expect(endsOf([...refined, job("s", { seconds: 4 })])).toMatchObject({ s: 2 });
  });
});

describe("lanes", () => {
  it("are those of short, long and batch jobs", () => {
    const lane = (priority: "INTERACTIVE" | "BATCH", characters: number) => laneOf({ priority, characters });
    expect([lane("INTERACTIVE", 20), lane("INTERACTIVE", 1_000)]).toEqual(["short", "short"]);
    expect(lane("INTERACTIVE", 1_001)).toBe("long");
    expect([lane("BATCH", 20), lane("BATCH", 50_000)]).toEqual(["batch", "batch"]);
  });

  it("have a place each even on the smallest node", () => {
    expect(placesOf(1)).toEqual({ short: 1, long: 1, batch: 1 });
    expect(placesOf(4)).toEqual({ short: 4, long: 4, batch: 2 });
  });
});
