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
import loadEspeak, { type EspeakModule } from "@echogarden/espeak-ng-emscripten";

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

/** Made while nobody waits; the first is made when speech is first asked for. */
let spare: Promise<EspeakModule> | null = null;

/**
 * The generator of sounds keeps its phases and its chance from one text to the next, and sounds a little different each
 * time. A fresh one for every text always says the same.
 */
async function speech(voice: string, text: string, wordsPerMinute: number): Promise<object | null> {
  const loading = spare ?? loadEspeak();
  spare = null;
  const fresh = await loading;
  const speaker = new fresh.eSpeakNGWorker();
  if (speaker.set_voice(voice) !== 0) return null;
  const pieces: Int16Array[] = [];
  const sounds: [string, number][] = [];
  speaker.rate = wordsPerMinute;
  // "[[" would have phoneme names read as such.
  speaker.synthesize(text.replaceAll("[[", "[ ["), (samples, events) => {
    if (samples !== null) pieces.push(Int16Array.from(samples));
    for (const { type, id, audio_position } of events ?? []) {
      if (type === "phoneme") sounds.push([String(id ?? ""), audio_position]);
    }
    return false;
  });
  const bytes = Buffer.concat(pieces.map((piece) => Buffer.from(piece.buffer)));
  return { sampleRate: speaker.samplerate, samples: bytes.toString("base64"), phonemes: sounds };
}

async function answer({ id, voice, texts, text, wordsPerMinute = 175 }: Request): Promise<object> {
  const unknown = { id, error: "unknown voice" };
  if (text !== undefined) {
    const spoken = await speech(voice, text, wordsPerMinute);
    return spoken === null ? unknown : { id, speech: spoken };
  }
  if (voice !== currentVoice) {
    if (worker.set_voice(voice) !== 0) return unknown;
    currentVoice = voice;
  }
  return { id, phonemes: (texts ?? []).map(phonemes) };
}

const send = (message: object) => process.stdout.write(`${JSON.stringify(message)}\n`);

const lines = createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY });
lines.on("line", async (line) => {
  const request = JSON.parse(line) as Request;
  send(await answer(request));
  if (request.text !== undefined) spare ??= loadEspeak();
});
lines.on("close", () => process.exit(0));
// A parent that died leaves a broken pipe; there is nobody left to tell.
process.stdout.on("error", () => process.exit(0));
send({ ready: true });
