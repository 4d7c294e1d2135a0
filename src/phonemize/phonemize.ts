import type { Db } from "../db/client.ts";
import { type DictionaryReference, loadPronunciations } from "../dictionaries/dictionary.ts";
import { InvalidInputError, SpeakerError } from "../errors.ts";
import { ESPEAK_VOICES } from "../languages/espeak-voices.ts";
import type { StockSpeakers } from "../stock-speakers.ts";
import type { AskedVoice } from "../synthesis/asked-voices.ts";
import { checkSynthesis } from "../synthesis/check.ts";
import { type InputVoice, planOptionsOf, sourceOf, voiceIdOf, voicesOf } from "../synthesis/input.ts";
import type { SynthesisRequest } from "../synthesis/request.ts";
import { registryOf } from "../synthesis/synthesis.ts";
import type { VoiceTarget } from "../synthesis/text/target.ts";
import type { Plan } from "../synthesis/text/utterance.ts";
import type { InstalledVoices } from "../voices/installed.ts";
import type { VoicePacks } from "../voices/packs.ts";
import type { PreviewFrontEnd } from "./front-end.ts";

/** A preview answers at once: a few paragraphs. */
export const MAX_PREVIEW_CHARACTERS = 2_000;
/** Previews that a node makes at once; each holds its dictionaries. */
const MAX_AT_ONCE = 16;

/** What a preview is asked for: the part of a synthesis that decides what is said. */
export type PhonemizeRequest = Pick<
  SynthesisRequest,
  "text" | "language" | "voiceId" | "textFormat" | "normalize" | "emoji" | "dictionaryIds"
>;

/** How a text would be said. */
export interface Phonemization {
  readonly text: string;
  readonly plan: Plan;
  /** By the numbers that the plan calls them. */
  readonly voices: readonly { readonly reference: string; readonly target: VoiceTarget }[];
  readonly dictionaries: readonly DictionaryReference[];
}

export interface PreviewDeps {
  readonly db: Db;
  readonly packs: Pick<VoicePacks, "digest">;
  readonly installed: InstalledVoices;
  readonly stockSpeakers: StockSpeakers;
  readonly frontEnd: PreviewFrontEnd;
}

/** Says how texts would be said, as a job with the same input would plan them. */
export class PhonemePreview {
  readonly frontEnd: PreviewFrontEnd;
  readonly #deps: PreviewDeps;
  #running = 0;

  constructor(deps: PreviewDeps) {
    this.#deps = deps;
    this.frontEnd = deps.frontEnd;
  }

  /**
   * @throws InvalidInputError for what a synthesis would refuse, and for voices whose weights this node does not have;
   *   SpeakerError SERVICE_UNAVAILABLE, DEADLINE_EXCEEDED
   */
  async phonemize(tenant: string, request: PhonemizeRequest): Promise<Phonemization> {
    if (this.#running >= MAX_AT_ONCE) {
      throw new SpeakerError("SERVICE_UNAVAILABLE", "Too many previews are being made. Try again shortly.");
    }
    this.#running += 1;
    try {
      return await this.#plan(tenant, request);
    } finally {
      this.#running -= 1;
    }
  }

  async #plan(tenant: string, request: PhonemizeRequest): Promise<Phonemization> {
    const { db, frontEnd } = this.#deps;
    const limits = { textCharacters: MAX_PREVIEW_CHARACTERS };
    const { input, voices } = await checkSynthesis(request, limits, registryOf(this.#deps, tenant)).catch(
      (error: unknown) => {
        throw error instanceof InvalidInputError ? ofArguments(error) : error;
      },
    );
    const speakers = await Promise.all(
      voicesOf(input).map(async ({ voiceId }, index) => {
        const voice = voices[index];
        if (voice === undefined) throw new Error("a voice was not looked up");
        return { reference: voiceId, target: await this.#targetOf(voice, { voiceId }) };
      }),
    );
    const dictionaries = input.dictionaries ?? [];
    const pronunciations = await loadPronunciations(db, dictionaries);
    const plan = await frontEnd.use((ready) =>
      ready.plan(sourceOf(input), {
        ...planOptionsOf(input),
        voices: speakers.map(({ target }) => target),
        pronunciations,
      }),
    );
    return { text: input.text, plan, voices: speakers, dictionaries };
  }

  /** What the voice needs of a text; its pack, which only speaking takes, is not looked at. */
  async #targetOf({ engine, language }: AskedVoice, { voiceId }: InputVoice): Promise<VoiceTarget> {
    if (engine === "piper") return await this.#piperTarget(voiceId);
    const espeakVoice = ESPEAK_VOICES[language];
    if (engine !== "espeak" || espeakVoice === undefined) return { engine: "kokoro", language };
    return { engine: "espeak", language, espeakVoice };
  }

  /** Its symbols come with its weights, which nobody waits for here. */
  async #piperTarget(reference: string): Promise<VoiceTarget> {
    const { installed, stockSpeakers } = this.#deps;
    const here = (await installed.voices()).has(voiceIdOf(reference));
    const speaker = here ? await stockSpeakers.find(reference) : null;
    if (speaker !== null) return speaker.target;
    const message = "names a voice whose weights are not on this node; `speaker models pull` brings them";
    throw new InvalidInputError([{ path: ["voiceId"], message }]);
  }
}

/** Paths begin with the arguments: there is no `input` around them. */
function ofArguments({ issues }: InvalidInputError): InvalidInputError {
  return new InvalidInputError(
    issues.map(({ path, message }) => ({ path: path[0] === "input" ? path.slice(1) : path, message })),
  );
}
