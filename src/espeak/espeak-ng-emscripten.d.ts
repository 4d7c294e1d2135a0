/** The part of the WASM build's interface that the host program uses. */
declare module "@echogarden/espeak-ng-emscripten" {
  interface EspeakWorker {
    /** 0 when the voice exists. */
    set_voice(name: string): number;
    /** Address of a zero-terminated UTF-8 string in the heap, 0 for none. */
    convert_to_phonemes(text: string, ipa: boolean): { readonly ptr: number };
  }
  interface EspeakModule {
    readonly HEAPU8: Uint8Array;
    readonly eSpeakNGWorker: new () => EspeakWorker;
  }
  export default function load(): Promise<EspeakModule>;
}
