import type { AudioContainer } from "./contract.ts";
import { refuse } from "./refuse.ts";

const ACCEPTED = "WAV, MP3, FLAC, M4A (AAC), Ogg (Opus, Vorbis) and WebM (Opus) are taken.";

function textAt(bytes: Uint8Array, offset: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(offset, offset + length));
}

/** Audio, and known, but not read here: what it is called, by what it begins with. */
const UNREAD: readonly (readonly [start: string, offset: number, name: string])[] = [
  ["\x30\x26\xb2\x75\x8e\x66\xcf\x11", 0, "Windows Media"],
  ["#!AMR", 0, "AMR"],
  ["RIFX", 0, "big-endian WAV"],
  ["RF64", 0, "RF64"],
  ["FORM", 0, "AIFF"],
  ["caff", 0, "Core Audio"],
  [".snd", 0, "AU"],
  [".RMF", 0, "RealAudio"],
  ["MThd", 0, "MIDI"],
  ["wvpk", 0, "WavPack"],
  ["MAC ", 0, "Monkey's Audio"],
  ["MPCK", 0, "Musepack"],
  ["DSD ", 0, "DSD"],
  ["TTA1", 0, "True Audio"],
  ["\x0b\x77", 0, "AC-3"],
];

/** MPEG-1, 2 and 2.5 Layer III: kbit/s by index; 0 is "free", which nobody writes. */
const BITRATES_V1 = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
const BITRATES_V2 = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
const RATES_V1 = [44_100, 48_000, 32_000];

/** Length in bytes of the Layer III frame whose header lies at `offset`; 0 when there is none. */
function mp3FrameLength(bytes: Uint8Array, offset: number): number {
  const [b0 = 0, b1 = 0, b2 = 0] = bytes.subarray(offset, offset + 3);
  if (b0 !== 0xff || (b1 & 0xe6) !== 0xe2) return 0; // eleven sync bits, Layer III
  const version = (b1 >> 3) & 3; // 3: MPEG-1, 2: MPEG-2, 0: MPEG-2.5
  const bitrate = (version === 3 ? BITRATES_V1 : BITRATES_V2)[b2 >> 4] ?? 0;
  const rateV1 = RATES_V1[(b2 >> 2) & 3] ?? 0;
  if (version === 1 || bitrate === 0 || rateV1 === 0) return 0;
  const rate = version === 3 ? rateV1 : version === 2 ? rateV1 / 2 : rateV1 / 4;
  return Math.floor(((version === 3 ? 144_000 : 72_000) * bitrate) / rate) + ((b2 >> 1) & 1);
}

/** Where the audio begins behind an ID3v2 tag at the start: its size is in four bytes of seven bits. */
function behindId3(bytes: Uint8Array): number {
  if (textAt(bytes, 0, 3) !== "ID3") return 0;
  const size = bytes.subarray(6, 10).reduce((sum, byte) => sum * 128 + (byte & 0x7f), 0);
  const footer = ((bytes[5] ?? 0) & 0x10) === 0 ? 0 : 10;
  return 10 + size + footer;
}

/** Encoders pad behind the tag and in front of the first frame; this far it is looked for. */
const MP3_SEARCH_BYTES = 4_096;
/** A header of three bytes turns up by chance; a chain of frames does not. */
const MP3_CHAIN = 3;

function isMp3(bytes: Uint8Array): boolean {
  const tagged = behindId3(bytes);
  // Without a tag the first frame is the first byte: a file of any kind holds something like a frame somewhere.
  const reach = tagged > 0 ? MP3_SEARCH_BYTES : 1;
  for (let start = tagged; start < tagged + reach && start < bytes.length; start++) {
    let offset = start;
    let frames = 0;
    while (frames < MP3_CHAIN) {
      const length = mp3FrameLength(bytes, offset);
      if (length === 0) break;
      offset += length;
      frames += 1;
      // A file of one or two frames: it will be too short, but it is MP3.
      if (offset >= bytes.length) return true;
    }
    if (frames === MP3_CHAIN) return true;
  }
  return false;
}

function isBareAac(bytes: Uint8Array): boolean {
  return bytes[0] === 0xff && ((bytes[1] ?? 0) & 0xf6) === 0xf0;
}

/**
 * Tells the container by content, never by name.
 * @throws UnsupportedAudioError NOT_AUDIO, or UNSUPPORTED_CODEC for audio of a kind that is not read.
 */
export function sniffContainer(bytes: Uint8Array): AudioContainer {
  const magic = textAt(bytes, 0, 4);
  if (magic === "RIFF") {
    const form = textAt(bytes, 8, 4);
    if (form === "WAVE") return "wav";
    if (form === "AVI ") refuse("UNSUPPORTED_CODEC", "The file is AVI, which is not read here.");
  }
  if (magic === "fLaC") return "flac";
  if (magic === "OggS") return "ogg";
  if (magic === "\x1a\x45\xdf\xa3") return "webm";
  if (textAt(bytes, 4, 4) === "ftyp") return "m4a";
  if (isMp3(bytes)) return "mp3";
  // FLAC is sometimes tagged as if it were MP3.
  if (textAt(bytes, behindId3(bytes), 4) === "fLaC") return "flac";
  if (isBareAac(bytes)) {
    refuse("UNSUPPORTED_CODEC", "The file is AAC without a container; send it as M4A.");
  }
  for (const [start, offset, name] of UNREAD) {
    if (textAt(bytes, offset, start.length) === start) {
      refuse("UNSUPPORTED_CODEC", `The file is ${name} audio, which is not read here. ${ACCEPTED}`);
    }
  }
  refuse("NOT_AUDIO", `The content of the file is not audio. ${ACCEPTED}`);
}
