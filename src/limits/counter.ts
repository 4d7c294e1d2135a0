/** What became of one attempt to use up some of a limit. */
export interface Taken {
  readonly admitted: boolean;
  /** What is left of the window after this attempt. */
  readonly remaining: number;
  /** Until the window ends and everything is there again; above 0. */
  readonly resetMs: number;
}

/**
 * Counts within fixed windows, each of which begins with its first use. An attempt that does not fit uses
 * nothing up, so one that costs less may still pass. At the seam of two windows up to twice the limit can
 * pass within one window's length: the price of one number for each caller.
 */
export interface RateCounter {
  /**
   * Uses up `cost` of `limit`, or nothing.
   *
   * @param id whose window it is
   */
  take(id: string, cost: number, limit: number): Promise<Taken>;
}

export const WINDOW_MS = 60_000;
