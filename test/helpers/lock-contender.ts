/**
 * Child of the lock tests. `hold PATH`: takes the lock, says "held", and keeps it until it is killed.
 * `contend PATH LOG ROUNDS`: takes and gives back the lock, writing one "in" and one "out" line each time.
 */
import { appendFileSync } from "node:fs";
import { setImmediate as turn } from "node:timers/promises";
import { acquireLock } from "../../src/lockfile.ts";

const [mode, path = "", log = "", rounds = "0"] = process.argv.slice(2);

if (mode === "hold") {
  await acquireLock(path);
  process.stdout.write("held\n");
  setInterval(() => undefined, 60_000);
} else {
  for (let round = 0; round < Number(rounds); round++) {
    const lock = await acquireLock(path);
    appendFileSync(log, `in ${process.pid}\n`);
    await turn();
    appendFileSync(log, `out ${process.pid}\n`);
    await lock.release();
  }
}
