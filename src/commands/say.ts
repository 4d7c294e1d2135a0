import { createWriteStream } from "node:fs";
import { extname } from "node:path";
import { Readable } from "node:stream";
import { text as readAll } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { AUDIO_FORMAT_INFO, AUDIO_FORMATS, type AudioFormat } from "../audio/format.ts";
import { SpeakerClient } from "../client/client.ts";
import { JobProgress, Synthesize } from "../client/operations.ts";
import { loadConfig } from "../config.ts";
import { NotFoundError, SpeakerError } from "../errors.ts";
import { createLogger } from "../log.ts";
import { openModelStore, type Speaker, type SpeechEngine, startSpeechEngine } from "../speech-engine.ts";
import type { AskedVoice } from "../synthesis/asked-voices.ts";
import { checkSynthesis } from "../synthesis/check.ts";
import { voiceFor } from "../synthesis/default-voice.ts";
import { type InputVoice, planOptionsOf, sourceOf, voiceIdOf, voicesOf } from "../synthesis/input.ts";
import { renderSpeech } from "../synthesis/render.ts";
import { createInstalledVoices } from "../voices/installed.ts";
import { mixPacks } from "../voices/mixing/pack.ts";
import { parseVoiceReference } from "../voices/mixing/reference.ts";
import { loadStockPack } from "../voices/packs.ts";
import { STOCK_VOICES } from "../voices/stock.ts";
import { modelProgress, newBar } from "./progress.ts";

export interface SayOptions {
  /** Left out, one that speaks the language. */
  readonly voice?: string;
  /** Left out, that of each sentence is found out. */
  readonly language?: string;
  /** The text is SSML, whatever it begins with. */
  readonly ssml?: boolean;
  readonly out: string;
  readonly format?: AudioFormat;
  readonly speed: number;
  readonly server?: string;
  readonly apiKey?: string;
}

/** `speaker say`: a text into a file, by this process or by a running server. */
export async function say(argument: string, options: SayOptions): Promise<void> {
  const text = argument === "-" ? await readAll(process.stdin) : argument;
  const format = options.format ?? formatOf(options.out);
  const seconds =
    options.server === undefined
      ? await sayHere(text, format, options)
      : await sayThere(text, format, options, options.server);
  const voice = options.voice === undefined ? "" : `, voice ${options.voice}`;
  process.stdout.write(`${options.out}: ${seconds.toFixed(2)} s of ${format}${voice}\n`);
}

function formatOf(path: string): AudioFormat {
  const extension = extname(path).slice(1).toLowerCase();
  const format = AUDIO_FORMATS.find((name) => AUDIO_FORMAT_INFO[name].extension === extension);
  if (format === undefined) {
    throw new SpeakerError(
      "INVALID_INPUT",
      `No format has the extension of ${path}. Use one of ${AUDIO_FORMATS.join(", ")}, or --format.`,
    );
  }
  return format;
}

async function sayHere(text: string, format: AudioFormat, options: SayOptions): Promise<number> {
  const config = loadConfig({ LOG_LEVEL: "error" });
  const log = createLogger(config.log);
  const installed = createInstalledVoices(openModelStore(config.models, log, () => {}));
  const { input } = await checkSynthesis(requestOf(text, format, options), config.limits, {
    defaultVoice: async (language, text) => await voiceFor(language, text, await installed.voices()),
    voices: async (references) => references.map(({ reference }) => stockVoice(reference)),
    dictionaries: async () => [],
  });
  const progress = modelProgress(log);
  const engine = await startSpeechEngine(config, log, progress.show);
  progress.done();
  const interrupted = new AbortController();
  process.once("SIGINT", () => interrupted.abort());
  const bar = newBar("speaking {bar} {value}/{total} utterances");
  try {
    const speakers = await Promise.all(voicesOf(input).map((voice) => speakerOf(engine, voice)));
    const { durationSeconds } = await renderSpeech({
      source: sourceOf(input),
      plan: planOptionsOf(input),
      speakers,
      format,
      speed: input.speed,
      path: options.out,
      frontEnd: engine.frontEnd,
      pool: engine.pool,
      group: "say",
      deadlineMs: config.inference.utteranceDeadlineMs,
      signal: interrupted.signal,
      onProgress: (done, total) => (done === 0 ? bar.start(total, 0) : bar.update(done)),
    });
    return durationSeconds;
  } finally {
    bar.stop();
    await engine.close();
  }
}

