/**
 * A program of its own, run as a child process: espeak-ng (WebAssembly build) behind JSON lines on stdin and
 * stdout. espeak-ng is GPL-3.0-or-later; the service never links it, it talks to this program over a pipe with
 * the narrow protocol below, and everything works the same with another program that speaks it.
 *
 *   <- {"id": 1, "voice": "en-us", "texts": ["hello", "world"]}
 *   -> {"id": 1, "phonemes": ["h_ə_l_ˈoʊ", "w_ˈɜː_l_d"]}
 *
 *   <- {"id": 2, "voice": "en-us", "text": "hello", "wordsPerMinute": 175}
 *   -> {"id": 2, "speech": {"sampleRate": 22050, "samples": "<16-bit little-endian PCM, base64>",
 *       "phonemes": [["h", 11], ["ə", 62], …, ["", 420]]}}   with the millisecond at which each begins; "" is a pause
 *
 *   -> {"id": 3, "error": "unknown voice"}   whatever was asked
 *
 * The first line out is {"ready": true}. It ends when stdin closes, so it never outlives its parent.
 */
import { createInterface } from "node:readline";
import loadEspeak from "@echogarden/espeak-ng-emscripten";

interface Request {
  readonly id: number;
  readonly voice: string;
  readonly texts?: readonly string[];
  readonly text?: string;
  readonly wordsPerMinute?: number;
}

const espeak = await loadEspeak();
const worker = new espeak.eSpeakNGWorker();
const decoder = new TextDecoder();
let currentVoice = "";

/** IPA with stress: "_" between phonemes, " " between words, " | " between clauses. */
function phonemes(text: string): string {
  const { ptr } = worker.convert_to_phonemes(text, true);
  if (ptr === 0) return "";
  // Read the heap anew each time: growing WebAssembly memory detaches the old view.
  const heap = espeak.HEAPU8;
  return decoder.decode(heap.subarray(ptr, heap.indexOf(0, ptr)));
}

function speech(text: string, wordsPerMinute: number): object {
  const pieces: Int16Array[] = [];
  const sounds: [string, number][] = [];
  worker.rate = wordsPerMinute;
  // "[[" would have phoneme names read as such.
  worker.synthesize(text.replaceAll("[[", "[ ["), (samples, events) => {
    if (samples !== null) pieces.push(Int16Array.from(samples));
    for (const { type, id, audio_position } of events ?? []) {
      if (type === "phoneme") sounds.push([String(id ?? ""), audio_position]);
    }
    return false;
  });
  const bytes = Buffer.concat(pieces.map((piece) => Buffer.from(piece.buffer)));
  return { sampleRate: worker.samplerate, samples: bytes.toString("base64"), phonemes: sounds };
}

function answer({ id, voice, texts, text, wordsPerMinute = 175 }: Request): object {
  if (voice !== currentVoice) {
    if (worker.set_voice(voice) !== 0) return { id, error: "unknown voice" };
    currentVoice = voice;
  }
  if (text !== undefined) return { id, speech: speech(text, wordsPerMinute) };
  return { id, phonemes: (texts ?? []).map(phonemes) };
}

const send = (message: object) => process.stdout.write(`${JSON.stringify(message)}\n`);

const lines = createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY });
lines.on("line", (line) => send(answer(JSON.parse(line) as Request)));
lines.on("close", () => process.exit(0));
// A parent that died leaves a broken pipe; there is nobody left to tell.
process.stdout.on("error", () => process.exit(0));
send({ ready: true });
