import type { Variants } from "./english-lexicon.ts";

/**
 * Which of the pronunciations of a word its neighbours call for: "to record", "the record". The dictionaries tag by
 * part of speech; a tagger is a model of its own, but the few words that matter are mostly decided by the word
 * before or behind. What these rules do not decide is left to the entry's default.
 */

/** Words around one word, in lower case, without punctuation; `undefined` beyond the chunk. */
export type Neighbour = (offset: number) => string | undefined;

const set = (words: string): ReadonlySet<string> => new Set(words.split(" "));

const MODALS = set(
  "will would can could shall should may might must do does did cannot let's please i'll you'll he'll she'll it'll " +
    "we'll they'll i'd you'd he'd she'd we'd they'd don't doesn't didn't won't can't couldn't wouldn't shouldn't " +
    "mustn't helps help let lets make makes",
);
const SUBJECTS = set("i you we they he she it who which");
const SINGULAR_SUBJECTS = set("he she it");
const ARTICLES = set("a an the");
const DETERMINERS = set(
  "a an the this these those my your his its our their no any some each every another whose such other new own " +
    "same first second last next one two three many several few all much more less",
);
const PREPOSITIONS = set(
  "of in for with on by from at into without under about after before between during through against within per " +
    "over as like via than",
);
const OBJECTS = set(
  "the a an this these those my your his its our their them it him me us her that all any each",
);
const BE = set(
  "is are was were be been being am isn't aren't wasn't weren't it's that's he's she's they're we're",
);
const HAVE = set("have has had having haven't hasn't hadn't i've you've we've they've");
const DEGREES = set("very more most so too quite rather less as");
const ADVERBS = set("not never always also often just even still only then again now ever already");
const BEFORE_POINTING = set("do does did and all if when then outside inside behind beyond above beneath");
/** Before a "to" that is a preposition: "due to use". */
const BEFORE_PREPOSITION = set(
  "due according similar subject respect access addition contrast response related",
);
/** What follows a noun rather than stands between it and its determiner. */
const BEHIND_NOUNS = set(
  "of in to for with on by from at and or but is are was were be has have had can could will would may might must " +
    "should that which who when where while if as than into about between does do did under over not after before",
);
const ADJECTIVE = /(?:ive|al|ous|ful|less|ic|able|ible|ary|ern|ish|est)$/;

/** The pronunciation of an entry with variants; `null` where it is spelled letter by letter. */
export function chooseVariant(word: string, variants: Variants, at: Neighbour): string | null {
  for (const tag of tagsOf(word, variants, at)) {
    const phonemes = variants[tag];
    if (phonemes !== undefined) return phonemes;
  }
  return variants.DEFAULT;
}

function tagsOf(word: string, variants: Variants, at: Neighbour): readonly string[] {
  if (word === "that") return pointing(at) ? ["DT"] : [];
  if (word === "read" || word === "reread") return readTags(at);
  if (word === "wound") return woundTags(at);
  const tag = guess(at);
  if (tag === "ADJ" && word === "minute") return [];
  if (tag !== null) return [tag];
  if (word === "live" && set("in on at with near here there under without among together").has(at(1) ?? "")) {
    return ["VERB"];
  }
  // "programs record the time", but "the close of the day" was settled by its article.
  return "VERB" in variants && OBJECTS.has(at(1) ?? "") && at(1) !== "that" ? ["VERB"] : [];
}

function guess(at: Neighbour): "VERB" | "NOUN" | "ADJ" | null {
  let back = -1;
  while (isAdverb(at(back)) && back > -3) back -= 1;
  const before = at(back);
  const direct = at(-1) ?? "";
  const next = at(1);
  if (before === undefined) return OBJECTS.has(next ?? "") ? "VERB" : next === "of" ? "NOUN" : null;
  if (before === "to") return BEFORE_PREPOSITION.has(at(back - 1) ?? "") ? "NOUN" : "VERB";
  if (MODALS.has(before) || (SUBJECTS.has(before) && !PREPOSITIONS.has(at(back - 1) ?? ""))) return "VERB";
  if (DEGREES.has(direct) && direct !== "as" && direct !== "more") return "ADJ";
  if (BE.has(before)) return "ADJ";
  if (DETERMINERS.has(direct) || /'s$|s'$/.test(direct)) {
    return next === undefined || BEHIND_NOUNS.has(next) || !ARTICLES.has(direct) ? "NOUN" : "ADJ";
  }
  if (PREPOSITIONS.has(direct) || next === "of") return "NOUN";
  return ADJECTIVE.test(direct) ? "NOUN" : null;
}

function isAdverb(word: string | undefined): boolean {
  return word !== undefined && (ADVERBS.has(word) || (word.length > 4 && word.endsWith("ly")));
}

/** "read" as [ɹɛd]: behind have and be, and of one person without the "s". */
function readTags(at: Neighbour): readonly string[] {
  const back = isAdverb(at(-1)) ? -2 : -1;
  const before = at(back) ?? "";
  if (HAVE.has(before) || BE.has(before) || before === "been") return ["VBN"];
  const helped = MODALS.has(at(back - 1) ?? "");
  return SINGULAR_SUBJECTS.has(before) && !helped ? ["VBD"] : [];
}

/** "wound" as the past of "to wind". */
function woundTags(at: Neighbour): readonly string[] {
  const before = at(-1) ?? "";
  const next = set("up around round through down its his her their back tightly").has(at(1) ?? "");
  return next || (SUBJECTS.has(before) && !ARTICLES.has(at(1) ?? "")) ? ["VBD"] : [];
}

/** "that" as a word that points ("at that time"), not one that joins ("says that he"). */
function pointing(at: Neighbour): boolean {
  const before = at(-1);
  const next = at(1);
  if (next === undefined) return true;
  if (OBJECTS.has(next) || SUBJECTS.has(next) || next === "there") return false;
  return before === undefined || PREPOSITIONS.has(before) || BEFORE_POINTING.has(before);
}

/** "used to", of habits, is [juːst]; "is used to make" is not, "get used to it" is. */
export function usedTo(at: Neighbour): boolean {
  if (at(1) !== "to") return false;
  const next = at(2) ?? "";
  if (!BE.has(at(-1) ?? "") && !(isAdverb(at(-1)) && BE.has(at(-2) ?? ""))) return true;
  return OBJECTS.has(next) || /ing$/.test(next);
}
