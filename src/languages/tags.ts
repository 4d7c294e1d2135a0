/** Longer tags are refused before anything is made of them; the longest that RFC 5646 recommends to allow for has 35. */
const MOST_CHARACTERS = 100;

/** Tags of one language that stand for another here: old ones, and those of a whole for its main part. */
const ALIASES: Readonly<Record<string, string>> = {
  no: "nb",
  nn: "nb",
  "zh-yue": "yue",
  "zh-hk": "yue",
  "zh-mo": "yue",
  hbs: "sr",
  sh: "sr",
};

/** English is that of Britain but for those regions that learnt it from the United States. */
const AMERICAN = ["us", "ca", "ph", "pr", "gu", "vi", "as", "um", "mh", "mp"];
/** The region of a language that is told apart by regions, for those that have no entry of their own. */
const REGIONS: Readonly<Record<string, (region: string | undefined) => string>> = {
  en: (region) => (region === undefined || AMERICAN.includes(region) ? "en-us" : "en-gb"),
  es: (region) => (region === undefined || ["es", "ph", "gq", "ea", "ic"].includes(region) ? "es" : "es-419"),
  pt: (region) => (region === undefined || region === "br" ? "pt-br" : "pt-pt"),
};

/**
 * Looks a BCP-47 tag up as RFC 4647 §3.4 does, by leaving subtags off from the right, with the regions of a language
 * between. `find` takes tags in lower case.
 *
 * @returns null when nothing serves it, or it is no tag
 */
export function lookUp<Found>(tag: string, find: (candidate: string) => Found | null): Found | null {
  const canonical = canonicalTag(tag);
  if (canonical === null) return null;
  const parts = canonical.toLowerCase().split("-");
  const [language = "", ...rest] = parts;
  for (let length = parts.length; length > 1; length--) {
    const candidate = parts.slice(0, length).join("-");
    const found = find(ALIASES[candidate] ?? candidate);
    if (found !== null) return found;
  }
  const region = rest.find((part) => /^([a-z]{2}|\d{3})$/.test(part));
  return find(REGIONS[language]?.(region) ?? ALIASES[language] ?? language);
}

function canonicalTag(tag: string): string | null {
  if (tag.length > MOST_CHARACTERS) return null;
  try {
    return Intl.getCanonicalLocales(tag)[0] ?? null;
  } catch {
    return null;
  }
}
