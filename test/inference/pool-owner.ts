// A program that owns a pool, for the test that kills it: prints the ids of its members while one of them
// speaks and another one waits.
import { createInferencePool } from "../../src/inference/pool.ts";
import { fake, pidsOf } from "./fake-utterances.ts";

let ready = 0;
const pool = createInferencePool({
  members: 2,
  threads: 1,
  providers: ["cpu"],
  precision: "auto",
  queueLimit: 10,
  engines: { fake: {} },
  decisionFile: null,
  logger: {
    info: () => {
      ready += 1;
      if (ready < 2) return;
      void pool.synthesize(fake(10, { blockMsPerToken: 50 }), { group: "a", deadlineMs: 60_000 });
      process.stdout.write(`${JSON.stringify(pidsOf(pool.status()))}\n`);
    },
    warn: () => undefined,
  },
});
void pool.start();
