import { inTurn } from "../../src/maintenance/turn.ts";

/** A process that has its turn to sweep and never ends it. */
const [url = ""] = process.argv.slice(2);
await inTurn({ kind: "postgres", url, poolSize: 2 }, async () => {
  process.stdout.write("mine\n");
  await new Promise((resolve) => setTimeout(resolve, 3_600_000));
});
