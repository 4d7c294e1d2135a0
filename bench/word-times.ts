import { availableParallelism } from "node:os";
import { pathToFileURL } from "node:url";
import { UtteranceJoiner } from "../src/audio/join.ts";
import { SPEECH_SAMPLE_RATE } from "../src/inference/engine.ts";
import { KokoroEngine } from "../src/inference/engines/kokoro.ts";
import type { NativeLanguageCode } from "../src/languages/language.ts";
import { createTextFrontEnd, type TextFrontEnd, type Utterance } from "../src/synthesis/text/front-end.ts";
import { LEAD_SECONDS, wordTimes } from "../src/synthesis/timing/words.ts";
import { weightFile } from "./models.ts";
import { printSection, type Section, tell } from "./report.ts";
import { quantile } from "./statistics.ts";
import { audibleSilences, type Silence, voicing, voicingLead } from "./word-signal.ts";

interface Spoken {
  readonly language: NativeLanguageCode;
  readonly voice: string;
  readonly speed?: number;
  readonly texts: readonly string[];
}

/** Sentences whose boundaries can be seen: numbers, abbreviations, currency, marks, several utterances each. */
const TEST_SET: readonly Spoken[] = [
  {
    language: "en-US",
    voice: "af_heart",
    texts: [
      "Take the red box, put it on the table, and come back. Please do that today, not tomorrow.",
      "In 1999, Dr. Smith paid $5.50 for tea, coffee, and cake. Then he left: nobody knew why.",
      "Call 911, please, before dark. The price is 42%, they said; it was $3 billion in 2005.",
      "The meeting starts at 10:30 a.m., not at noon. Bring Mr. Jones, Mrs. Brown, and a pen.",
      "On Jan. 5, 2024, it snowed. By 6 p.m., the road, all 20 km of it, was closed.",
    ],
  },
  {
    language: "en-US",
    voice: "am_michael",
    texts: [
      "“Stop!” cried the captain. “Turn back, or we are lost!” Nobody moved; nobody spoke.",
      "If you can, keep going. If you cannot, take a break, drink some water, and try again.",
      "The U.S. team won 3 to 1, e.g. by luck. Prof. Green, aged 64, was there, too.",
      "Version 2.0.1 costs £3.50, or 1/2 of the old price. Call (555) 123-4567, day or night.",
      "Well, perhaps. Then again, the first 100 people, as promised, paid nothing at all.",
    ],
  },
  {
    language: "en-GB",
    voice: "bf_emma",
    texts: [
      "Time passes quickly; people change. Tell Kate, if you can, that Peter called.",
      "St. John's Road is closed. Go left, then right, and park behind the church.",
      "It cost £1,250, which is a lot. Still, they bought two, paid cash, and went home.",
      "Between 1939 and 1945, the town grew. Today, 12,000 people live there.",
    ],
  },
  {
    language: "en-US",
    voice: "af_bella",
    speed: 0.75,
    texts: ["Take the box, put it back, and go. Today, not tomorrow, please. It is 10:30, after all."],
  },
  {
    language: "en-US",
    voice: "af_bella",
    speed: 1.5,
    texts: ["Take the box, put it back, and go. Today, not tomorrow, please. It is 10:30, after all."],
  },
  {
    language: "es",
    voice: "ef_dora",
    texts: [
      "Por favor, toma el libro, cierra la puerta y ven. Después, come algo.",
      "En 1999, el Sr. García pagó 42,50 €. Luego, sin decir nada, se fue.",
    ],
  },
  {
    language: "fr",
    voice: "ff_siwis",
    texts: [
      "Demain, je pars à Paris. Si tu peux, prends le train, pas la voiture.",
      "En 1999, M. Dupont a payé 42,50 €. Tout le monde, bien sûr, était content.",
    ],
  },
  {
    language: "ja",
    voice: "jf_alpha",
    texts: [
      "今日は、東京へ行きます。そして、夜に、友達と食べます。",
      "2024年5月3日、会議がありました。はい、1,234円です。",
    ],
  },
  {
    language: "zh",
    voice: "zf_xiaobei",
    texts: ["今天，我去北京。明天，他来上海，你呢？", "2024年5月3日，下雨了。好，我们走吧。"],
  },
];

/** Shown in the table; the goal is the first. */
const METHODS = ["word times", "durations, lead taken off", "durations alone"] as const;
type Method = (typeof METHODS)[number];

