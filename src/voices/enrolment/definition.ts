import { z } from "zod";
import type { TaskDefinition } from "../../jobs/task.ts";

/** What an enrolment job keeps as its input; parsed when it is scheduled and again when it runs. */
const enrolmentInput = z.strictObject({
  voiceId: z.string(),
  sampleId: z.string(),
  /** Seed of the search: the same sample and seed give the same voice. */
  seed: z.number().int(),
  /** How long the voice may be refined once it is usable; 0 leaves it at the mix of stock voices. */
  budgetSeconds: z.number().nonnegative(),
});

export type EnrolmentInput = z.infer<typeof enrolmentInput>;

/** Makes an uploaded sample into a voice. */
export const enrolmentTask: TaskDefinition<EnrolmentInput> = { kind: "ENROLMENT", input: enrolmentInput };
