import type { InferencePool } from "../inference/contract.ts";
import type { AttemptOutcome, JobObserver } from "../jobs/observer.ts";
import type { JobRow } from "../jobs/table.ts";
import type { CacheObserver } from "../synthesis/cache/observer.ts";
import type { Span, Tracing } from "../telemetry/tracing.ts";
import type { Metrics } from "./definitions.ts";

interface Attempt {
  readonly span: Span;
  readonly startedAt: number;
  /** Seconds that the job had waited when the attempt began; null for later attempts. */
  readonly waited: number | null;
  hasAudio: boolean;
}

/** Follows the jobs of this node and the utterances of their pool, for metrics and traces. */
export class WorkObserver implements JobObserver, CacheObserver {
  readonly #metrics: Metrics;
  readonly #tracing: Tracing;
  /** By the job's id, which is also the group of its utterances. */
  readonly #attempts = new Map<string, Attempt>();

  constructor(metrics: Metrics, tracing: Tracing) {
    this.#metrics = metrics;
    this.#tracing = tracing;
  }

  started(job: JobRow): void {
    const waited =
      job.attempts === 1 && job.startedAt !== null
        ? Math.max(0, job.startedAt.getTime() - job.queuedAt.getTime()) / 1000
        : null;
    if (waited !== null) this.#metrics.queueWait.observe({ kind: job.kind }, waited);
    const span = this.#tracing.start("job", {
      attributes: {
        "speaker.job.id": job.id,
        "speaker.job.kind": job.kind,
        "speaker.job.attempt": job.attempts,
        "speaker.request_id": job.requestId,
      },
    });
    this.#attempts.set(job.id, { span, startedAt: performance.now(), waited, hasAudio: false });
  }

  ended(job: JobRow, outcome: AttemptOutcome, figures: Readonly<Record<string, number>>): void {
    const attempt = this.#attempts.get(job.id);
    this.#attempts.delete(job.id);
    if (attempt === undefined) return;
    const labels = { kind: job.kind, outcome };
    this.#metrics.jobs.inc(labels);
    this.#metrics.processing.observe(labels, (performance.now() - attempt.startedAt) / 1000);
    if (outcome === "succeeded" && figures.audioSeconds !== undefined) {
      this.#metrics.audioSeconds.inc(figures.audioSeconds);
      this.#metrics.characters.inc(job.characters);
    }
    attempt.span.set({ "speaker.job.outcome": outcome, ...figures });
    attempt.span.end(outcome === "failed" || outcome === "retrying");
  }

  looked(cache: "request" | "utterance", hit: boolean, bytes: number): void {
    this.#metrics.cacheLookups.inc({ cache, outcome: hit ? "hit" : "miss" });
    if (hit) this.#metrics.cacheSaved.inc({ cache }, bytes);
  }

  holds(utterances: number, bytes: number): void {
    this.#metrics.cacheUtterances.set(utterances);
    this.#metrics.cacheBytes.set(bytes);
  }

  /** The pool, with its utterances counted and timed. */
  observe(pool: InferencePool): InferencePool {
    return {
      start: () => pool.start(),
      status: () => pool.status(),
      close: (options) => pool.close(options),
      analyse: (request, options) => pool.analyse(request, options),
      synthesize: async (request, options) => {
        const attempt = this.#attempts.get(options.group);
        const startedAt = performance.now();
        const { engine } = request;
        const span = this.#tracing.start("utterance", {
          ...(attempt !== undefined && { parent: attempt.span }),
          attributes: { "speaker.engine": engine, "speaker.tokens": request.tokens.length },
        });
        try {
          const audio = await pool.synthesize(request, options);
          const now = performance.now();
          const seconds = audio.samples.length / audio.sampleRate;
          this.#metrics.utterances.inc({ engine, outcome: "spoken" });
          this.#metrics.utteranceSeconds.observe((now - startedAt) / 1000);
          if (seconds > 0) this.#metrics.realTimeFactor.observe({ engine }, audio.computeSeconds / seconds);
          if (attempt !== undefined && !attempt.hasAudio) {
            attempt.hasAudio = true;
            if (attempt.waited !== null)
              this.#metrics.firstAudio.observe(attempt.waited + (now - attempt.startedAt) / 1000);
          }
          span.set({ "speaker.audio_seconds": seconds, "speaker.compute_seconds": audio.computeSeconds });
          span.end(false);
          return audio;
        } catch (error) {
          this.#metrics.utterances.inc({ engine, outcome: options.signal?.aborted ? "cancelled" : "failed" });
          span.end(!options.signal?.aborted);
          throw error;
        }
      },
    };
  }
}
