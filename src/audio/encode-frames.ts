import { mp3Frames } from "./encoders/mp3-frames.ts";
import type { AudioFormat } from "./format.ts";

/** Where a stream may be cut: behind its header, a frame or a page, and when that is in the recording. */
interface Cut {
  readonly position: number;
  readonly seconds: number;
}

interface Unit {
  readonly bytes: number;
  /** When it ends, given when the one before it did. */
  readonly endSeconds: (before: number) => number;
}

interface Framing {
  /** How many bytes of a unit tell how long it is. */
  readonly headerBytes: number;
  /** The unit that begins with these bytes; null where more of them are needed. */
  readonly unit: (header: Uint8Array, position: number) => Unit | null;
  /** Seconds that may have been pushed into the encoder without the cut behind them being out. */
  readonly delaySeconds: number;
}

const WAV_HEADER_BYTES = 44;
/** Cuts of uncompressed audio: fine enough for any purpose, and few. */
const PCM_UNIT_BYTES = 480;
const BYTES_PER_SAMPLE = 2;
const AAC_FRAME_SAMPLES = 1024;
const OGG_HEADER_BYTES = 27;
const OGG_GRANULES_PER_SECOND = 48_000;
const OPUS_DELAY_SECONDS = 0.25;
/** Frames that LAME and the AAC encoder hold back, with some to spare. */
const FRAMES_HELD_BACK = { mp3: 6.25, aac: 3.5 } as const;
/** What a resampler holds back, in samples of the lower of its two rates. */
const RESAMPLER_SAMPLES = 64;

const after = (seconds: number) => (before: number) => before + seconds;

function pcmFraming(rate: number): Framing {
  const seconds = PCM_UNIT_BYTES / BYTES_PER_SAMPLE / rate;
  const unit: Unit = { bytes: PCM_UNIT_BYTES, endSeconds: after(seconds) };
  return { headerBytes: 0, delaySeconds: seconds, unit: () => unit };
}

function wavFraming(rate: number): Framing {
  const pcm = pcmFraming(rate);
  const header: Unit = { bytes: WAV_HEADER_BYTES, endSeconds: after(0) };
  return { ...pcm, unit: (bytes, position) => (position === 0 ? header : pcm.unit(bytes, position)) };
}

function mp3Framing(rate: number): Framing {
  const { frameBytes, samplesPerFrame } = mp3Frames(rate);
  return {
    headerBytes: 3,
    delaySeconds: (FRAMES_HELD_BACK.mp3 * samplesPerFrame) / rate,
    unit: (header, position) => ({
      bytes: frameBytes + (((header[2] as number) >> 1) & 1),
      // The first frame holds the tag and no audio.
      endSeconds: after(position === 0 ? 0 : samplesPerFrame / rate),
    }),
  };
}

function aacFraming(rate: number): Framing {
  return {
    headerBytes: 6,
    delaySeconds: (FRAMES_HELD_BACK.aac * AAC_FRAME_SAMPLES) / rate,
    unit: ([, , , high = 0, middle = 0, low = 0]) => ({
      bytes: ((high & 3) << 11) | (middle << 3) | (low >> 5),
      endSeconds: after(AAC_FRAME_SAMPLES / rate),
    }),
  };
}

const OPUS_FRAMING: Framing = {
  headerBytes: OGG_HEADER_BYTES,
  delaySeconds: OPUS_DELAY_SECONDS,
  unit: (header) => {
    const segments = header[OGG_HEADER_BYTES - 1] as number;
    if (header.length < OGG_HEADER_BYTES + segments) return null;
    const lengths = header.subarray(OGG_HEADER_BYTES, OGG_HEADER_BYTES + segments);
    const view = new DataView(header.buffer, header.byteOffset);
    const seconds = Number(view.getBigInt64(6, true)) / OGG_GRANULES_PER_SECOND;
    return {
      bytes: OGG_HEADER_BYTES + segments + lengths.reduce((sum, length) => sum + length, 0),
      endSeconds: () => seconds,
    };
  },
};

/** Framing of what the encoders of this service make of mono audio, by the rate of what is written. */
const FRAMINGS: Readonly<Partial<Record<AudioFormat, (rate: number) => Framing>>> = {
  pcm: pcmFraming,
  wav: wavFraming,
  mp3: mp3Framing,
  aac: aacFraming,
  opus: () => OPUS_FRAMING,
};

/** Whether a stream of this format can be cut without knowing all of it. */
export const canBeCut = (format: AudioFormat): boolean => FRAMINGS[format] !== undefined;

/**
 * Cuts a stream at given times: always at the same places, however its bytes come in, and always between frames. A cut
 * lies up to half a second before its time, so that it is known as soon as all samples up to that time were encoded.
 */
export class StreamCutter {
  readonly #framing: Framing;
  readonly #delaySeconds: number;
  /** Bytes behind the last cut. */
  #parts: Uint8Array[] = [];
  /** Position of the first of them. */
  #start = 0;
  #end = 0;
  /** Where the next unit begins, and its first bytes as far as they are there. */
  #next = 0;
  #header: Uint8Array = new Uint8Array(0);
  #seconds = 0;
  #cuts: Cut[] = [];

  /**
   * @param sampleRate of what is written, in Hz
   * @throws RangeError for a format that cannot be cut
   */
  constructor(format: AudioFormat, sampleRate: number) {
    const framing = FRAMINGS[format]?.(sampleRate);
    if (framing === undefined) throw new RangeError(`${format} cannot be cut`);
    this.#framing = framing;
    this.#delaySeconds = framing.delaySeconds + RESAMPLER_SAMPLES / sampleRate;
  }

  push(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#parts.push(bytes);
    const from = this.#end;
    this.#end += bytes.length;
    this.#scan(bytes, from);
  }

  /**
   * The bytes from the last cut to the one for a time; null while that is not there yet.
   *
   * @param ended no more will come
   */
  take(seconds: number, ended = false): Uint8Array | null {
    const until = seconds - this.#delaySeconds;
    const beyond = this.#cuts.findIndex((cut) => cut.seconds > until);
    if (beyond < 0 && !ended) return null;
    const at = (beyond < 0 ? this.#cuts : this.#cuts.slice(0, beyond)).at(-1);
    return this.#takeTo(at === undefined ? this.#start : Math.min(at.position, this.#end));
  }

  /** All that is left. */
  rest(): Uint8Array {
    return this.#takeTo(this.#end);
  }

  #scan(bytes: Uint8Array, from: number): void {
    const { headerBytes, unit } = this.#framing;
    for (;;) {
      // A unit is known by its first bytes; its end may lie beyond what has come, and counts then too.
      const kept = this.#header.length;
      if (this.#next + kept > from + bytes.length) return;
      const fresh = bytes.subarray(Math.max(0, this.#next + kept - from));
      const header = kept === 0 ? fresh : Buffer.concat([this.#header, fresh]);
      const found = header.length < Math.max(1, headerBytes) ? null : unit(header, this.#next);
      if (found === null) {
        this.#header = Uint8Array.from(header);
        return;
      }
      this.#header = new Uint8Array(0);
      this.#next += found.bytes;
      this.#seconds = found.endSeconds(this.#seconds);
      this.#cuts.push({ position: this.#next, seconds: this.#seconds });
    }
  }

  #takeTo(position: number): Uint8Array {
    const all = Buffer.concat(this.#parts);
    const taken = all.subarray(0, position - this.#start);
    const left = all.subarray(position - this.#start);
    this.#parts = left.length === 0 ? [] : [left];
    this.#start = position;
    this.#cuts = this.#cuts.filter((cut) => cut.position >= position);
    return taken;
  }
}
