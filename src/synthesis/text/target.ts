/** What a voice needs of a text: whose symbols its sounds are written in, and how it reads when nobody says otherwise. */
export type VoiceTarget =
  | {
      readonly engine: "kokoro";
      /** BCP-47 of what it speaks when the text does not say. */
      readonly language: string;
    }
  | {
      readonly engine: "piper";
      readonly language: string;
      /** The espeak-ng voice whose phonemes the model was trained on. */
      readonly espeakVoice: string;
      /** `text`: trained on letters instead of phonemes. */
      readonly phonemeType: "espeak" | "text";
      /** The model's symbols and their ids, from its configuration; pads and ends are the engine's business. */
      readonly phonemeIds: Readonly<Record<string, readonly number[]>>;
    }
  | {
      readonly engine: "espeak";
      readonly language: string;
      readonly espeakVoice: string;
    };
