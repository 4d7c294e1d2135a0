import type { AnalysisFiles, AnalysisRequest, AnalysisResults } from "./analysis.ts";
import { DnsmosEngine } from "./engines/dnsmos.ts";
import { fakeAnalysis } from "./engines/fake-analysis.ts";
import { SpeakerEncoder } from "./engines/speaker-encoder.ts";
import { VoiceActivityDetector } from "./engines/voice-activity.ts";
import { measureSpeech } from "./speech-measures.ts";

/** The small models of a member; each is loaded when it is first needed. One recording at a time: a run blocks. */
export class Analyser {
  readonly #threads: number;
  #encoder: SpeakerEncoder | null = null;
  #detector: VoiceActivityDetector | null = null;
  #dnsmos: DnsmosEngine | null = null;

  constructor(threads: number) {
    this.#threads = threads;
  }

  /** @throws Error when the recording is empty or the model's file is damaged. */
  async analyse(
    { kind, samples }: AnalysisRequest,
    files: AnalysisFiles | "fake",
  ): Promise<AnalysisResults[keyof AnalysisResults]> {
    if (samples.length === 0) throw new Error("an empty recording cannot be analysed");
    if (files === "fake") return fakeAnalysis(kind, samples);
    const options = { threads: this.#threads };
    switch (kind) {
      case "embedding":
        this.#encoder ??= await SpeakerEncoder.load(files.speakerEncoder, options);
        return await this.#encoder.embed(samples);
      case "speech":
        this.#detector ??= await VoiceActivityDetector.load(files.voiceActivity);
        return measureSpeech(samples, await this.#detector.detect(samples));
      case "quality":
        this.#dnsmos ??= await DnsmosEngine.load(files.dnsmos, options);
        return await this.#dnsmos.score(samples);
    }
  }
}
