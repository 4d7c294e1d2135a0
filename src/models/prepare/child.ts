/**
 * Entry of the child process that prepares one file: `child RECIPE SOURCE TARGET`. It reports to its parent over
 * the channel of `fork`, and ends when the parent does.
 */
import { prepare, type Recipe } from "./recipes.ts";

export type PrepareMessage =
  | { readonly written: number; readonly total: number }
  | { readonly failed: string; readonly code: string | undefined };

const [recipe, source = "", target = ""] = process.argv.slice(2);
const send = (message: PrepareMessage) =>
  new Promise<void>((resolve) => {
    if (process.send) process.send(message, () => resolve());
    else resolve();
  });

process.once("disconnect", () => process.exit(1));
try {
  await prepare(recipe as Recipe, source, target, (written, total) => void send({ written, total }));
  process.exit(0);
} catch (error) {
  const failed = error instanceof Error ? error.message : String(error);
  await send({ failed, code: (error as NodeJS.ErrnoException).code });
  process.exit(1);
}
