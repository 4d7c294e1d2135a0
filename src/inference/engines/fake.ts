import { existsSync } from "node:fs";
import type { ExecutionProvider, FakeEngineOptions } from "../contract.ts";
import {
  type Engine,
  type Failure,
  SPEECH_SAMPLE_RATE,
  type UtteranceAudio,
  type UtteranceRequest,
} from "../engine.ts";

/** Seconds of tone for each token at speed 1. */
const TOKEN_SECONDS = 0.05;

const AMPLITUDE = 0.5;

/**
 * Makes a tone whose pitch and length follow from the tokens alone, and fails when the request says so: for
 * tests of queueing and transport, which need an engine that behaves badly on demand.
 */
export class FakeEngine implements Engine {
  /** @throws Error, ends the process or never resolves, as the options say. */
  static async load(options: FakeEngineOptions, provider: ExecutionProvider): Promise<FakeEngine> {
    const healed = options.healedByFile !== undefined && existsSync(options.healedByFile);
    const failure = options.providerFailures?.[provider] ?? options.startFailure;
    if (failure !== undefined && !healed) misbehave(failure);
    return new FakeEngine();
  }

  async synthesize(request: UtteranceRequest): Promise<UtteranceAudio> {
    if (request.engine !== "fake")
      throw new Error(`the fake engine cannot run a request for ${request.engine}`);
    const startedAt = performance.now();
    block((request.blockMsPerToken ?? 0) * request.tokens.length);
    if (request.failure !== undefined) misbehave(request.failure);
    const tokenSeconds = TOKEN_SECONDS / request.speed;
    const tokenDurationsSeconds = new Float32Array(request.tokens.length + 2).fill(tokenSeconds);
    const samples = tone(
      Math.round(tokenDurationsSeconds.length * tokenSeconds * SPEECH_SAMPLE_RATE),
      200 + (request.tokens[0] ?? 0),
    );
    if (request.style !== undefined) addVoice(samples, request.style);
    const computeSeconds = (performance.now() - startedAt) / 1000;
    return { samples, sampleRate: SPEECH_SAMPLE_RATE, tokenDurationsSeconds, computeSeconds };
  }
}

function tone(length: number, hertz: number): Float32Array {
  return Float32Array.from(
    { length },
    (_, index) => AMPLITUDE * Math.sin((2 * Math.PI * hertz * index) / SPEECH_SAMPLE_RATE),
  );
}

/** The mean of a style as a tone above those of the tokens: close styles sound close. */
function addVoice(samples: Float32Array, style: Float32Array): void {
  const mean = style.reduce((sum, value) => sum + value, 0) / Math.max(1, style.length);
  const hertz = 1000 + 800 * Math.tanh(10 * mean);
  for (const [index, sample] of samples.entries()) {
    samples[index] = sample + (AMPLITUDE / 2) * Math.sin((2 * Math.PI * hertz * index) / SPEECH_SAMPLE_RATE);
  }
}

function misbehave(failure: Failure): void {
  if (failure === "error") throw new Error("the fake engine was told to fail");
  if (failure === "crash") process.kill(process.pid, "SIGKILL");
  block(Number.POSITIVE_INFINITY);
}

/** Holds the thread, as a native run does: neither timers nor messages are served meanwhile. */
function block(milliseconds: number): void {
  if (milliseconds > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
