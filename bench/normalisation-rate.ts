import { readFile } from "node:fs/promises";
import type { TextFrontEnd } from "../src/synthesis/text/front-end.ts";

const TABLE = new URL("../test/fixtures/normalisation.tsv", import.meta.url);

export interface NormalisationRate {
  readonly language: string;
  readonly cases: number;
  readonly right: number;
  /** The first that are said otherwise, with what is said. */
  readonly wrong: readonly string[];
}

/** What the whole front end says for the table of what people write, language by language; line breaks aside. */
export async function normalisationRates(frontEnd: TextFrontEnd): Promise<NormalisationRate[]> {
  const rates = new Map<string, { cases: number; right: number; wrong: string[] }>();
  for (const line of (await readFile(TABLE, "utf8")).split("\n")) {
    if (line === "" || line.startsWith("#")) continue;
    const [language = "", , written = "", expected = ""] = line.split("\t");
    const text = written.replaceAll("\\n", "\n").replaceAll("\\v", "\v");
    const { utterances } = await frontEnd.plan(text, { language });
    const said = utterances.map(({ normalized }) => normalized.text).join(" ");
    const rate = rates.get(language) ?? { cases: 0, right: 0, wrong: [] };
    rate.cases += 1;
    if (oneLine(said) === oneLine(expected)) rate.right += 1;
    else rate.wrong.push(`${written} → ${said}`);
    rates.set(language, rate);
  }
  return [...rates].map(([language, rate]) => ({ language, ...rate }));
}

const oneLine = (text: string): string =>
  text
    .replace(/\\[nv]/g, " ")
    .replace(/\s+/g, " ")
    .trim();
