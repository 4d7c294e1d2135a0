import { sql } from "drizzle-orm";
import type { Db } from "../db/client.ts";
import { ESPEAK_VOICES } from "../languages/espeak-voices.ts";
import { findLanguage, languageOfPiper, NATIVE_LANGUAGES } from "../languages/language.ts";
import { PIPER_VOICES } from "../models/piper-voices.ts";
import { voices } from "./table.ts";

/** Kokoro-82M's 54 voices and the overall grades of its model card ("" where the card gives none). */
const GRADES: Readonly<Record<string, string>> = {
  af_heart: "A",
  af_alloy: "C",
  af_aoede: "C+",
  af_bella: "A-",
  af_jessica: "D",
  af_kore: "C+",
  af_nicole: "B-",
  af_nova: "C",
  af_river: "D",
  af_sarah: "C+",
  af_sky: "C-",
  am_adam: "F+",
  am_echo: "D",
  am_eric: "D",
  am_fenrir: "C+",
  am_liam: "D",
  am_michael: "C+",
  am_onyx: "D",
  am_puck: "C+",
  am_santa: "D-",
  bf_alice: "D",
  bf_emma: "B-",
  bf_isabella: "C",
  bf_lily: "D",
  bm_daniel: "D",
  bm_fable: "C",
  bm_george: "C",
  bm_lewis: "D+",
  ef_dora: "",
  em_alex: "",
  em_santa: "",
  ff_siwis: "B-",
  hf_alpha: "C",
  hf_beta: "C",
  hm_omega: "C",
  hm_psi: "C",
  if_sara: "C",
  im_nicola: "C",
  jf_alpha: "C+",
  jf_gongitsune: "C",
  jf_nezumi: "C-",
  jf_tebukuro: "C",
  jm_kumo: "C-",
  pf_dora: "",
  pm_alex: "",
  pm_santa: "",
  zf_xiaobei: "D",
  zf_xiaoni: "D",
  zf_xiaoxiao: "D",
  zf_xiaoyi: "D",
  zm_yunjian: "D",
  zm_yunxi: "D",
  zm_yunxia: "D",
  zm_yunyang: "D",
};

export type StockVoice = typeof voices.$inferInsert & { readonly language: string; readonly engine: string };

const STOCK = { kind: "STOCK", status: "READY", tags: [] as string[] } as const;

const capitalised = (name: string) => name.charAt(0).toUpperCase() + name.slice(1);

/** Kokoro's stock voices as rows. Their names say it all: language, gender, name (`af_heart`). */
export const KOKORO_VOICES: readonly StockVoice[] = Object.entries(GRADES).map(([id, grade]) => {
  const language = NATIVE_LANGUAGES.find(({ voicePrefix }) => voicePrefix === id[0]);
  const name = id.slice(3);
  if (language === undefined) throw new Error(`no language for stock voice ${id}`);
  const female = id[1] === "f";
  return {
    ...STOCK,
    id,
    name: capitalised(name),
    description: `Stock voice of Kokoro-82M: ${female ? "female" : "male"}, ${language.name}.`,
    language: language.code,
    gender: female ? "FEMALE" : "MALE",
    engine: "kokoro",
    grade: grade === "" ? null : grade,
  };
});

/** The voices of the Piper collection as rows; their weights are fetched when they first speak. */
export const PIPER_STOCK_VOICES: readonly StockVoice[] = PIPER_VOICES.map(
  ({ id, locale, name, quality, speakers }) => {
    const language = languageOfPiper(locale);
    const several = speakers.length > 0 ? ` ${speakers.length} speakers: \`${id}#<speaker>\`.` : "";
    return {
      ...STOCK,
      id,
      name: `${capitalised(name.replaceAll("_", " "))}, ${quality.replace("_", " ")}`,
      description: `Piper voice of native speech: ${findLanguage(language)?.name}.${several}`,
      language,
      gender: "UNKNOWN",
      engine: "piper",
      grade: null,
    };
  },
);

/** espeak-ng's own voice of every language that it reads: plain and always there. */
export const ESPEAK_STOCK_VOICES: readonly StockVoice[] = Object.keys(ESPEAK_VOICES).map((language) => {
  const name = findLanguage(language)?.name ?? language;
  return {
    ...STOCK,
    id: espeakVoiceId(language),
    name: `${name}, espeak`,
    description: `Formant voice of espeak-ng: clear and mechanical, ${name}.`,
    language,
    gender: "UNKNOWN",
    engine: "espeak",
    grade: null,
  };
});

/** The stock voice with which espeak-ng speaks a language of the service. */
export function espeakVoiceId(language: string): string {
  return `espeak-${language}`;
}

/** Every stock voice as a row. */
export const STOCK_VOICES: readonly StockVoice[] = [
  ...KOKORO_VOICES,
  ...PIPER_STOCK_VOICES,
  ...ESPEAK_STOCK_VOICES,
];

const stockById = new Map(STOCK_VOICES.map((voice) => [voice.id, voice]));

/** A stock voice by its id, without a speaker; null when there is none. */
export function findStockVoice(id: string): StockVoice | null {
  return stockById.get(id) ?? null;
}

const speakersById = new Map(PIPER_VOICES.map(({ id, speakers }) => [id, speakers]));

/** The speakers of a voice that has several, in the order of their numbers; empty for all others. */
export function speakersOf(voiceId: string): readonly string[] {
  return speakersById.get(voiceId) ?? [];
}

/** Those of the Piper voices of a language that are among `installed`. */
export function installedVoicesOf(language: string, installed: ReadonlySet<string>): StockVoice[] {
  return PIPER_STOCK_VOICES.filter((voice) => voice.language === language && installed.has(voice.id));
}

/** Writes the stock voices as rows, or brings them up to date. Safe to run at every start, on every node. */
export async function seedStockVoices(db: Db): Promise<void> {
  await db
    .insert(voices)
    .values([...STOCK_VOICES])
    .onConflictDoUpdate({
      target: voices.id,
      set: {
        name: sql`excluded.name`,
        description: sql`excluded.description`,
        language: sql`excluded.language`,
        gender: sql`excluded.gender`,
        engine: sql`excluded.engine`,
        grade: sql`excluded.grade`,
        updatedAt: sql`now()`,
      },
    });
}
