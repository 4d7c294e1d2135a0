import { z } from "zod";

/** The largest number that a limit may be: whole numbers stay exact far beyond. */
const MAX_LIMIT = 1_000_000_000_000;

const limit = z
  .number()
  .refine(
    (value) => Number.isInteger(value) && value >= 0 && value <= MAX_LIMIT,
    `accepts a whole number from 0 to ${MAX_LIMIT}`,
  )
  .nullish()
  .transform((value) => value ?? null);

/** What one key may use up. `null`: as the configuration says for everyone. Audio in seconds, storage in bytes. */
export const keyLimits = z.object({
  requestsPerMinute: limit,
  charactersPerDay: limit,
  charactersPerMonth: limit,
  audioSecondsPerDay: limit,
  audioSecondsPerMonth: limit,
  concurrentJobs: limit,
  voices: limit,
  dictionaries: limit,
  storageBytes: limit,
});

export type KeyLimits = z.output<typeof keyLimits>;

/** No limit of its own. */
export const NO_KEY_LIMITS: KeyLimits = keyLimits.parse({});