interface Boundary {
  readonly end: number;
  readonly start: number;
}

interface Measured {
  readonly language: string;
  readonly method: Method;
  /** Reported minus heard, in seconds. */
  readonly errors: number[];
}

/** Where words end before a pause and begin after it, as reported, against the energy of the finished audio. */
export async function benchWordTimes(languages: readonly string[] = []): Promise<Section> {
  const pair = async (accent: string) => [
    await weightFile("english-lexicon", `${accent}_gold.json`),
    await weightFile("english-lexicon", `${accent}_silver.json`),
  ];
  const frontEnd = createTextFrontEnd({ lexicon: { us: await pair("us"), gb: await pair("gb") } });
  const engine = await KokoroEngine.load(await weightFile("kokoro-82m-float32"), {
    provider: "cpu",
    threads: availableParallelism(),
  });
  const measured: Measured[] = [];
  const leads: number[] = [];
  const found = { pauses: 0, matched: 0 };
  try {
    for (const { language, voice, speed = 1, texts } of TEST_SET) {
      if (languages.length > 0 && !languages.includes(language)) continue;
      for (const text of texts) {
        const recording = await speak(engine, frontEnd, { language, voice, speed, text });
        leads.push(recording.lead);
        for (const method of METHODS) {
          const { errors, pauses, matched } = compare(recording, method);
          measured.push({ language, method, errors });
          if (method !== "word times") continue;
          found.pauses += pauses;
          found.matched += matched;
        }
      }
      tell(`word times: ${language} ${voice} ${speed}`);
    }
  } finally {
    await frontEnd.close();
  }
  const groups: readonly (readonly [string, (measured: Measured) => boolean])[] = [
    ...METHODS.map((method) => [`all: ${method}`, (one: Measured) => one.method === method] as const),
    ...[...new Set(measured.map(({ language }) => language))].map(
      (language) =>
        [language, (one: Measured) => one.method === "word times" && one.language === language] as const,
    ),
  ];
  const errorsOf = (fits: (one: Measured) => boolean) =>
    measured.filter(fits).flatMap(({ errors }) => errors);
  const ours = errorsOf(({ method }) => method === "word times").map(Math.abs);
  return {
    title: "Word times",
    notes: [
      "Reported start of the first word and of words behind a pause, and end of words before a pause and of the last, " +
        "against the energy of the finished audio (35 dB below its level, steps of 1 ms, pauses of 80 ms or more at a mark).",
      `${found.matched} of ${found.pauses} pauses of the text can be heard. Sound before durations, by the best fit of ` +
        `voiced tokens: median ${ms(quantile(leads, 0.5))} ms (${ms(Math.min(...leads))} to ${ms(Math.max(...leads))}); ` +
        `corrected by ${ms(LEAD_SECONDS.kokoro)} ms.`,
    ],
    columns: [
      "boundaries in milliseconds",
      "count",
      "mean",
      "median |e|",
      "p95 |e|",
      "max |e|",
      "within 50 ms",
    ],
    rows: groups.map(([name, fits]) => row(name, errorsOf(fits))),
    goals: [
      { what: "p95 of the error in ms", value: quantile(ours, 0.95) * 1000, bound: "at most", limit: 50 },
      { what: "largest error in ms", value: Math.max(...ours) * 1000, bound: "at most", limit: 50 },
    ],
  };
}

const ms = (seconds: number): string => (seconds * 1000).toFixed(0);

function row(name: string, errors: readonly number[]): string[] {
  const sizes = errors.map(Math.abs);
  const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
  const within = sizes.filter((size) => size <= 0.05).length / sizes.length;
  return [
    name,
    String(errors.length),
    ms(mean),
    ms(quantile(sizes, 0.5)),
    ms(quantile(sizes, 0.95)),
    ms(Math.max(...sizes)),
    `${(within * 100).toFixed(1)} %`,
  ];
}

interface Recording {
  readonly silences: readonly Silence[];
  readonly seconds: number;
  readonly lead: number;
  readonly boundaries: Readonly<Record<Method, { edges: Boundary; pauses: readonly Boundary[] }>>;
}

