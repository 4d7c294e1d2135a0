import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { mean, readCorpus, yardstickOf } from "../../bench/cloning-corpus.ts";
import { realEncoder } from "./machinery.ts";

const CORPUS = fileURLToPath(new URL("../../../shared/speech/librispeech", import.meta.url));
const missing = !existsSync(CORPUS);

describe("the encoder on real speech", { timeout: 300_000 }, () => {
  it.skipIf(missing)(
    `tells speakers apart${missing ? " (skipped: no recordings beside the repository)" : ""}`,
    async () => {
      const speakers = await readCorpus(CORPUS, await realEncoder());
      const yardsticks = speakers.map((speaker) => yardstickOf(speaker, speakers));
      for (const { same, stranger } of yardsticks) expect(same).toBeGreaterThan(stranger + 0.3);
      expect(mean(yardsticks.map(({ same }) => same))).toBeCloseTo(0.928, 2);
      expect(mean(yardsticks.map(({ stranger }) => stranger))).toBeCloseTo(0.36, 2);
    },
  );
});
