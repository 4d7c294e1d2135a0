import type { Section } from "./report.ts";
import { type JobTiming, withService } from "./service.ts";
import { summarise, withSpread } from "./statistics.ts";
import { PARAGRAPH } from "./texts.ts";

/** How soon the first utterance of a paragraph can be heard. */
export async function benchFirstUtterance({ rounds }: { rounds: number }): Promise<Section> {
  const timings = await withService(async (service) => {
    const speak = () => service.speak({ text: PARAGRAPH, voiceId: "af_heart", format: "WAV" });
    await speak();
    const measured: JobTiming[] = [];
    for (let round = 0; round < rounds; round++) measured.push(await speak());
    return measured;
  });
  const seconds = (of: (timing: JobTiming) => number) => withSpread(summarise(timings.map(of)), 2);
  const [{ utterances, audio } = { utterances: 0, audio: { durationSeconds: 0 } }] = timings;
  return {
    title: "Time to the first utterance",
    notes: [
      `A paragraph of ${PARAGRAPH.split(/\s+/).length} words, ${utterances} utterances, ` +
        `${audio.durationSeconds.toFixed(1)} s of audio, on an idle service; ${rounds} rounds, median (least to most).`,
      "From sending the mutation until the subscription shows the first utterance as spoken.",
    ],
    columns: ["", "seconds"],
    rows: [
      ["first utterance", seconds(({ firstUtteranceMs }) => firstUtteranceMs / 1000)],
      ["whole job", seconds(({ totalMs }) => totalMs / 1000)],
      ["first to whole", seconds(({ firstUtteranceMs, totalMs }) => firstUtteranceMs / totalMs)],
    ],
    goals: [],
  };
}
