import { buildDictionary, type DictionaryChange } from "../../src/dictionaries/build.ts";
import { type PronunciationEntry, unpackPronunciations } from "../../src/synthesis/text/pronunciation.ts";

/** No change at all: what a test wants is put in. */
export const NOTHING: DictionaryChange = { replaceAll: false, remove: [], set: [], file: null };

/** A dictionary of a file. */
export const take = (
  text: string | Uint8Array,
  { language = null as string | null, caseSensitive = false, format = null as "PLS" | "CSV" | null } = {},
) =>
  buildDictionary([], {
    ...NOTHING,
    file: {
      bytes: typeof text === "string" ? Buffer.from(text) : text,
      format,
      defaults: { language, caseSensitive },
    },
  });

/** What was built; @throws Error where it was refused. */
export const entriesOf = (built: ReturnType<typeof buildDictionary>): PronunciationEntry[] => {
  if ("issues" in built) throw new Error(JSON.stringify(built.issues));
  return unpackPronunciations(built.data.packed);
};
/** Why nothing was built; @throws Error where it was. */
export const faultsOf = (built: ReturnType<typeof buildDictionary>): readonly string[] => {
  if (!("issues" in built)) throw new Error("nothing is wrong with it");
  return built.issues.map(({ message }) => message);
};
