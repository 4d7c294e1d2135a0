// Side-by-side benchmarks of the compiled service; see docs/benchmarks.md.
//   npm run bench [-- SECTION…] [--rounds 5] [--window 10] [--jobs 30,300]
import { readFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg, release, totalmem } from "node:os";
import { parseArgs } from "node:util";
import { VERSION } from "../src/version.ts";
import { benchCache } from "./cache.ts";
import { cleanUpAll } from "./cleanup.ts";
import { benchEventLoop } from "./event-loop.ts";
import { benchFairness } from "./fairness.ts";
import { benchFirstAudio } from "./first-audio.ts";
import { benchHostile } from "./hostile.ts";
import { benchJob } from "./job.ts";
import { benchMemory } from "./memory.ts";
import { benchQuality } from "./quality.ts";
import { describeGoal, type Goal, print, printSection, type Section, table, tell } from "./report.ts";
import { benchThroughput } from "./throughput.ts";
import { benchVoices } from "./voices.ts";

const COMPARED = [
  "onnxruntime-node",
  "graphql-yoga",
  "graphql",
  "@electric-sql/pglite",
  "pg-boss",
  "autocannon",
];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: "string", default: "5" },
    window: { type: "string", default: "10" },
    jobs: { type: "string", default: "30,300" },
  },
});
const rounds = Number(values.rounds);
const windowSeconds = Number(values.window);
const [few = 30, many = 300] = values.jobs.split(",").map(Number);

const SECTIONS: Readonly<Record<string, () => Promise<Section>>> = {
  job: () => benchJob({ rounds }),
  first: () => benchFirstAudio({ rounds }),
  throughput: () => benchThroughput({ rounds }),
  fairness: () => benchFairness({ rounds }),
  cache: () => benchCache({ rounds }),
  loop: () => benchEventLoop({ rounds, windowSeconds }),
  voices: () => benchVoices({ rounds, windowSeconds }),
  memory: () => benchMemory({ few, many }),
  quality: () => benchQuality(),
  hostile: () => benchHostile({ rounds, windowSeconds }),
};

/** Not every package lets its package.json be imported, so it is read. */
function versionOf(name: string): string {
  const file = new URL(`../node_modules/${name}/package.json`, import.meta.url);
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}

function versions(): string {
  return table(
    ["what", "version"],
    [
      ["speaker", VERSION],
      ["node", process.version],
      ...COMPARED.map((name) => [name, versionOf(name)]),
      ["processor", `${cpus()[0]?.model ?? "unknown"}, ${availableParallelism()} cores`],
      ["memory", `${(totalmem() / 2 ** 30).toFixed(0)} GiB`],
      ["system", `${process.platform} ${release()} ${process.arch}`],
      [
        "load average at the start",
        loadavg()
          .map((load) => load.toFixed(2))
          .join(" "),
      ],
    ],
  );
}

const wanted = positionals.length === 0 ? Object.keys(SECTIONS) : positionals;
const unknown = wanted.filter((name) => SECTIONS[name] === undefined);
if (unknown.length > 0) {
  print(`There is no section ${unknown.join(", ")}. There are: ${Object.keys(SECTIONS).join(", ")}.`);
  process.exit(2);
}

const INTERRUPTED = 130;
let interrupted = false;
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    interrupted = true;
    void cleanUpAll().finally(() => process.exit(INTERRUPTED));
  });
}

async function runSections(): Promise<void> {
  print(`# Speaker, side by side, ${new Date().toISOString()}\n\n${versions()}`);
  const goals: Goal[] = [];
  for (const name of wanted) {
    tell(name);
    const section = await SECTIONS[name]?.();
    if (section === undefined) continue;
    printSection(section);
    goals.push(...section.goals);
  }
  if (goals.length > 0) print(`\n## Goals\n\n${goals.map(describeGoal).join("\n")}`);
}

try {
  await runSections();
} catch (error) {
  // What was being measured fails when it is taken away: that is no news to who has interrupted it.
  if (!interrupted) throw error;
}
