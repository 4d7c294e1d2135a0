import { describe, expect, it } from "vitest";
import { decodeAudio } from "../../src/audio/decode.ts";
import { Synthesize } from "../../src/client/operations.ts";
import { createTextFrontEnd } from "../../src/synthesis/text/front-end.ts";
import { post } from "../helpers/caller.ts";
import { statesOf } from "../helpers/jobs.ts";
import { useTestNode } from "../helpers/node.ts";

const LIMIT = 50_000;

/** Prose of exactly the longest text accepted, in which no two sentences are alike. */
function longText(): string {
  let text = "";
  for (let i = 1; text.length < LIMIT; i++) {
    text += `Chapter entry ${i} tells how the ${i % 7} travellers, having crossed the river twice, came home late. `;
    if (i % 9 === 0) text += "\n\n";
  }
  return `${text.slice(0, LIMIT - 1)}.`;
}

describe("50,000 characters", () => {
  const node = useTestNode("embedded");

  it("are spoken whole: every utterance once, in order, with exact numbers", {
    timeout: 300_000,
  }, async () => {
    const text = longText();
    expect(text).toHaveLength(LIMIT);
    const frontEnd = createTextFrontEnd();
    await frontEnd.start();
    const { utterances: plan } = await frontEnd.plan(text, { language: "en-US", quickStart: true });
    await frontEnd.close();
    const covered = plan.map(({ start, end }) => text.slice(start, end)).join("");
    expect(covered.replace(/\s+/g, "")).toBe(text.replace(/\s+/g, ""));

    const input = { text, voiceId: "af_heart", format: "FLAC" as const };
    const { synthesize } = await node.client.request(Synthesize, { input });
    if (synthesize.__typename !== "SynthesisJob") throw new Error(synthesize.message);
    const states = await statesOf(node.client, synthesize.id);
    const last = states.at(-1);
    expect(last).toMatchObject({
      status: "SUCCEEDED",
      attempts: 1,
      utterancesDone: plan.length,
      utterancesTotal: plan.length,
    });
    const progress = states.map((state) => state.progress);
    expect(progress).toEqual(progress.toSorted((a, b) => a - b));

    const { body } = await post(
      node.url,
      "query ($id: ID!) { job(id: $id) { ... on SynthesisJob { normalizedText coverage { start end fate reason utterance } } } }",
      { id: synthesize.id },
    );
    const { coverage, normalizedText } = body.data.job;
    let at = 0;
    const spokenBy = new Set<number>();
    for (const span of coverage) {
      expect(span.start).toBe(at);
      at = span.end;
      if (span.fate === "SPACE") expect(text.slice(span.start, span.end)).toMatch(/^\s+$/);
      else if (span.fate === "DROPPED") expect(span.reason).not.toBeNull();
      else spokenBy.add(span.utterance);
    }
    expect(at).toBe(LIMIT);
    expect(spokenBy.size).toBe(plan.length);
    // Compared in part: a difference would be shown whole.
    expect(normalizedText.slice(0, 60)).toBe("Chapter entry one tells how the one travellers, having cross");
    expect(/\d/.exec(normalizedText)).toBeNull();

    const bytes = new Uint8Array(await (await fetch(last?.audio?.url ?? "")).arrayBuffer());
    expect(bytes.length).toBe(last?.audio?.bytes);
    const { channels, sampleRate } = await decodeAudio(bytes);
    expect((channels[0]?.length ?? 0) / sampleRate).toBeCloseTo(last?.audio?.durationSeconds ?? 0, 4);
  });
});
