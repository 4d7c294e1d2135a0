import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createAudioIntake } from "../../../src/audio/intake/intake.ts";
import { AUDIO_REFUSALS } from "../../../src/errors.ts";
import { type Broken, damaged, misplaced, wholeFiles } from "./corpus.ts";

const MAX_RESIDENT_BYTES = 400 << 20;
const lost: string[] = [];
const intake = createAudioIntake({
  concurrency: 2,
  deadlineMs: 20_000,
  maxResidentBytes: MAX_RESIDENT_BYTES,
  onLost: (reason) => lost.push(reason),
});
let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "speaker-corpus-"));
});
afterAll(async () => {
  await intake.close();
  await rm(folder, { recursive: true, force: true });
});

/** How each file was answered: the reason of its refusal, or "taken". */
async function answers(files: readonly Broken[]): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  await Promise.all(
    files.map(async ({ bytes, fileName }, index) => {
      const path = join(folder, `${index}`);
      await writeFile(path, bytes);
      const answer = await intake.inspect({ path, fileName, declaredType: null, pcm: [] }).then(
        () => "taken",
        (error: { reason?: string }) => error.reason ?? String(error),
      );
      await rm(path);
      counts.set(answer, (counts.get(answer) ?? 0) + 1);
    }),
  );
  return counts;
}

/** In batches that the queue of the intake holds. */
async function inBatches(
  files: readonly Broken[],
  each: (counts: Map<string, number>) => void,
): Promise<void> {
  for (let start = 0; start < files.length; start += 50) each(await answers(files.slice(start, start + 50)));
}

const TYPED = new Set(["taken", ...Object.keys(AUDIO_REFUSALS)]);

async function peakBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
}

describe("broken recordings", () => {
  it("are each answered with a reason, and none brings the decoder down", async () => {
    const files = [...(await damaged(4, 20_261_123)), ...(await misplaced())];
    expect(files.length).toBeGreaterThan(300);
    const all = new Map<string, number>();
    await inBatches(files, (counts) => {
      for (const [answer, count] of counts) all.set(answer, (all.get(answer) ?? 0) + count);
    });
    expect([...all.keys()].filter((answer) => !TYPED.has(answer))).toEqual([]);
    // What is damaged must not all be taken, nor all be refused for one reason.
    expect(all.get("taken") ?? 0).toBeLessThan(files.length * 0.4);
    expect(all.size).toBeGreaterThan(5);
    expect(lost).toEqual([]);
    for (const pid of intake.pids) expect(await peakBytes(pid)).toBeLessThan(MAX_RESIDENT_BYTES);
    expect(await readdir(folder)).toEqual([]);
  });

  it("leave the decoder able to read whole ones", async () => {
    const files = (await wholeFiles()).map(({ name, bytes }) => ({ what: name, bytes, fileName: name }));
    expect(Object.fromEntries(await answers(files))).toEqual({ taken: files.length });
  });
});
