import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { z } from "zod";
import { SpeakerError } from "./errors.ts";
import type { KokoroUtterance, UtteranceRequest } from "./inference/engine.ts";
import { ESPEAK_VOICES } from "./languages/espeak-voices.ts";
import type { ModelStore } from "./models/store.ts";
import { SharedWork } from "./shared-work.ts";
import type { VoiceTarget } from "./synthesis/text/target.ts";
import type { Utterance } from "./synthesis/text/utterance.ts";
import { findStockVoice, type StockVoice, speakersOf } from "./voices/stock.ts";

const KOKORO_PACKS = "kokoro-voices";

/** A voice that is ready to speak: what it needs of a text, and what it makes of an utterance of it. */
export interface Speaker {
  readonly target: VoiceTarget;
  /** The engine's request of an utterance that was planned for `target`; speed 1 is the voice's own pace. */
  request(utterance: Pick<Utterance, "tokens" | "phonemes" | "normalized">, speed: number): UtteranceRequest;
}

/** What speaks for a voice, and the file that must still be there for it to speak; null where it needs none. */
interface Prepared {
  /** @param number the place of one of several speakers; null for a voice of one */
  readonly speaker: (number: number | null) => Speaker;
  readonly path: string | null;
}

const piperConfigSchema = z.object({
  audio: z.object({ sample_rate: z.int().positive() }),
  espeak: z.object({ voice: z.string() }),
  phoneme_type: z.string().default("espeak"),
  phoneme_id_map: z.record(z.string(), z.array(z.int())),
});

export interface StockSpeakerOptions {
  /** Turns what Kokoro is to speak into what the engine in use takes. */
  readonly request: (utterance: KokoroUtterance) => UtteranceRequest;
  /** Whether voices of Piper that are not here are fetched. */
  readonly onDemand: boolean;
}

/**
 * Makes stock voices ready to speak. Each is made once; its weights are fetched when they are not here, once for all who
 * wait for them, and no longer when nobody does.
 */
export class StockSpeakers {
  readonly #store: ModelStore;
  readonly #options: StockSpeakerOptions;
  readonly #prepared = new Map<string, Prepared>();
  readonly #preparing = new SharedWork<Prepared>();

  constructor(store: ModelStore, options: StockSpeakerOptions) {
    this.#store = store;
    this.#options = options;
  }

  /**
   * @param reference an id, or `id#speaker` by the name of one of several speakers
   * @param options.signal stops the wait for weights; who else waits for them still gets them
   * @returns null when there is no such voice. Throws as the store does; SpeakerError MODEL_UNAVAILABLE for a voice whose
   *   phonemes are made in a way that this service does not know
   */
  async find(
    reference: string,
    options: { readonly signal?: AbortSignal | undefined } = {},
  ): Promise<Speaker | null> {
    const mark = reference.indexOf("#");
    const voice = findStockVoice(mark < 0 ? reference : reference.slice(0, mark));
    if (voice === null) return null;
    const number = speakerNumber(voice, mark < 0 ? null : reference.slice(mark + 1));
    if (number === undefined) return null;
    const known = this.#prepared.get(voice.id);
    if (known !== undefined && (known.path === null || existsSync(known.path))) return known.speaker(number);
    const prepared = await this.#preparing.wait(
      voice.id,
      (signal) => this.#prepare(voice, signal),
      options.signal,
    );
    this.#prepared.set(voice.id, prepared);
    return prepared.speaker(number);
  }

  async #prepare(voice: StockVoice, signal: AbortSignal): Promise<Prepared> {
    switch (voice.engine) {
      case "piper":
        return await this.#piper(voice, signal);
      case "espeak": {
        const speaker = espeakSpeaker(voice);
        return { speaker: () => speaker, path: null };
      }
      default:
        return await this.#kokoro(voice, signal);
    }
  }

  async #kokoro({ id, language }: StockVoice, signal: AbortSignal): Promise<Prepared> {
    const { path, sha256 } = await this.#store.locate(KOKORO_PACKS, `${id}.bin`, { signal });
    const voice = { key: sha256, path };
    const speaker: Speaker = {
      target: { engine: "kokoro", language },
      request: ({ tokens }, speed) => this.#options.request({ engine: "kokoro", voice, tokens, speed }),
    };
    return { speaker: () => speaker, path };
  }

  async #piper({ id, language }: StockVoice, signal: AbortSignal): Promise<Prepared> {
    if (!this.#options.onDemand && !(await this.#store.present([id])).has(id)) throw notFetched(id);
    const { path, sha256: key } = await this.#store.locate(id, `${id}.onnx`, { signal });
    const config = piperConfigSchema.parse(JSON.parse(await readFile(`${path}.json`, "utf8")));
    const { phoneme_type: phonemeType, phoneme_id_map: phonemeIds } = config;
    if (phonemeType !== "espeak" && phonemeType !== "text") {
      throw new SpeakerError(
        "MODEL_UNAVAILABLE",
        `The voice ${id} wants phonemes of the kind ${phonemeType}, which this service does not make. Take another voice.`,
      );
    }
    const { voice: espeakVoice } = config.espeak;
    const target = { engine: "piper", language, espeakVoice, phonemeType, phonemeIds } as const;
    const speaker = (number: number | null): Speaker => ({
      target,
      request: ({ tokens }, speed) => ({
        engine: "piper",
        model: { key, path },
        modelSampleRate: config.audio.sample_rate,
        speaker: number,
        ...{ tokens, speed },
      }),
    });
    return { speaker, path };
  }
}

function notFetched(id: string): SpeakerError {
  return new SpeakerError(
    "MODEL_UNAVAILABLE",
    `The voice ${id} is not here, and this service fetches none on demand (VOICES_ON_DEMAND). Its operator can: ` +
      `speaker models pull ${id}. Voices that are \`installed\` speak at once.`,
  );
}

/** The place of a named speaker; null for a voice of one; undefined when the voice has none of the name. */
function speakerNumber({ id }: StockVoice, name: string | null): number | null | undefined {
  const speakers = speakersOf(id);
  if (name === null) return speakers.length > 0 ? 0 : null;
  const number = speakers.indexOf(name);
  return number < 0 ? undefined : number;
}

function espeakSpeaker({ id, language }: StockVoice): Speaker {
  const espeakVoice = ESPEAK_VOICES[language];
  if (espeakVoice === undefined) throw new Error(`espeak-ng has no voice for ${id}`);
  return {
    target: { engine: "espeak", language, espeakVoice },
    request: ({ tokens, phonemes, normalized }, speed) => ({
      engine: "espeak",
      voice: espeakVoice,
      text: normalized.text,
      ...{ phonemes, tokens, speed },
    }),
  };
}
