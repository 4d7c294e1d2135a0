import type { SynthesizeInput } from "../src/client/gql/graphql.ts";
import { type Section, tell } from "./report.ts";
import { type Service, withService } from "./service.ts";
import { pairedRatios, quantile, summarise, withSpread } from "./statistics.ts";
import { PARAGRAPH } from "./texts.ts";

/** Each round speaks in a voice of its own, so that nothing of an earlier round is in the cache. */
const VOICES = [
  ...["af_heart", "am_michael", "af_bella", "am_fenrir", "af_nicole", "am_puck", "af_sarah", "am_onyx"],
  ...["af_sky", "am_echo", "af_river", "am_liam"],
];
const REPEATS = 5;
const LIMIT = 0.02;
/** The paragraph with another beginning: every sentence but the first has been spoken. */
const SHARING = PARAGRAPH.replace(/^[^.]*\./, "Nobody reads here on Sundays, so we met by the gate.");

interface Heard {
  readonly seconds: number;
  readonly sha256: string;
}

/** A request, its repetition, and a text that shares sentences with it, each until the whole file has been received. */
export async function benchCache({ rounds }: { rounds: number }): Promise<Section> {
  return await withService(async (service) => {
    const first: number[] = [];
    const repeated: number[] = [];
    const sharing: number[] = [];
    const anew: number[] = [];
    let differing = 0;
    tell("warming up");
    await hear(service, { text: PARAGRAPH, voiceId: "bf_emma", cache: false });
    for (const voiceId of VOICES.slice(0, rounds)) {
      const input = { text: PARAGRAPH, voiceId, cache: true };
      const made = await hear(service, input);
      const again: Heard[] = [];
      for (let i = 0; i < REPEATS; i++) again.push(await hear(service, input));
      const shared = await hear(service, { ...input, text: SHARING });
      const whole = await hear(service, { ...input, text: SHARING, cache: false });
      first.push(made.seconds);
      repeated.push(
        quantile(
          again.map(({ seconds }) => seconds),
          0.5,
        ),
      );
      sharing.push(shared.seconds);
      anew.push(whole.seconds);
      differing += again.filter(({ sha256 }) => sha256 !== made.sha256).length;
      if (shared.sha256 !== whole.sha256) differing++;
      tell(
        `cache: round ${first.length} of ${rounds}, ratio ${ratio(repeated, first).median.toFixed(4)} so far`,
      );
    }
    const row = (name: string, seconds: readonly number[], whole: readonly number[]) => [
      name,
      withSpread(summarise(seconds), 3),
      seconds === whole ? "1" : withSpread(ratio(seconds, whole), 4),
    ];
    return {
      title: "What was spoken before",
      notes: [
        `${PARAGRAPH.length} characters, MP3; ${first.length} rounds, each in another voice; median (least to most), ratios ` +
          `of each round. From the mutation until the whole file has been received. A repetition is the median of ${REPEATS}.`,
        "Sharing: the same text with another first sentence, against the same with `cache: false`.",
      ],
      columns: ["", "seconds", "to all of it spoken"],
      rows: [
        row("first", first, first),
        row("the same request again", repeated, first),
        row("first sentence changed, spoken anew", anew, anew),
        row("first sentence changed, with the cache", sharing, anew),
      ],
      goals: [
        { what: "repetition to first", value: ratio(repeated, first).median, bound: "at most", limit: LIMIT },
        { what: "files that differ from what was spoken anew", value: differing, bound: "at most", limit: 0 },
      ],
    };
  });
}

const ratio = (numerators: readonly number[], denominators: readonly number[]) =>
  summarise(pairedRatios(numerators, denominators));

async function hear(service: Service, input: SynthesizeInput): Promise<Heard> {
  const sentAt = performance.now();
  const { audio } = await service.speak({ format: "MP3", ...input });
  await (await fetch(audio.url)).arrayBuffer();
  return { seconds: (performance.now() - sentAt) / 1000, sha256: audio.sha256 };
}
