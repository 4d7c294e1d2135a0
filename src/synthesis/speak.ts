import type { InferencePool } from "../inference/contract.ts";
import type { UtteranceAudio, UtteranceRequest } from "../inference/engine.ts";
import type { Utterance } from "./text/front-end.ts";

/** A finished utterance and the key in the store under which it is kept. */
interface KeptUtterance {
  readonly key: string;
  readonly audio: UtteranceAudio;
}

/**
 * Keeps finished utterances, so that a job that was interrupted does not speak them twice and those who listen to a
 * running one hear them at once.
 */
export interface PieceStore {
  load(request: UtteranceRequest): Promise<KeptUtterance | null>;
  /** @returns the key under which it now is. */
  save(request: UtteranceRequest, audio: UtteranceAudio): Promise<string>;
}

export interface SpeakOptions {
  readonly utterances: readonly Utterance[];
  /** Makes the engine's request of an utterance: engine, voice and speed are in it. */
  readonly request: (utterance: Utterance) => UtteranceRequest;
  readonly pool: InferencePool;
  /** Takes turns in the pool as one: the job's id. */
  readonly group: string;
  /** Whose it is: owners take turns in the pool before their jobs do. */
  readonly owner?: string;
  /** "interactive": somebody waits for the first sound, so the first utterance goes ahead of everything. */
  readonly priority: "interactive" | "batch";
  /** Utterances under way at once: keeps every member of the pool busy and bounds the memory. */
  readonly parallel: number;
  /** The first so many are spoken one after the other, so that each is there as soon as can be. */
  readonly oneByOne?: number;
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
  readonly pieces?: PieceStore;
}

export interface SpokenUtterance extends UtteranceAudio {
  readonly utterance: Utterance;
  /** Where it is kept; null without a store. */
  readonly pieceKey: string | null;
  /** True when an earlier attempt had spoken it already. */
  readonly reused: boolean;
}

/**
 * Speaks utterances in parallel and yields them in order. At most `parallel` are held in memory.
 *
 * @throws what the pool throws; the signal's abort ends it at once.
 */
export async function* speakUtterances(options: SpeakOptions): AsyncGenerator<SpokenUtterance> {
  const { utterances, parallel, oneByOne = 0 } = options;
  const failed = new AbortController();
  const signal = AbortSignal.any([options.signal, failed.signal]);
  const underWay: Promise<SpokenUtterance>[] = [];
  let next = 0;
  const start = () => {
    const utterance = utterances[next++];
    if (utterance === undefined) return;
    const spoken = speakOne(options, utterance, signal);
    // Its failure is met when its turn comes; until then it must not count as unhandled.
    spoken.catch(() => {});
    underWay.push(spoken);
  };
  try {
    if (oneByOne > 0) start();
    else for (let i = 0; i < parallel; i++) start();
    for (let spoken = underWay.shift(); spoken !== undefined; spoken = underWay.shift()) {
      const result = await spoken;
      // Before it is passed on, so that the members have something to do meanwhile.
      if (next < oneByOne) start();
      else while (underWay.length < parallel && next < utterances.length) start();
      yield result;
    }
  } finally {
    // One has failed or nobody listens any more: the others need not finish.
    failed.abort();
  }
}

async function speakOne(
  options: SpeakOptions,
  utterance: Utterance,
  signal: AbortSignal,
): Promise<SpokenUtterance> {
  const { pool, pieces, group, deadlineMs } = options;
  const request = options.request(utterance);
  const kept = await pieces?.load(request);
  if (kept != null) return { ...kept.audio, utterance, pieceKey: kept.key, reused: true };
  const first = options.priority === "interactive" && utterance.index === 0;
  const audio = await pool.synthesize(request, {
    ...{ group, deadlineMs, signal },
    priority: first ? "first" : options.priority,
    ...(options.owner !== undefined && { owner: options.owner }),
  });
  const pieceKey = (await pieces?.save(request, audio)) ?? null;
  return { ...audio, utterance, pieceKey, reused: false };
}
