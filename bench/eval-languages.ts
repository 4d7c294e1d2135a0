// How every language is spoken here: tier, engine, coverage of its sounds, speed, quality; see docs/languages.md.
//   npm run eval:languages -- [--languages de,pl] [--english af_heart,en_US-joe-medium] [--out DIR]
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { encodeToFile } from "../src/audio/encode.ts";
import { resample } from "../src/audio/resample.ts";
import { loadConfig } from "../src/config.ts";
import { ANALYSIS_SAMPLE_RATE, type SpeechQuality } from "../src/inference/analysis.ts";
import { SPEECH_SAMPLE_RATE } from "../src/inference/engine.ts";
import { LANGUAGES, type Language, type LanguageTier, TIER_ENGINES } from "../src/languages/language.ts";
import { createLogger } from "../src/log.ts";
import { startSpeechEngine } from "../src/speech-engine.ts";
import { defaultVoice } from "../src/voices/default-voice.ts";
import { createInstalledVoices } from "../src/voices/installed.ts";
import { installedVoicesOf } from "../src/voices/stock.ts";
import { firstArticle } from "./declaration.ts";
import { normalisationRates } from "./normalisation-rate.ts";
import { startRecogniser, wordErrors } from "./recogniser.ts";
import { print, table, tell } from "./report.ts";
import { HARVARD_SENTENCES } from "./texts.ts";

const { values } = parseArgs({
  options: {
    languages: { type: "string" },
    english: {
      type: "string",
      default: "af_heart,af_bella,am_michael,am_fenrir,bf_emma,bm_george,en_US-joe-medium,espeak-en-US",
    },
    out: { type: "string" },
  },
});

const RUN = { group: "evaluation", deadlineMs: 300_000 } as const;
/** Said where the declaration is not there: every language has a name, and most count. */
const nameAndNumbers = (name: string) => `${name}. ${name}, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10.`;

const config = loadConfig({ LOG_LEVEL: "error" });
const engine = await startSpeechEngine(config, createLogger(config.log), () => {});
const installed = await createInstalledVoices(engine.models).voices();

interface Spoken {
  /** Mono at 24 kHz, with the pauses left out. */
  readonly samples: Float32Array;
  readonly computeSeconds: number;
  /** Sounds that the voice has no symbol for, of all. */
  readonly unknown: number;
  readonly sounds: number;
}

async function speak(text: string, voiceId: string, language?: string): Promise<Spoken> {
  const speaker = await engine.stockSpeaker(voiceId);
  if (speaker === null) throw new Error(`there is no voice ${voiceId}`);
  const { utterances, notes } = await engine.frontEnd.plan(text, { language, voices: [speaker.target] });
  const parts: Float32Array[] = [];
  let computeSeconds = 0;
  for (const utterance of utterances) {
    const audio = await engine.pool.synthesize(speaker.request(utterance, 1), RUN);
    parts.push(audio.samples);
    computeSeconds += audio.computeSeconds;
  }
  const samples = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    samples.set(part, at);
    at += part.length;
  }
  const unknown = Object.values(notes.unknownPhonemes).reduce((sum, count) => sum + count, 0);
  const sounds = unknown + utterances.reduce((sum, { phonemes }) => sum + phonemes.length, 0);
  return { samples, computeSeconds, unknown, sounds };
}

async function qualityOf({ samples }: Spoken): Promise<SpeechQuality> {
  const heard = resample(samples, SPEECH_SAMPLE_RATE, ANALYSIS_SAMPLE_RATE);
  return await engine.pool.analyse({ kind: "quality", samples: heard }, RUN);
}

/** The voice of a language in one tier; null where its weights are not here. */
function voiceIn({ code, name, nativeName }: Language, tier: LanguageTier): string | null {
  if (tier === "VOICE" && installedVoicesOf(code, installed).length === 0) return null;
  return defaultVoice({ code, name, nativeName, tiers: [tier] }, installed).voiceId;
}

