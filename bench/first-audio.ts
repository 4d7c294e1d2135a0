import { type Peer, startKokoroOnnx } from "./peers.ts";
import { type Section, tell } from "./report.ts";
import { type Service, withService } from "./service.ts";
import { pairedRatios, summarise, withSpread } from "./statistics.ts";
import { PARAGRAPHS } from "./texts.ts";

const VOICE = "af_heart";
const SENTENCE_LIMIT = 0.35;
const PARAGRAPH_LIMIT = 0.12;

/** Seconds of one round on one paragraph. */
interface Round {
  readonly graphql: number;
  readonly openai: number;
  readonly peerSentence: number;
  readonly peerParagraph: number;
}

/** How soon a paragraph begins to sound, against how soon kokoro-onnx hands out its first sentence, or all of it. */
export async function benchFirstAudio({ rounds }: { rounds: number }): Promise<Section> {
  return await withService(async (service) => {
    const peer = await startKokoroOnnx(VOICE);
    try {
      tell("first: warming up");
      await measure(service, peer, PARAGRAPHS[0]);
      const measured: Round[][] = [];
      for (const [index, paragraph] of PARAGRAPHS.entries()) {
        const here: Round[] = [];
        for (let round = 1; round <= rounds; round++) here.push(await measure(service, peer, paragraph));
        measured.push(here);
        tell(`first: paragraph ${index + 1} of ${PARAGRAPHS.length}`);
      }
      return section(measured, peer);
    } finally {
      await peer.stop();
    }
  });
}

async function measure(service: Service, peer: Peer, text: string): Promise<Round> {
  const graphql = await firstAudioOfJob(service, text);
  const { seconds: peerSentence } = await peer.speak(firstSentence(text));
  const openai = await firstAudioOfCall(service, text);
  const { seconds: peerParagraph } = await peer.speak(text);
  return { graphql, openai, peerSentence, peerParagraph };
}

const firstSentence = (text: string) => text.slice(0, text.search(/[.!?] /) + 1);

/** From the mutation to the first bytes of `streamUrl`. */
async function firstAudioOfJob(service: Service, text: string): Promise<number> {
  const startedAt = performance.now();
  const { streamUrl } = await service.open({ text, voiceId: VOICE, format: "PCM" });
  return await firstBytes(await fetch(streamUrl), startedAt);
}

/** The synchronous way: one request, answered with the audio. */
async function firstAudioOfCall(service: Service, input: string): Promise<number> {
  const startedAt = performance.now();
  const response = await fetch(`${service.url}/v1/audio/speech`, {
    method: "POST",
    // Spoken anew in every round.
    headers: { "Content-Type": "application/json", "Cache-Control": "no-cache" },
    body: JSON.stringify({ model: "speaker", voice: VOICE, input, response_format: "pcm" }),
  });
  return await firstBytes(response, startedAt);
}

/** Seconds until there is sound. It is heard to its end, so that the next round finds an idle machine. */
async function firstBytes(response: Response, startedAt: number): Promise<number> {
  if (!response.ok || response.body === null) throw new Error(`${response.status}: ${await response.text()}`);
  let seconds: number | null = null;
  for await (const bytes of response.body) {
    if (bytes.some((byte) => byte !== 0)) seconds ??= (performance.now() - startedAt) / 1000;
  }
  if (seconds === null) throw new Error("the audio held no sound");
  return seconds;
}

function section(measured: readonly (readonly Round[])[], peer: Peer): Section {
  const ratios = (rounds: readonly Round[], ours: keyof Round, theirs: keyof Round) =>
    pairedRatios(
      rounds.map((round) => round[ours]),
      rounds.map((round) => round[theirs]),
    );
  const seconds = (rounds: readonly Round[], of: keyof Round) =>
    withSpread(summarise(rounds.map((round) => round[of])), 2);
  const all = measured.flat();
  const [toSentence, toParagraph] = [
    summarise(ratios(all, "graphql", "peerSentence")),
    summarise(ratios(all, "graphql", "peerParagraph")),
  ];
  return {
    title: "Time to first audio",
    notes: [
      `${PARAGRAPHS.length} paragraphs of about 60 words, voice ${VOICE}, ${measured[0]?.length} rounds of each in turn, ` +
        "on an idle service, nothing cached; median (least to most).",
      "GraphQL: from sending `synthesize` to the first bytes of `streamUrl` that are not silence. " +
        "Call: the same from `POST /v1/audio/speech`.",
      `Peer: kokoro-onnx in its own process, int8 weights as published, from text to samples (${peer.versions}).`,
    ],
    columns: [
      "words of the first sentence",
      "GraphQL s",
      "call s",
      "peer, first sentence s",
      "peer, paragraph s",
      "to sentence",
      "to paragraph",
    ],
    rows: measured.map((rounds, index) => [
      String(firstSentence(PARAGRAPHS[index] ?? "").split(/\s+/).length),
      seconds(rounds, "graphql"),
      seconds(rounds, "openai"),
      seconds(rounds, "peerSentence"),
      seconds(rounds, "peerParagraph"),
      withSpread(summarise(ratios(rounds, "graphql", "peerSentence")), 3),
      withSpread(summarise(ratios(rounds, "graphql", "peerParagraph")), 3),
    ]),
    goals: [
      {
        what: "first audio to kokoro-onnx's first sentence, over all paragraphs",
        value: toSentence.median,
        bound: "at most",
        limit: SENTENCE_LIMIT,
      },
      {
        what: "first audio to kokoro-onnx's whole paragraph, over all paragraphs",
        value: toParagraph.median,
        bound: "at most",
        limit: PARAGRAPH_LIMIT,
      },
    ],
  };
}
