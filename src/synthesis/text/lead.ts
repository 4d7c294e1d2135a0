import type { NativeLanguageCode } from "../../languages/language.ts";
import type { Utterance, UtteranceWord } from "./utterance.ts";
import { MARKS, toTokens } from "./vocabulary.ts";

/** Tokens of a first utterance: a few words, some two seconds with the model's own edges. */
const FIRST_TOKENS = 26;
/** While one utterance is heard, one of this many times its length can be made, with some time to spare. */
const GROWTH = 2.2;
/** Longer utterances than this are made in time whatever came before. */
const ENOUGH_TOKENS = 220;
/** A text that is shorter than this is spoken as it is: it is there soon. */
const SHORT_TEXT_TOKENS = 70;
/** An utterance may be this much longer than it should be before it is cut: no cut is better than one for little. */
const TOLERANCE = 1.3;
/** Where cuts are looked for, as a share of the length wanted. */
const EARLIEST = 0.5;
const LATEST = 1.15;
/** What is left behind a cut must be worth being spoken alone. */
const LEAST_REST = 12;

/** Silence where a sentence is cut: behind a mark of a clause, behind a comma, between words. */
const PAUSE_SECONDS = { clause: 0.2, comma: 0.12, word: 0.03 } as const;

/**
 * Words that begin a phrase: before one of them a reader may draw breath. Of Hindi it is the words behind which a phrase
 * ends; other languages are cut at marks only.
 */
const PHRASE_STARTS: Partial<Record<NativeLanguageCode, ReadonlySet<string>>> = (() => {
  const words = (list: string) => new Set(list.split(" "));
  const english = words(
    "and but or nor so because although though while when where who whom whose which that if unless until since after " +
      "before as than in on at by for from with without about into onto over under between through during against among " +
      "of to is are was were has have had will would can could should may might must",
  );
  return {
    "en-US": english,
    "en-GB": english,
    es: words(
      "y e o u pero ni que porque aunque mientras cuando donde quien cual si como en de del a al por para con sin sobre " +
        "entre hasta desde según es son era eran fue fueron ha han había",
    ),
    fr: words(
      "et ou mais ni que qui dont où car parce quand lorsque si comme pendant dans de du des à au aux en par pour avec " +
        "sans sur sous entre vers chez est sont était étaient a ont avait",
    ),
    it: words(
      "e ed o ma né che chi cui perché quando mentre dove se come in nel nella di del della dei a al alla da dal dalla per " +
        "con su sul sulla tra fra è sono era erano ha hanno aveva",
    ),
    "pt-BR": words(
      "e ou mas nem que quem porque quando enquanto onde se como em no na de do da dos das a ao à por pelo pela para com " +
        "sem sobre entre até desde é são era eram foi foram tem havia",
    ),
  };
})();

/**
 * Cuts the first utterances short, each a little longer than the one before, so that the first sound comes soon and
 * playing never catches up with speaking: at marks where there are any, else before a word that begins a phrase. Where
 * neither is near, or the language has no such words, an utterance stays as it is.
 */
export function cutLead(utterances: readonly Utterance[], language: NativeLanguageCode): Utterance[] {
  const total = utterances.reduce((sum, { tokens }) => sum + tokens.length, 0);
  if (total <= SHORT_TEXT_TOKENS) return [...utterances];
  const result: Utterance[] = [];
  const rest = [...utterances];
  for (let wanted = FIRST_TOKENS; wanted < ENOUGH_TOKENS && rest.length > 0; ) {
    const [next] = rest as [Utterance];
    const parts = next.tokens.length > wanted * TOLERANCE ? cut(next, wanted, language) : null;
    rest.splice(0, 1, ...(parts ?? [next]));
    const [spoken] = rest.splice(0, 1) as [Utterance];
    result.push(spoken);
    wanted = Math.max(wanted, spoken.tokens.length * GROWTH);
  }
  return [...result, ...rest].map((utterance, index) => ({ ...utterance, index }));
}

/** The two halves of an utterance, the first of about `wanted` tokens; null where no cut is near. */
function cut(
  utterance: Utterance,
  wanted: number,
  language: NativeLanguageCode,
): [Utterance, Utterance] | null {
  const { words, tokens } = utterance;
  let best: { at: number; cost: number; pause: number } | null = null;
  for (let at = 1; at < words.length; at += 1) {
    const [before, after] = [words[at - 1], words[at]] as [UtteranceWord, UtteranceWord];
    const length = after.tokenStart;
    if (length < wanted * EARLIEST || tokens.length - length < LEAST_REST) continue;
    if (length > wanted * LATEST) break;
    const pause = breathAt(utterance, before, after, language);
    if (pause === null) continue;
    const cost = Math.abs(length / wanted - 1) - 2 * pause;
    if (best === null || cost < best.cost) best = { at, cost, pause };
  }
  return best === null ? null : halves(utterance, best.at, best.pause);
}

/** The pause that a reader could make between two words; null where none would. */
function breathAt(
  { phonemes }: Utterance,
  before: UtteranceWord,
  after: UtteranceWord,
  language: NativeLanguageCode,
): number | null {
  const marks = [...phonemes.slice(before.tokenEnd, after.tokenStart)].filter((symbol) => MARKS.has(symbol));
  if (marks.some((mark) => "(“".includes(mark))) return null;
  if (marks.some((mark) => ";:—….!?".includes(mark))) return PAUSE_SECONDS.clause;
  if (marks.length > 0) return PAUSE_SECONDS.comma;
  // Joined words (elisions, "of the" said as one) have no space to cut at.
  if (!/\s/.test(phonemes.slice(before.tokenEnd, after.tokenStart))) return null;
  return PHRASE_STARTS[language]?.has(after.text.toLowerCase()) === true ? PAUSE_SECONDS.word : null;
}

function halves(utterance: Utterance, at: number, pauseAfterSeconds: number): [Utterance, Utterance] {
  const { phonemes, words, text, start } = utterance;
  const first = words[at] as UtteranceWord;
  const head = phonemes.slice(0, first.tokenStart).trimEnd();
  const tail = phonemes.slice(first.tokenStart);
  const headText = text.slice(0, first.start - start).trimEnd();
  return [
    {
      ...utterance,
      text: headText,
      end: start + headText.length,
      phonemes: head,
      tokens: toTokens(head),
      words: words.slice(0, at),
      pauseAfterSeconds,
    },
    {
      ...utterance,
      text: text.slice(first.start - start),
      start: first.start,
      phonemes: tail,
      tokens: toTokens(tail),
      words: words.slice(at).map((word) => ({
        ...word,
        tokenStart: word.tokenStart - first.tokenStart,
        tokenEnd: word.tokenEnd - first.tokenStart,
      })),
    },
  ];
}
