/** The part of the WASM build's interface that the host program uses. */
declare module "@echogarden/espeak-ng-emscripten" {
  interface EspeakWorker {
    /** 0 when the voice exists. */
    set_voice(name: string): number;
    /** Address of a zero-terminated UTF-8 string in the heap, 0 for none. */
    convert_to_phonemes(text: string, ipa: boolean): { readonly ptr: number };
    /** Words a minute, 80 to 450. */
    rate: number;
    readonly samplerate: number;
    /** Calls back with pieces of the audio and what happens in them, until it answers true. */
    synthesize(
      text: string,
      onPiece: (samples: Int16Array | null, events: EspeakEvent[] | null) => boolean,
    ): void;
  }
  interface EspeakEvent {
    readonly type: string;
    /** Milliseconds from the beginning of the audio. */
    readonly audio_position: number;
    /** Of a phoneme its IPA, empty for a pause. */
    readonly id?: string | number;
  }
  export interface EspeakModule {
    readonly HEAPU8: Uint8Array;
    readonly eSpeakNGWorker: new () => EspeakWorker;
  }
  export default function load(): Promise<EspeakModule>;
}
