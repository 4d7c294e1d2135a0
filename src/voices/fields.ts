import { z } from "zod";
import { InvalidInputError } from "../errors.ts";
import { findLanguage } from "../languages/language.ts";

const CONTROL = /\p{Cc}/u;

/** What a voice's name accepts; white space around it is dropped. */
export const voiceName = z
  .string()
  .trim()
  .refine(
    (name) => name.length >= 1 && name.length <= 100 && name.isWellFormed() && !CONTROL.test(name),
    "accepts 1 to 100 characters without line breaks",
  );

export const voiceDescription = z
  .string()
  .refine(
    (text) => text.length <= 2_000 && text.isWellFormed() && !text.includes("\0"),
    "accepts up to 2000 characters",
  );

/** Labels; each once, in the order given. */
export const voiceTags = z
  .array(
    z
      .string()
      .trim()
      .refine(
        (tag) => tag.length >= 1 && tag.length <= 50 && tag.isWellFormed() && !CONTROL.test(tag),
        "accepts 1 to 50 characters without line breaks",
      ),
  )
  .refine((tags) => tags.length <= 20, "accepts up to 20 tags")
  .transform((tags) => [...new Set(tags)]);

/** A language that cloned and mixed voices can have, by its BCP-47 tag in the letter case of the table. */
export const voiceLanguage = z.string().transform((tag, context) => {
  const language = findLanguage(tag);
  const spoken = language?.tiers.some((tier) => tier === "NATIVE" || tier === "ADAPTED") ?? false;
  if (language !== null && spoken) return language.code;
  const message = "accepts a `code` of the query `languages` with NATIVE or ADAPTED among its `tiers`";
  context.addIssue({ code: "custom", message });
  return z.NEVER;
});

/**
 * An input by its schema.
 *
 * @throws InvalidInputError with every fault, each at its path under `input`.
 */
export function parseInput<Schema extends z.ZodType>(
  schema: Schema,
  input: z.input<Schema>,
): z.output<Schema> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new InvalidInputError(
    parsed.error.issues.map(({ path, message }) => ({ path: ["input", ...path.map(String)], message })),
  );
}