async function languageRows(): Promise<string[][]> {
  const only = values.languages?.split(",");
  const rows: string[][] = [];
  for (const language of LANGUAGES) {
    if (only !== undefined && !only.includes(language.code)) continue;
    const article = await firstArticle(language.code);
    for (const tier of language.tiers) {
      const voiceId = voiceIn(language, tier);
      if (voiceId === null) continue;
      rows.push(await rowOf(language, tier, voiceId, article));
    }
    tell(`languages: ${language.code}`);
  }
  return rows;
}

async function rowOf(
  { code, name, nativeName }: Language,
  tier: LanguageTier,
  voiceId: string,
  article: string | null,
): Promise<string[]> {
  const head = [
    code,
    name,
    tier,
    TIER_ENGINES[tier],
    voiceId,
    article === null ? "name, numbers" : "article 1",
  ];
  try {
    const spoken = await speak(article ?? nameAndNumbers(nativeName), voiceId, code);
    const seconds = spoken.samples.length / SPEECH_SAMPLE_RATE;
    const quality = await qualityOf(spoken);
    if (values.out !== undefined) await keep(`${code}.${tier.toLowerCase()}`, spoken.samples);
    return [
      ...head,
      `${((1 - spoken.unknown / spoken.sounds) * 100).toFixed(1)} %`,
      seconds.toFixed(1),
      (spoken.computeSeconds / seconds).toFixed(3),
      quality.overall.toFixed(2),
      quality.p808.toFixed(2),
    ];
  } catch (error) {
    return [...head, `FAILED: ${(error as Error).message}`];
  }
}

async function keep(name: string, samples: Float32Array): Promise<void> {
  const folder = values.out ?? ".";
  await mkdir(folder, { recursive: true });
  const path = join(folder, `${name}.wav`);
  const audio = (async function* () {
    yield samples;
  })();
  const { signal } = new AbortController();
  await encodeToFile(audio, { format: "wav", sampleRate: SPEECH_SAMPLE_RATE, path, signal });
}

async function englishRows(): Promise<{ versions: string; rows: string[][] }> {
  const recogniser = await startRecogniser();
  try {
    const rows: string[][] = [];
    for (const voiceId of values.english.split(",")) {
      let errors = 0;
      let words = 0;
      for (const sentence of HARVARD_SENTENCES) {
        const { samples } = await speak(sentence, voiceId);
        const found = wordErrors(sentence, await recogniser.hear(samples, SPEECH_SAMPLE_RATE));
        errors += found.errors;
        words += found.words;
      }
      rows.push([voiceId, String(words), String(errors), (errors / words).toFixed(3)]);
      tell(`English: ${voiceId}`);
    }
    return { versions: recogniser.versions, rows };
  } finally {
    await recogniser.stop();
  }
}

try {
  const rows = await languageRows();
  const columns = "code,language,tier,engine,voice,text,sounds covered,seconds,real-time factor,DNSMOS,P.808";
  print(`\n## Languages\n\n${table(columns.split(","), rows)}\n`);
  print(`${new Set(rows.map(([code]) => code)).size} languages spoken in ${rows.length} ways.`);
  const rates = await normalisationRates(engine.frontEnd);
  print("\n## What people write, as it is said (test/fixtures/normalisation.tsv)\n");
  print(
    table(
      ["language", "cases", "right", "rate"],
      rates.map(({ language, cases, right }) => [
        language,
        String(cases),
        String(right),
        `${((100 * right) / cases).toFixed(1)} %`,
      ]),
    ),
  );
  for (const { language, wrong } of rates) for (const each of wrong) print(`${language}: ${each}`);
  const english = await englishRows();
  print(
    `\n## English, as a weak recogniser hears it (${english.versions}, ${HARVARD_SENTENCES.length} Harvard sentences)\n`,
  );
  print(table(["voice", "words", "errors", "word error rate"], english.rows));
} finally {
  await engine.close();
}
