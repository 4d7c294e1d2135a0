import { JobProgress } from "../src/client/operations.ts";
import { type Section, tell } from "./report.ts";
import { type Service, withService } from "./service.ts";
import { pairedRatios, summarise, withSpread } from "./statistics.ts";
import { LONG_TEXT, PARAGRAPHS } from "./texts.ts";

const VOICES = ["af_heart", "am_michael"] as const;
const SHORT_TEXT = "Good morning to you.";
const LONG_CHARACTERS = 50_000;
/** Short jobs sent behind the long one in each round. */
const SHORT_JOBS = 3;
const MOST_TOGETHER = 1.05;
const MOST_UTTERANCES = 2;

/** Two jobs at once against one after the other, and what 20 characters wait behind 50,000. */
export async function benchFairness({ rounds }: { rounds: number }): Promise<Section> {
  return await withService(async (service) => {
    tell("fairness: warming up");
    await service.speak({ text: SHORT_TEXT, voiceId: VOICES[0], format: "WAV" });
    const batch = await together(service, "BATCH", rounds);
    const interactive = await together(service, "INTERACTIVE", rounds);
    return section(batch, interactive, await behindLong(service, rounds), rounds);
  });
}

interface Together {
  readonly alone: readonly number[];
  readonly atOnce: readonly number[];
}

/** Seconds for two jobs of different voices, one after the other and at once, in alternating rounds. */
async function together(
  service: Service,
  priority: "BATCH" | "INTERACTIVE",
  rounds: number,
): Promise<Together> {
  const jobs = VOICES.map((voiceId, i) => {
    const text = `${PARAGRAPHS[2 * i] ?? ""}\n\n${PARAGRAPHS[2 * i + 1] ?? ""}`;
    return () => service.speak({ text, voiceId, format: "WAV", priority });
  });
  const seconds = async (work: () => Promise<unknown>) => {
    const startedAt = performance.now();
    await work();
    return (performance.now() - startedAt) / 1000;
  };
  const measured = { alone: [] as number[], atOnce: [] as number[] };
  for (let round = 1; round <= rounds; round++) {
    measured.alone.push(
      await seconds(async () => {
        for (const job of jobs) await job();
      }),
    );
    measured.atOnce.push(await seconds(() => Promise.all(jobs.map((job) => job()))));
    tell(`fairness: two jobs, ${priority}, round ${round} of ${rounds}`);
  }
  return measured;
}

interface Behind {
  readonly aloneSeconds: number[];
  readonly behindSeconds: number[];
  /** Utterances of the long job that begin between the acceptance of each short one and its end. */
  readonly utterances: number[];
}

async function behindLong(service: Service, rounds: number): Promise<Behind> {
  const text = LONG_TEXT.repeat(Math.ceil(LONG_CHARACTERS / LONG_TEXT.length)).slice(0, LONG_CHARACTERS);
  const short = () => service.speak({ text: SHORT_TEXT, voiceId: VOICES[0], format: "WAV" });
  const behind: Behind = { aloneSeconds: [], behindSeconds: [], utterances: [] };
  for (let round = 1; round <= rounds; round++) {
    for (let i = 0; i < SHORT_JOBS; i++) behind.aloneSeconds.push((await short()).totalMs / 1000);
    const id = await service.submit({ text, voiceId: VOICES[1], format: "WAV" });
    const long = followed(service, id);
    // Every member is busy with it from then on, so as many begin as are done.
    await long.reached(3);
    for (let i = 0; i < SHORT_JOBS; i++) {
      const before = long.done;
      behind.behindSeconds.push((await short()).totalMs / 1000);
      behind.utterances.push(long.done - before);
      await long.reached(long.done + 1);
    }
    await service.cancel(id);
    await long.ended;
    await service.warm();
    tell(`fairness: behind ${LONG_CHARACTERS} characters, round ${round} of ${rounds}`);
  }
  return behind;
}

/** A job followed on a subscription: how many of its utterances are done by now. */
function followed(service: Service, id: string) {
  let onChange: () => void = () => {};
  const follower = {
    done: 0,
    async reached(count: number): Promise<void> {
      while (follower.done < count) {
        await new Promise<void>((resolve) => {
          onChange = resolve;
        });
      }
    },
    ended: Promise.resolve(),
  };
  const read = async () => {
    for await (const { jobProgress } of service.client.subscribe(JobProgress, { id })) {
      if (jobProgress.__typename === "SynthesisJob") follower.done = jobProgress.utterancesDone;
      onChange();
    }
  };
  follower.ended = read();
  return follower;
}

function section(batch: Together, interactive: Together, behind: Behind, rounds: number): Section {
  const ratio = ({ alone, atOnce }: Together) => summarise(pairedRatios(atOnce, alone));
  const seconds = (values: readonly number[]) => withSpread(summarise(values), 2);
  const utterances = summarise(behind.utterances);
  return {
    title: "Fairness",
    notes: [
      `Two jobs of about 700 characters in two voices, ${rounds} rounds of each in turn; median (least to most).`,
      `${SHORT_TEXT.length} characters sent while ${LONG_CHARACTERS} are spoken, ${SHORT_JOBS} times in each round; ` +
        "counted are the utterances of the long job that are done between sending the short one and its last event, which " +
        "is as many as begin. They are told in their order: behind one that took long, several appear at once.",
    ],
    columns: ["", "seconds", "against", "ratio"],
    rows: [
      ["two at once, BATCH", seconds(batch.atOnce), seconds(batch.alone), withSpread(ratio(batch), 3)],
      [
        "two at once, INTERACTIVE",
        seconds(interactive.atOnce),
        seconds(interactive.alone),
        withSpread(ratio(interactive), 3),
      ],
      [
        `${SHORT_TEXT.length} characters behind ${LONG_CHARACTERS}, against alone`,
        seconds(behind.behindSeconds),
        seconds(behind.aloneSeconds),
        withSpread(summarise(pairedRatios(behind.behindSeconds, behind.aloneSeconds)), 2),
      ],
      ["utterances of the long one meanwhile", withSpread(utterances, 0), "", ""],
    ],
    goals: [
      {
        what: "two jobs at once to one after the other, in batch",
        value: ratio(batch).median,
        bound: "at most",
        limit: MOST_TOGETHER,
      },
      {
        what: "utterances of 50,000 characters that go before 20, most",
        value: utterances.most,
        bound: "at most",
        limit: MOST_UTTERANCES,
      },
    ],
  };
}
