/** The worker thread that plans: text comes in, utterances go out; espeak-ng runs as its child process. */
import { parentPort, workerData } from "node:worker_threads";
import { SpeakerError } from "../../errors.ts";
import { createEspeakClient } from "../../espeak/client.ts";
import { sharedDetector } from "./detection.ts";
import type { FromPlanner, PlannerData, ToPlanner } from "./front-end.ts";
import { planText } from "./planner.ts";
import { createLexicons, createReaders } from "./readers.ts";
import { joinWords } from "./reading.ts";

if (parentPort === null) throw new Error("The planner runs as a worker thread.");
const port = parentPort;
const post = (message: FromPlanner) => port.postMessage(message);

const espeak = createEspeakClient({ onLost: (reason) => post({ type: "lost", reason }) });
const { lexicon }: PlannerData = workerData;
const lexicons = lexicon === null ? null : createLexicons(lexicon);
const running = new Map<number, AbortController>();

async function plan(message: Extract<ToPlanner, { type: "plan" }>): Promise<void> {
  const abort = new AbortController();
  running.set(message.id, abort);
  try {
    let unread = 0;
    const read = createReaders(espeak, {
      signal: abort.signal,
      lexicons,
      unread: (text) => {
        unread += [...text].length;
      },
    });
    const planned = await planText(message.source, message.options, read);
    const { notes } = planned;
    const dropped = unread === 0 ? notes.dropped : { ...notes.dropped, unread };
    post({ type: "plan", id: message.id, plan: { ...planned, notes: { ...notes, dropped } } });
  } catch (error) {
    const known = error instanceof SpeakerError;
    post({
      type: "failed",
      id: message.id,
      code: known ? error.code : "INTERNAL",
      message: known ? error.message : "The text could not be prepared for speech.",
      detail: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
  } finally {
    running.delete(message.id);
  }
}

port.on("message", (message: ToPlanner) => {
  if (message.type === "cancel") running.get(message.id)?.abort();
  else if (message.type === "plan") void plan(message);
  else void espeak.close().then(() => port.close());
});

/** Reading English for the first time loads its dictionaries, half a second of work: nobody shall wait for it. */
async function warmUp(): Promise<void> {
  await planText("Good morning.", { language: "en-US" }, createReaders(espeak, { lexicons })).catch(() => {});
}

/** What tells languages apart and the rules of English are made while the other program starts. */
async function prepare(): Promise<void> {
  await sharedDetector();
  await planText("It is 1 p.m.", { language: "en-US" }, async (_reader, texts) =>
    texts.map((text) => joinWords([{ phonemes: "a", range: { start: 0, end: text.length } }])),
  );
}

await Promise.all([espeak.start(), prepare()]);
post({ type: "ready" });
await warmUp();
