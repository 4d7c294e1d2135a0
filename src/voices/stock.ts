import { sql } from "drizzle-orm";
import type { Db } from "../db/client.ts";
import { NATIVE_LANGUAGES } from "../languages/language.ts";
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

type StockVoice = typeof voices.$inferInsert & { readonly language: string };

/** Every stock voice as a row. Kokoro's names say it all: language, gender, name (`af_heart`). */
export const STOCK_VOICES: readonly StockVoice[] = Object.entries(GRADES).map(([id, grade]) => {
  const language = NATIVE_LANGUAGES.find(({ voicePrefix }) => voicePrefix === id[0]);
  const name = id.slice(3);
  if (language === undefined) throw new Error(`no language for stock voice ${id}`);
  const female = id[1] === "f";
  return {
    id,
    kind: "STOCK",
    status: "READY",
    name: name.charAt(0).toUpperCase() + name.slice(1),
    description: `Stock voice of Kokoro-82M: ${female ? "female" : "male"}, ${language.name}.`,
    language: language.code,
    gender: female ? "FEMALE" : "MALE",
    tags: [],
    engine: "kokoro",
    grade: grade === "" ? null : grade,
  };
});

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