async function speak(
  engine: KokoroEngine,
  frontEnd: TextFrontEnd,
  asked: { language: NativeLanguageCode; voice: string; speed: number; text: string },
): Promise<Recording> {
  const joiner = new UtteranceJoiner({
    sampleRate: SPEECH_SAMPLE_RATE,
    headSeconds: 0.15,
    tailSeconds: 0.15,
  });
  const voice = { key: asked.voice, path: await weightFile("kokoro-voices", `${asked.voice}.bin`) };
  const parts: Float32Array[] = [];
  const words: { ours: Boundary; raw: Boundary; pauseBefore: boolean }[] = [];
  const fits: { lead: number; weight: number }[] = [];
  for (const utterance of (await frontEnd.plan(asked.text, { language: asked.language })).utterances) {
    const request = { engine: "kokoro", voice, tokens: utterance.tokens, speed: asked.speed } as const;
    const sound = await engine.synthesize(request);
    const { audio, placement } = joiner.push(sound.samples, utterance.pauseAfterSeconds / asked.speed);
    parts.push(audio);
    const durations = Array.from(sound.tokenDurationsSeconds ?? []);
    const at = (token: number) =>
      durations.slice(0, token + 1).reduce((sum, seconds) => sum + seconds, placement.offsetSeconds);
    const timed = wordTimes(utterance, { ...sound, engine: request.engine }, placement);
    utterance.words.forEach(({ tokenStart, tokenEnd }, index) => {
      const { startSeconds = 0, endSeconds = 0 } = timed[index] ?? {};
      words.push({
        ours: { start: startSeconds, end: endSeconds },
        raw: { start: at(tokenStart), end: at(tokenEnd) },
        pauseBefore: index === 0 || hasMarkBefore(utterance, index),
      });
    });
    fits.push({
      lead: voicingLead(voicing(sound.samples, sound.sampleRate), utterance.phonemes, durations),
      weight: sound.samples.length,
    });
  }
  parts.push(joiner.finish());
  const audio = Float32Array.from(parts.flatMap((part) => Array.from(part)));
  const boundariesOf = (pick: (word: (typeof words)[number]) => Boundary) => ({
    edges: { start: pick(words[0] as never).start, end: pick(words.at(-1) as never).end },
    pauses: words.flatMap((word, index) => {
      const before = words[index - 1];
      return before !== undefined && word.pauseBefore
        ? [{ end: pick(before).end, start: pick(word).start }]
        : [];
    }),
  });
  return {
    silences: audibleSilences(audio, SPEECH_SAMPLE_RATE),
    seconds: audio.length / SPEECH_SAMPLE_RATE,
    lead:
      fits.reduce((sum, { lead, weight }) => sum + lead * weight, 0) /
      fits.reduce((sum, { weight }) => sum + weight, 0),
    boundaries: {
      "word times": boundariesOf(({ ours }) => ours),
      "durations alone": boundariesOf(({ raw }) => raw),
      "durations, lead taken off": boundariesOf(({ raw }) => ({
        start: raw.start - LEAD_SECONDS.kokoro,
        end: raw.end - LEAD_SECONDS.kokoro,
      })),
    },
  };
}

function hasMarkBefore({ phonemes, words }: Utterance, index: number): boolean {
  const between = phonemes.slice(words[index - 1]?.tokenEnd, words[index]?.tokenStart);
  return /[^\s]/.test(between);
}

/** How far a pause may be reported from where it is heard and still be compared with it. */
const FARTHEST_SECONDS = 0.35;

/** Each pause of the text is compared with the longest silence around; each silence counts once, the longest first. */
function compare({ silences, seconds, boundaries }: Recording, method: Method) {
  const { edges, pauses } = boundaries[method];
  const head = silences.find(({ start }) => start === 0)?.end ?? 0;
  const tail = silences.findLast(({ end }) => end >= seconds)?.start ?? seconds;
  const errors = [edges.start - head, edges.end - tail];
  const heard = silences
    .filter(({ start, end }) => start > 0 && end < seconds)
    .sort((a, b) => b.end - b.start - (a.end - a.start));
  const open = new Set(pauses);
  for (const { start, end } of heard) {
    const distance = (pause: Boundary) => Math.abs((pause.start + pause.end) / 2 - (start + end) / 2);
    const [nearest] = [...open].sort((a, b) => distance(a) - distance(b));
    if (nearest === undefined || distance(nearest) > FARTHEST_SECONDS) continue;
    open.delete(nearest);
    errors.push(nearest.end - start, nearest.start - end);
  }
  return { errors, pauses: pauses.length, matched: pauses.length - open.size };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  printSection(await benchWordTimes(process.argv.slice(2)));
}
