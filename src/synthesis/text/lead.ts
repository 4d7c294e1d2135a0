import { splitNormalized } from "./normalized-text.ts";
import type { VoiceTarget } from "./target.ts";
import type { Utterance, UtteranceWord } from "./utterance.ts";
import { hasMark, toTokens } from "./vocabulary.ts";

/** Tokens of a first utterance: a few words, some two seconds with the model's own edges. */
const FIRST_TOKENS = 26;
/** While one utterance is heard, one of this many times its length can be made, with some time to spare. */
const GROWTH = 2.2;
/** Longer utterances than this are made in time whatever came before. */
const ENOUGH_TOKENS = 220;
/** A text of one or two short sentences is spoken as it is: it is there soon, and a cut would be heard most in it. */
const SHORT_TEXT_TOKENS = 100;
/** An utterance may be this much longer than it should be before it is cut: no cut is better than one for little. */
const TOLERANCE = 1.3;
/** Where cuts are looked for, as a share of the length wanted. */
const EARLIEST = 0.5;
const LATEST = 2;
/** One token too many costs as much as this many too few. */
const LATE_WEIGHT = 1.5;
/** A first part longer than this share is not worth a cut, nor is a rest of fewer tokens. */
const MOST_OF_IT = 0.8;
const LEAST_REST = 12;

/** Where a reader may draw breath: how much worse it is than the best place, and how long the breath is. */
interface Breath {
  readonly penalty: number;
  readonly pauseSeconds: number;
}

const CLAUSE: Breath = { penalty: 0, pauseSeconds: 0.2 };
const COMMA: Breath = { penalty: 0.1, pauseSeconds: 0.12 };
const PHRASE: Breath = { penalty: 0.35, pauseSeconds: 0.03 };
const NOUN: Breath = { penalty: 0.55, pauseSeconds: 0.03 };

const words = (list: string): ReadonlySet<string> => new Set(list.split(" "));

/** Words that begin a phrase, and articles, which begin a smaller one; other languages are cut at marks only. */
interface Openers {
  readonly phrase: ReadonlySet<string>;
  readonly noun: ReadonlySet<string>;
}

const ENGLISH: Openers = {
  phrase: words(
    "and but or nor so because although though while when where who whom whose which that if unless until since after " +
      "before as than in on at by for from with without about into onto over under between through during against among " +
      "of to is are was were has have had will would can could should may might must",
  ),
  noun: words("the a an this these those his her their our my your its"),
};

const OPENERS: Readonly<Record<string, Openers>> = {
  "en-US": ENGLISH,
  "en-GB": ENGLISH,
  es: {
    phrase: words(
      "y e o u pero ni que porque aunque mientras cuando donde quien cual si como en de del a al por para con sin sobre " +
        "entre hasta desde según es son era eran fue fueron ha han había",
    ),
    noun: words("el la los las un una unos unas este esta su sus"),
  },
  fr: {
    phrase: words(
      "et ou mais ni que qui dont où car parce quand lorsque si comme pendant dans de du des à au aux en par pour avec " +
        "sans sur sous entre vers chez est sont était étaient a ont avait",
    ),
    noun: words("le la les un une ce cette ces son sa ses leur leurs"),
  },
  it: {
    phrase: words(
      "e ed o ma né che chi cui perché quando mentre dove se come in nel nella di del della dei a al alla da dal dalla per " +
        "con su sul sulla tra fra è sono era erano ha hanno aveva",
    ),
    noun: words("il lo la i gli le un uno una questo questa"),
  },
  "pt-BR": {
    phrase: words(
      "e ou mas nem que quem porque quando enquanto onde se como em no na de do da dos das ao à por pelo pela para com " +
        "sem sobre entre até desde é são era eram foi foram tem havia",
    ),
    noun: words("o a os as um uma este esta seu sua"),
  },
};

/**
 * Cuts the first utterances short, each a little longer than the one before, so that the first sound comes soon and
 * playing never catches up with speaking: at marks where there are any, else before a word that begins a phrase. Where
 * neither is near, or the language has no such words, an utterance stays as it is.
 */
