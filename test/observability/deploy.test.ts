import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Registry } from "prom-client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CancelJob, Synthesize } from "../../src/client/operations.ts";
import { defineMetrics } from "../../src/metrics/definitions.ts";
import { overWebSocket, post } from "../helpers/caller.ts";
import { finished } from "../helpers/jobs.ts";
import { useTestNode } from "../helpers/node.ts";
import { hasPrometheus, TestPrometheus } from "../helpers/prometheus.ts";

const FOLDER = fileURLToPath(new URL("../../deploy/observability", import.meta.url));
const run = promisify(execFile);

interface Panel {
  readonly title: string;
  readonly type: string;
  readonly targets?: readonly { readonly expr: string }[];
}

const dashboard = JSON.parse(await readFile(`${FOLDER}/grafana/dashboards/speaker.json`, "utf8")) as {
  readonly panels: readonly Panel[];
};
const alerts = await readFile(`${FOLDER}/alerts.yml`, "utf8");
const alertNames = [...alerts.matchAll(/- alert: (\w+)/g)].map(([, name]) => name);
const queries = dashboard.panels.flatMap(({ title, targets = [] }) =>
  targets.map(({ expr }) => ({ title, expr })),
);
/** Panels that only machines with an NVIDIA driver fill: their row is marked so. */
const isGpu = (title: string) => title.startsWith("GPU ");

const installed = await hasPrometheus();
if (!installed) {
  process.stderr.write(
    "\n*** SKIPPED: Prometheus is not installed (Debian: apt-get install prometheus). The alert rules and the dashboard are NOT checked. ***\n\n",
  );
}

describe("what is deployed for operators", () => {
  it("names only metrics that a node has", async () => {
    const known = new Set(
      (await defineMetrics(new Registry()).registry.getMetricsAsJSON()).map(({ name }) => name),
    );
    const used = [...`${alerts}${JSON.stringify(queries)}`.matchAll(/\b(?:speaker|nodejs|process)_\w+/g)].map(
      ([name]) => name.replace(/_(bucket|count|sum)$/, (suffix) => (known.has(name) ? suffix : "")),
    );
    expect(used.length).toBeGreaterThan(60);
    expect([...new Set(used)].filter((name) => !known.has(name))).toEqual([]);
  });

  it("explains every alert to whoever it wakes", async () => {
    const operations = await readFile(new URL("../../docs/operations.md", import.meta.url), "utf8");
    expect(alertNames.length).toBeGreaterThan(15);
    expect(alertNames.filter((name) => !operations.includes(`\`${name}\``))).toEqual([]);
  });

  it("tests every alert", async () => {
    const tests = await readFile(`${FOLDER}/alerts.test.yml`, "utf8");
    expect(alertNames.filter((name) => !tests.includes(`alertname: ${name}\n`))).toEqual([]);
  });
});

describe.runIf(installed)("promtool", () => {
  it.each([
    ["check", "rules", "alerts.yml"],
    ["check", "config", "prometheus.yml"],
    ["test", "rules", "alerts.test.yml"],
  ])("%s %s %s", async (...args) => {
    const { stdout } = await run("promtool", args, { cwd: FOLDER });
    expect(stdout).toMatch(/SUCCESS/);
  });
});

describe.runIf(installed)("a real Prometheus", () => {
  const node = useTestNode("embedded", { RATE_LIMIT_PER_MINUTE: "0" });
  let prometheus: TestPrometheus;
  beforeAll(async () => {
    prometheus = await TestPrometheus.start(FOLDER, new URL(node.url).host);
  });
  afterAll(() => prometheus?.stop());

  /** Everything that the dashboard shows must have happened: successes, failures, sockets, streams. */
  async function traffic(): Promise<void> {
    const speak = async (text: string) => {
      const { synthesize } = await node.client.request(Synthesize, { input: { text, voiceId: "af_heart" } });
      if (synthesize.__typename !== "SynthesisJob") throw new Error(synthesize.__typename);
      return synthesize.id;
    };
    await finished(node.client, await speak("Traffic for the dashboard. It has two sentences."));
    await node.client.request(CancelJob, { id: await speak("Cancel me. ".repeat(300)) });
    await post(node.url, "{ nothing }");
    await post(node.url, 'mutation Refused { cancelJob(id: "x") { __typename } }');
    const stream = overWebSocket(node.url, "subscription Numbers { metrics(intervalMs: 250) { nodeId } }");
    await stream.next();
    await stream.return(undefined);
  }

  it("scrapes a node, and every query of the dashboard has data", async () => {
    // A rate needs a sample from before something happened, or two from after it.
    await traffic();
    const scraped = async () =>
      Number((await prometheus.query('count_over_time(speaker_info{role="all"}[2m])'))[0]?.value[1] ?? 0);
    await expect.poll(scraped, { timeout: 60_000, interval: 500 }).toBeGreaterThan(2);
    const before = await scraped();
    await traffic();
    await expect.poll(scraped, { timeout: 60_000, interval: 500 }).toBeGreaterThan(before + 3);

    const empty: string[] = [];
    for (const { title, expr } of queries) {
      const concrete = expr.replaceAll("$__rate_interval", "1m").replaceAll("$instance", ".*");
      const series = await prometheus.query(concrete);
      const hasNumbers = series.some(({ value }) => Number.isFinite(Number(value[1])));
      if (!isGpu(title) && !hasNumbers) empty.push(`${title}: ${concrete}`);
    }
    expect(empty).toEqual([]);
  }, 180_000);

  it("loads every alert, and none of a healthy node fires", async () => {
    const evaluated = async () =>
      (await prometheus.rules()).filter(({ health }) => health !== "unknown").length;
    await expect.poll(evaluated, { timeout: 60_000, interval: 500 }).toBe(alertNames.length);
    const rules = await prometheus.rules();
    expect(rules.map(({ name }) => name).sort()).toEqual([...alertNames].sort());
    expect(rules.filter(({ health }) => health !== "ok")).toEqual([]);
    expect(rules.filter(({ state }) => state === "firing")).toEqual([]);
  });
});
