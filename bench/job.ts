import { availableParallelism } from "node:os";
import { lexiconPaths } from "../src/speech-engine.ts";
import { createTextFrontEnd } from "../src/synthesis/text/front-end.ts";
import type { BareAnswer, BareLoad, BareRun } from "./bare-runtime.ts";
import { BenchChild } from "./child.ts";
import { benchModelStore, kokoroFile, weightFile } from "./models.ts";
import { type Section, tell } from "./report.ts";
import { type PoolMember, withService } from "./service.ts";
import { pairedRatios, summarise, withSpread } from "./statistics.ts";
import { LONG_TEXT } from "./texts.ts";

const VOICE = "af_heart";
const LIMIT = 1.05;

type BareRuntime = BenchChild<BareLoad | BareRun, BareAnswer>;
type Utterances = BareRun["utterances"];

/** A whole job against the runtime alone, on the same token ids, in alternating rounds. */
export async function benchJob({ rounds }: { rounds: number }): Promise<Section> {
  const utterances = await planned(LONG_TEXT);
  const cores = availableParallelism();
  return await withService(async (service) => {
    const members = await service.members();
    const children: BareRuntime[] = [];
    try {
      const oneProcess = await startBare(1, cores, members, children);
      const processPerCore = await startBare(cores, 1, members, children);
      const job = () => service.speak({ text: LONG_TEXT, voiceId: VOICE, format: "WAV", priority: "BATCH" });
      tell("warming up");
      const warm = await job();
      if (warm.utterances !== utterances.length) throw new Error("the service planned other utterances");
      await runBare(oneProcess, utterances);
      await runBare(processPerCore, utterances);

      const bare: BareAnswer[] = [];
      const whole: BareAnswer[] = [];
      const parallel: BareAnswer[] = [];
      for (let round = 1; round <= rounds; round++) {
        bare.push(await runBare(oneProcess, utterances));
        const { totalMs, audio } = await job();
        whole.push({ seconds: totalMs / 1000, audioSeconds: audio.durationSeconds });
        parallel.push(await runBare(processPerCore, utterances));
        tell(`job: round ${round} of ${rounds}, ratio ${pairedRatio(whole, bare).median.toFixed(3)} so far`);
      }
      return section({ utterances, members, bare, whole, parallel });
    } finally {
      await Promise.all(children.map((child) => child.end()));
    }
  });
}

async function planned(text: string): Promise<Utterances> {
  const lexicon = await lexiconPaths(benchModelStore(), { warn: () => {} });
  const frontEnd = createTextFrontEnd({ lexicon });
  try {
    return (await frontEnd.plan(text, { language: "en-US" })).utterances.map(({ tokens }) => tokens);
  } finally {
    await frontEnd.close();
  }
}

/** Processes with the weights that the service chose. Each is in `children` as soon as it exists. */
async function startBare(
  processes: number,
  threads: number,
  members: readonly PoolMember[],
  children: BareRuntime[],
): Promise<BareRuntime[]> {
  const model = await kokoroFile(members[0]?.precision ?? "int8");
  const voice = await weightFile("kokoro-voices", `${VOICE}.bin`);
  const started = Array.from({ length: processes }, (): BareRuntime => new BenchChild("bare-runtime.ts"));
  children.push(...started);
  for (const child of started) await child.ask({ model, voice, threads });
  return started;
}

/** One process takes all utterances in one request; several take the next one as they become free. */
async function runBare(children: readonly BareRuntime[], utterances: Utterances): Promise<BareAnswer> {
  const [only] = children;
  if (only !== undefined && children.length === 1) return await only.ask({ utterances });
  // Longest first, the order that leaves the least idle at the end.
  const waiting = [...utterances].sort((a, b) => b.length - a.length);
  let audioSeconds = 0;
  const startedAt = performance.now();
  await Promise.all(
    children.map(async (child) => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const spoken = await child.ask({ utterances: [next] });
        audioSeconds += spoken.audioSeconds;
      }
    }),
  );
  return { seconds: (performance.now() - startedAt) / 1000, audioSeconds };
}

interface Measured {
  readonly utterances: Utterances;
  readonly members: readonly PoolMember[];
  readonly bare: readonly BareAnswer[];
  readonly whole: readonly BareAnswer[];
  readonly parallel: readonly BareAnswer[];
}

function pairedRatio(numerators: readonly BareAnswer[], denominators: readonly BareAnswer[]) {
  const seconds = (answers: readonly BareAnswer[]) => answers.map((answer) => answer.seconds);
  return summarise(pairedRatios(seconds(numerators), seconds(denominators)));
}

function section({ utterances, members, bare, whole, parallel }: Measured): Section {
  const cores = availableParallelism();
  const tokens = utterances.reduce((sum, utterance) => sum + utterance.length, 0);
  const row = (name: string, answers: readonly BareAnswer[]) => {
    const realTime = answers.map(({ seconds, audioSeconds }) => seconds / audioSeconds);
    return [
      name,
      withSpread(summarise(answers.map(({ seconds }) => seconds)), 2),
      (answers[0]?.audioSeconds ?? 0).toFixed(1),
      summarise(realTime).median.toFixed(3),
      answers === bare ? "1" : withSpread(pairedRatio(answers, bare), 3),
      answers === parallel ? "1" : withSpread(pairedRatio(answers, parallel), 3),
    ];
  };
  const [member] = members;
  return {
    title: "Whole job against bare onnxruntime",
    notes: [
      `${LONG_TEXT.length} characters, ${utterances.length} utterances, ${tokens} token ids, voice ${VOICE}, ` +
        `${member?.precision} weights on ${member?.executionProvider}; ${bare.length} rounds of each in turn, ` +
        `median (least to most), ratios of each round.`,
      "Bare: onnxruntime-node with its default options; audio is computed and dropped, silence at the edges included.",
      `Service: from the mutation to the last event of the subscription: queue, plan, a pool of ${members.length} ` +
        `processes of ${member?.threads} threads, pieces, joining, WAV, storage, database.`,
    ],
    columns: ["", "seconds", "audio s", "real-time factor", "to one process", "to one per core"],
    rows: [
      row(`bare, one process of ${cores} threads`, bare),
      row("service, whole job", whole),
      row(`bare, ${cores} processes of 1 thread`, parallel),
    ],
    goals: [
      {
        what: "whole job to bare onnxruntime in one process with every core",
        value: pairedRatio(whole, bare).median,
        bound: "at most",
        limit: LIMIT,
      },
    ],
  };
}