export function cutLead(utterances: readonly Utterance[], targets: readonly VoiceTarget[]): Utterance[] {
  const total = utterances.reduce((sum, { tokens }) => sum + tokens.length, 0);
  if (total <= SHORT_TEXT_TOKENS) return [...utterances];
  const result: Utterance[] = [];
  const rest = [...utterances];
  for (let wanted = FIRST_TOKENS; wanted < ENOUGH_TOKENS && rest.length > 0; ) {
    const [next] = rest as [Utterance];
    // The other engines are so fast that a whole utterance is there soon.
    const cuts = targets[next.voice]?.engine === "kokoro" && next.tokens.length > wanted * TOLERANCE;
    const parts = cuts ? cut(next, wanted) : null;
    rest.splice(0, 1, ...(parts ?? [next]));
    const [spoken] = rest.splice(0, 1) as [Utterance];
    result.push(spoken);
    wanted = Math.max(wanted, spoken.tokens.length * GROWTH);
  }
  return [...result, ...rest].map((utterance, index) => ({ ...utterance, index }));
}

/** The two halves of an utterance, the first of about `wanted` tokens; null where no cut is near. */
function cut(utterance: Utterance, wanted: number): [Utterance, Utterance] | null {
  const { words: spoken, tokens } = utterance;
  let best: { at: number; cost: number; breath: Breath } | null = null;
  for (let at = 1; at < spoken.length; at += 1) {
    const length = spoken[at]?.tokenStart ?? 0;
    if (length > Math.min(wanted * LATEST, tokens.length * MOST_OF_IT, tokens.length - LEAST_REST)) break;
    const breath = length < wanted * EARLIEST ? null : breathAt(utterance, at);
    if (breath === null) continue;
    const off = length / wanted - 1;
    const cost = (off > 0 ? off * LATE_WEIGHT : -off) + breath.penalty;
    if (best === null || cost < best.cost) best = { at, cost, breath };
  }
  return best === null ? null : halves(utterance, best.at, best.breath);
}

const OPENING_MARKS = /[(“]/;
/** The space behind the first half, with quotes and brackets that stand behind it. */
const OPENING_BEHIND = /(?:\s+[([{«„“‘"'¿¡]*|[（「『【]+)\s*$/u;

/** The breath that a reader could draw before a word; null where none would. */
function breathAt({ phonemes, words: spoken, language }: Utterance, at: number): Breath | null {
  const [before, after] = [spoken[at - 1], spoken[at]] as [UtteranceWord, UtteranceWord];
  const gap = phonemes.slice(before.tokenEnd, after.tokenStart);
  if (/[;:—….!?]/.test(gap)) return CLAUSE;
  if (hasMark(gap)) return COMMA;
  // Joined words (elisions, "of the" said as one) have no space to cut at.
  if (!/\s/.test(gap)) return null;
  const openers = OPENERS[language];
  const word = after.text.toLowerCase();
  if (openers?.phrase.has(word) === true) return PHRASE;
  return openers?.noun.has(word) === true && !openers.phrase.has(before.text.toLowerCase()) ? NOUN : null;
}

/** Cuts before the word at `at`; quotes and brackets that open there go with it. */
function halves(utterance: Utterance, at: number, { pauseSeconds }: Breath): [Utterance, Utterance] {
  const { phonemes, words: spoken, text, start, marks } = utterance;
  const [before, after] = [spoken[at - 1], spoken[at]] as [UtteranceWord, UtteranceWord];
  const opening = phonemes.slice(before.tokenEnd, after.tokenStart).search(OPENING_MARKS);
  const token = opening < 0 ? after.tokenStart : before.tokenEnd + opening;
  const headText = text.slice(0, after.start - start).replace(OPENING_BEHIND, "");
  const tailStart = start + text.length - text.slice(headText.length).trimStart().length;
  const head = phonemes.slice(0, token).trimEnd();
  const tail = phonemes.slice(token);
  const headEnd = start + headText.length;
  const [normalizedHead, normalizedTail] = splitNormalized(utterance.normalized, start, headEnd, tailStart);
  return [
    {
      ...utterance,
      text: headText,
      end: headEnd,
      phonemes: head,
      tokens: toTokens(head),
      words: spoken.slice(0, at),
      normalized: normalizedHead,
      marks: marks.filter((mark) => mark.token < token),
      pauseAfterSeconds: pauseSeconds,
      pauseTimed: false,
    },
    {
      ...utterance,
      text: text.slice(tailStart - start),
      start: tailStart,
      phonemes: tail,
      tokens: toTokens(tail),
      words: spoken.slice(at).map((word) => ({
        ...word,
        tokenStart: word.tokenStart - token,
        tokenEnd: word.tokenEnd - token,
      })),
      normalized: normalizedTail,
      marks: marks
        .filter((mark) => mark.token >= token)
        .map((mark) => ({ ...mark, token: mark.token - token })),
    },
  ];
}
