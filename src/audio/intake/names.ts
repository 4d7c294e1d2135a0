import type { AudioContainer } from "./contract.ts";
import { refuse } from "./refuse.ts";

const BY_EXTENSION: Readonly<Record<string, AudioContainer>> = {
  wav: "wav",
  wave: "wav",
  mp3: "mp3",
  flac: "flac",
  m4a: "m4a",
  m4b: "m4a",
  mp4: "m4a",
  mov: "m4a",
  ogg: "ogg",
  oga: "ogg",
  opus: "ogg",
  webm: "webm",
  weba: "webm",
  mka: "webm",
  mkv: "webm",
};

/** Subtypes of `audio/` and `video/`, some of them older than their standard. */
const BY_SUBTYPE: Readonly<Record<string, AudioContainer>> = {
  wav: "wav",
  wave: "wav",
  "x-wav": "wav",
  "x-pn-wav": "wav",
  "vnd.wave": "wav",
  mpeg: "mp3",
  mp3: "mp3",
  "x-mp3": "mp3",
  "x-mpeg": "mp3",
  mpeg3: "mp3",
  flac: "flac",
  "x-flac": "flac",
  mp4: "m4a",
  m4a: "m4a",
  "x-m4a": "m4a",
  quicktime: "m4a",
  "mp4a-latm": "m4a",
  ogg: "ogg",
  opus: "ogg",
  vorbis: "ogg",
  webm: "webm",
  "x-matroska": "webm",
};

/** The extension in lower case, without its dot; null when the name has none. Both kinds of slash end a folder. */
function extensionOf(fileName: string): string | null {
  return /[^/\\.][^/\\]*\.([^/\\.]{1,16})\s*$/.exec(fileName)?.[1]?.toLowerCase() ?? null;
}

/**
 * Compares what the caller says the file is with what it is. A name without an extension and a type that says
 * nothing (`application/octet-stream`) are no contradiction.
 * @throws UnsupportedAudioError TYPE_MISMATCH
 */
export function checkNames(
  container: AudioContainer,
  fileName: string | null,
  declaredType: string | null,
): void {
  const extension = fileName === null ? null : extensionOf(fileName);
  if (extension !== null && BY_EXTENSION[extension] !== container) {
    refuse("TYPE_MISMATCH", `The file's content is ${LABEL[container]}, which its extension does not say.`);
  }
  const [type = "", subtype = ""] = (declaredType ?? "").split(";")[0]?.trim().toLowerCase().split("/") ?? [];
  if (type === "" || type === "application") return;
  const media = type === "audio" || type === "video";
  const stated = BY_SUBTYPE[subtype];
  // An audio type that is not on the list may be a name for this one that we do not know.
  if (!media || (stated !== undefined && stated !== container)) {
    refuse("TYPE_MISMATCH", `The file's content is ${LABEL[container]}, which its media type does not say.`);
  }
}

const LABEL: Readonly<Record<AudioContainer, string>> = {
  wav: "WAV",
  mp3: "MP3",
  flac: "FLAC",
  m4a: "MP4 audio",
  ogg: "Ogg",
  webm: "WebM",
};