function requestOf(text: string, format: AudioFormat, { voice, language, ssml, speed }: SayOptions) {
  return { text, voiceId: voice, language, format, speed, ...(ssml && { textFormat: "ssml" as const }) };
}

/** A stock voice, or an inline mix of stock voices; null when there is none of the name. No job keeps it. */
function stockVoice(reference: string): AskedVoice | null {
  const parts = parseVoiceReference(reference);
  const known = (parts ?? [{ voiceId: voiceIdOf(reference), weight: 1 }]).flatMap(({ voiceId, weight }) => {
    const voice = STOCK_VOICES.find(({ id }) => id === voiceId);
    return voice === undefined ? [] : [{ voice, weight }];
  });
  const [first] = known;
  if (first === undefined || known.length < (parts?.length ?? 1)) return null;
  const ready = { status: "READY", keyed: null } as const;
  if (parts === null) {
    const { language, engine } = first.voice;
    return { ...ready, kind: "STOCK", language, engine };
  }
  const { voice: loudest } = known.reduce((most, part) => (part.weight > most.weight ? part : most));
  // The packs are those of the weights on this machine.
  const mix = parts.map((part) => ({ ...part, packSha256: "" }));
  return { ...ready, kind: "MIXED", language: loudest.language, engine: "kokoro", mix };
}

async function speakerOf(
  { models, ...engine }: SpeechEngine,
  { voiceId, mix }: InputVoice,
): Promise<Speaker> {
  if (mix === undefined) {
    const speaker = await engine.stockSpeaker(voiceId);
    if (speaker === null) throw new NotFoundError(`There is no voice ${voiceId}.`);
    return speaker;
  }
  const parts = await Promise.all(
    mix.map(async ({ voiceId: id, weight }) => ({ weight, pack: await loadStockPack(models, id) })),
  );
  const loudest = mix.reduce((most, part) => (part.weight > most.weight ? part : most));
  return engine.packSpeaker(mixPacks(parts), stockVoice(loudest.voiceId)?.language ?? "");
}

async function sayThere(
  text: string,
  format: AudioFormat,
  options: SayOptions,
  server: string,
): Promise<number> {
  const client = new SpeakerClient(server, { apiKey: options.apiKey ?? loadConfig().client.apiKey });
  const { synthesize } = await client.request(Synthesize, {
    input: {
      text,
      voiceId: options.voice,
      language: options.language,
      ...(options.ssml && { textFormat: "SSML" as const }),
      speed: options.speed,
      format: format.toUpperCase() as Uppercase<AudioFormat>,
    },
  });
  if (synthesize.__typename !== "SynthesisJob") throw new SpeakerError(synthesize.code, synthesize.message);
  const bar = newBar("{stage} {bar} {percentage}%");
  bar.start(1, 0, { stage: "waiting" });
  try {
    for await (const { jobProgress: job } of client.subscribe(JobProgress, { id: synthesize.id })) {
      bar.update(job.progress, { stage: job.stage.toLowerCase() });
      if (job.error != null && job.status === "FAILED")
        throw new SpeakerError(job.error.code, job.error.message);
      if (job.__typename !== "SynthesisJob" || job.audio == null) continue;
      const response = await fetch(job.audio.url);
      if (!response.ok || response.body === null)
        throw new Error(`the server answers ${response.status} for the audio`);
      await pipeline(Readable.fromWeb(response.body as never), createWriteStream(options.out));
      return job.audio.durationSeconds;
    }
    throw new SpeakerError("CANCELLED", "The job ended without audio.");
  } finally {
    bar.stop();
  }
}
