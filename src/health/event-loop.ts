import { type IntervalHistogram, monitorEventLoopDelay } from "node:perf_hooks";

/** Finer would cost more than it tells: a delay that users notice is longer than this. */
const RESOLUTION_MS = 20;
const WINDOW_MS = 15_000;
const NANOSECONDS_PER_SECOND = 1e9;

/** How much later than asked this process's event loop ran its timers, in seconds. */
export interface EventLoopDelay {
  readonly meanSeconds: number;
  readonly p99Seconds: number;
  readonly maxSeconds: number;
}

/** Watches the event loop over windows of 15 seconds, so that a delay is seen by all who ask and then forgotten. */
export class EventLoopMonitor {
  readonly #histogram: IntervalHistogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  readonly #timer: NodeJS.Timeout;
  #last: EventLoopDelay | null = null;

  constructor() {
    this.#histogram.enable();
    this.#timer = setInterval(() => {
      this.#last = this.#read();
      this.#histogram.reset();
    }, WINDOW_MS).unref();
  }

  /** Of the last full window; of the present one while there is no other. */
  get delay(): EventLoopDelay {
    return this.#last ?? this.#read();
  }

  close(): void {
    clearInterval(this.#timer);
    this.#histogram.disable();
  }

  #read(): EventLoopDelay {
    const { mean, max } = this.#histogram;
    // The histogram measures the timer's whole interval: what lies beyond its resolution is delay.
    const delay = (nanoseconds: number) =>
      Number.isFinite(nanoseconds)
        ? Math.max(0, nanoseconds / NANOSECONDS_PER_SECOND - RESOLUTION_MS / 1000)
        : 0;
    return {
      meanSeconds: delay(mean),
      p99Seconds: delay(this.#histogram.percentile(99)),
      maxSeconds: this.#histogram.count === 0 ? 0 : delay(max),
    };
  }
}
