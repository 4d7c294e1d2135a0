import { type Peer, type PeerAnswer, startKokoroOnnx, startSherpaOnnx } from "./peers.ts";
import { type Section, tell } from "./report.ts";
import { withService } from "./service.ts";
import { pairedRatios, summarise, withSpread } from "./statistics.ts";
import { LONG_TEXT } from "./texts.ts";

const VOICE = "af_heart";
const LIMIT = 0.85;

/** A text of 2,000 characters from text to stored audio, against kokoro-onnx from text to samples. */
export async function benchThroughput({ rounds }: { rounds: number }): Promise<Section> {
  return await withService(async (service) => {
    const peer = await startKokoroOnnx(VOICE);
    const other = await startSherpaOnnx(VOICE).catch((error: unknown) => {
      tell(`throughput: without sherpa-onnx: ${(error as Error).message}`);
      return null;
    });
    try {
      const job = async (priority: "BATCH" | "INTERACTIVE"): Promise<PeerAnswer> => {
        const { totalMs, audio } = await service.speak({
          ...{ text: LONG_TEXT, voiceId: VOICE, format: "WAV", priority },
        });
        return { seconds: totalMs / 1000, audioSeconds: audio.durationSeconds };
      };
      tell("throughput: warming up");
      await job("BATCH");
      await peer.speak("Good morning, everyone.");
      await other?.speak("Good morning, everyone.");
      const none = (): PeerAnswer[] => [];
      const measured = { batch: none(), interactive: none(), peer: none(), other: none() };
      for (let round = 1; round <= rounds; round++) {
        measured.batch.push(await job("BATCH"));
        measured.peer.push(await peer.speak(LONG_TEXT));
        measured.interactive.push(await job("INTERACTIVE"));
        if (other !== null) measured.other.push(await other.speak(LONG_TEXT));
        tell(`throughput: round ${round} of ${rounds}`);
      }
      return section(measured, [peer, ...(other === null ? [] : [other])]);
    } finally {
      await peer.stop();
      await other?.stop();
    }
  });
}

type Measured = Readonly<Record<"batch" | "interactive" | "peer" | "other", readonly PeerAnswer[]>>;

function section(measured: Measured, peers: readonly Peer[]): Section {
  const ratio = (answers: readonly PeerAnswer[]) =>
    summarise(
      pairedRatios(
        answers.map(({ seconds }) => seconds),
        measured.peer.map(({ seconds }) => seconds),
      ),
    );
  const row = (name: string, answers: readonly PeerAnswer[]) => [
    name,
    withSpread(summarise(answers.map(({ seconds }) => seconds)), 2),
    (answers[0]?.audioSeconds ?? 0).toFixed(1),
    summarise(answers.map(({ seconds, audioSeconds }) => seconds / audioSeconds)).median.toFixed(3),
    answers === measured.peer ? "1" : withSpread(ratio(answers), 3),
  ];
  return {
    title: "Whole pipeline against kokoro-onnx",
    notes: [
      `${LONG_TEXT.length} characters, voice ${VOICE}, ${measured.peer.length} rounds of each in turn; median (least to most).`,
      `Peers: from text to samples in memory, int8 weights as published (${peers.map(({ versions }) => versions).join("; ")}).`,
      "Service: from the mutation to the last event of the subscription; the WAV file is stored by then.",
    ],
    columns: ["", "seconds", "audio s", "real-time factor", "to kokoro-onnx"],
    rows: [
      row("kokoro-onnx", measured.peer),
      ...(measured.other.length > 0 ? [row("sherpa-onnx", measured.other)] : []),
      row("service, BATCH", measured.batch),
      row("service, INTERACTIVE", measured.interactive),
    ],
    goals: [
      {
        what: "whole job to kokoro-onnx, text to audio",
        value: ratio(measured.batch).median,
        bound: "at most",
        limit: LIMIT,
      },
    ],
  };
}
