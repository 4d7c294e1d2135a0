/** Sample rate of everything the speech engines make, in Hz. */
export const SPEECH_SAMPLE_RATE = 24_000;

/** Kokoro's context: the most token ids of one utterance, without the two padding zeros. */
export const MAX_UTTERANCE_TOKENS = 510;

/**
 * Where the style of an utterance comes from: a voice file on this machine, a pack held in memory (cloned and
 * mixed voices), or one style vector. File and pack are float32 [510, 1, 256], a row for each utterance
 * length; a style is float32 [256]. `key` names the content of a file, so that engines can keep it: the same
 * key must always mean the same bytes.
 */
export type VoiceReference =
  | { readonly key: string; readonly path: string }
  | { readonly pack: Float32Array }
  | { readonly style: Float32Array };

/** What is done to an utterance once it is spoken: in the member, away from the service's own loop. */
export interface Effects {
  /** -12 to 12; the pace stays. */
  readonly pitchSemitones: number;
  readonly gainDb: number;
}

/** One utterance for Kokoro. */
export interface KokoroUtterance {
  readonly engine: "kokoro";
  readonly voice: VoiceReference;
  /** Token ids without the two padding zeros, 1 to 510 of them. */
  readonly tokens: readonly number[];
  /** 1 is the voice's own pace; 0.5 to 2. */
  readonly speed: number;
  readonly effects?: Effects;
}

/** One utterance for a voice of the Piper collection (VITS). */
export interface PiperUtterance {
  readonly engine: "piper";
  /** The voice's own network; `key` is the digest of its file. */
  readonly model: { readonly key: string; readonly path: string };
  /** From the voice's configuration, in Hz. */
  readonly modelSampleRate: number;
  /** One id for each symbol of the utterance; the engine adds pads and ends. */
  readonly tokens: readonly number[];
  /** Which of a multi-speaker network's voices; null for a network of one. */
  readonly speaker: number | null;
  readonly speed: number;
  readonly effects?: Effects;
}

/** One utterance for espeak-ng's own formant voice. */
export interface EspeakUtterance {
  readonly engine: "espeak";
  readonly voice: string;
  /** What is said, normalised. */
  readonly text: string;
  /** Its sounds, one symbol for each token: what the engine's times are told by. */
  readonly phonemes: string;
  readonly tokens: readonly number[];
  readonly speed: number;
  readonly effects?: Effects;
}

/** How an engine can fail: it says so, it takes its process down, or it never answers. */
export type Failure = "error" | "crash" | "hang";

/** One utterance for the deterministic engine that tests of queueing and transport use. */
export interface FakeUtterance {
  readonly engine: "fake";
  readonly tokens: readonly number[];
  readonly speed: number;
  /** Heard as a second tone, so that cloned and mixed voices differ; left out for stock voices. */
  readonly style?: Float32Array;
  /** Blocks the member's thread for this long per token, as a native run does. */
  readonly blockMsPerToken?: number;
  /** How the run ends instead of with audio. */
  readonly failure?: Failure;
  readonly effects?: Effects;
}

export type UtteranceRequest = KokoroUtterance | PiperUtterance | EspeakUtterance | FakeUtterance;

/** What one utterance sounds like. */
export interface UtteranceAudio {
  /** Mono, nominally within -1..1, at `sampleRate`. */
  readonly samples: Float32Array;
  readonly sampleRate: number;
  /**
   * Seconds that each token takes, the two pads included (length = tokens + 2), or null when the model file
   * does not tell. Their sum is the length of `samples`.
   */
  readonly tokenDurationsSeconds: Float32Array | null;
  /** Time that the engine computed, without queueing and transport. */
  readonly computeSeconds: number;
}

/** A loaded model. Engines live inside pool members only: a run blocks the thread that calls it. */
export interface Engine {
  synthesize(request: UtteranceRequest): Promise<UtteranceAudio>;
}
