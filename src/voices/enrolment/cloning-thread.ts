// Entry of the thread that searches for voices. Fitting maps takes tens of milliseconds at a time, which the event loop
// of the API must not wait for. It speaks and listens through its parent.
import { parentPort, workerData } from "node:worker_threads";
import {
  type CloneMachinery,
  describeSample,
  measureSimilarity,
  mixNearest,
  openCloneSpace,
  refine,
} from "../../cloning/clone.ts";
import type { UtteranceAudio } from "../../inference/engine.ts";
import type {
  CloningAnswer,
  CloningAsk,
  CloningResults,
  CloningThreadData,
  CloningWork,
  FromCloning,
  ToCloning,
} from "./cloning-protocol.ts";

const { stock } = workerData as CloningThreadData;
const space = openCloneSpace(stock);
// Whoever needs it first meets the failure; until then it must not count as unhandled.
space.catch(() => {});

const asked = new Map<number, { resolve(answer: never): void; reject(error: Error): void }>();
const calls = new Map<number, AbortController>();
let asks = 0;

const send = (message: FromCloning) => parentPort?.postMessage(message);

function ask<Answer extends CloningAnswer>(call: number, what: CloningAsk): Promise<Answer> {
  return new Promise((resolve, reject) => {
    asks += 1;
    asked.set(asks, { resolve, reject });
    send({ type: "ask", call, ask: asks, what });
  });
}

async function carryOut(
  call: number,
  work: CloningWork,
  signal: AbortSignal,
): Promise<CloningResults[keyof CloningResults]> {
  const machinery: CloneMachinery = {
    speak: (utterance) => ask<UtteranceAudio>(call, { type: "speak", utterance }),
    embed: (samples) => ask<Float32Array>(call, { type: "embed", samples }),
    ...(work.rates && { rate: (samples) => ask<number>(call, { type: "rate", samples }) }),
    parallel: work.parallel,
  };
  switch (work.type) {
    case "describe":
      return await describeSample(work.speech, machinery);
    case "mix":
      return await mixNearest(await space, work.target, machinery);
    case "refine":
      for await (const state of refine(await space, work.target, machinery, { ...work.options, signal })) {
        send({ type: "state", call, state });
      }
      return null;
    case "measure":
      return await measureSimilarity(work.pack, work.target, machinery);
  }
}

async function run(call: number, work: CloningWork): Promise<void> {
  const controller = new AbortController();
  calls.set(call, controller);
  try {
    send({ type: "done", call, result: await carryOut(call, work, controller.signal) });
  } catch (error) {
    send({ type: "failed", call, reason: error instanceof Error ? error.message : String(error) });
  } finally {
    calls.delete(call);
  }
}

parentPort?.on("message", (message: ToCloning) => {
  if (message.type === "call") void run(message.call, message.work);
  else if (message.type === "abort") calls.get(message.call)?.abort(new Error("aborted"));
  else {
    const waiting = asked.get(message.ask);
    asked.delete(message.ask);
    if (message.type === "answer") waiting?.resolve(message.answer as never);
    else waiting?.reject(new Error("refused"));
  }
});
