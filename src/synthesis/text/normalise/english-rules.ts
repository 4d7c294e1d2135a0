import { ENGLISH_YEARS, ordinal } from "./english-dates.ts";
import { numeralsOf } from "./numerals.ts";
import { romanRules } from "./roman.ts";
import { group, type Rule } from "./rule.ts";

const numerals = numeralsOf("en");
const cardinal = (value: number): string => numerals?.cardinal(BigInt(value)) ?? String(value);
const digits = (text: string): string => [...text].map((digit) => cardinal(Number(digit))).join(" ");
const digitGroups = (text: string): string => (text.match(/\d+/g) ?? []).map(digits).join(", ");

function streetEnd(word: string): Rule["say"] {
  return (match, text) => {
    const after = text.slice(match.index + match[0].length, match.index + match[0].length + 3);
    return /^(?:$|\n|\s+\p{Lu})/u.test(after) ? `${word}.` : word;
  };
}

/** "St. John" is a saint, "221 Baker St." a street; "Dr. Smith" a doctor, "9 Mulholland Dr." a drive. */
const AMBIGUOUS: readonly Rule[] = [
  { pattern: /(?<=\d \p{Lu}\p{Ll}{1,20} )St\./gu, say: streetEnd("Street") },
  { pattern: /(?<=\d \p{Lu}\p{Ll}{1,20} )St(?=,|$|\n)/gu, say: "Street" },
  { pattern: /(?<=\d \p{Lu}\p{Ll}{1,20} )Dr\./gu, say: streetEnd("Drive") },
  { pattern: /(?<=\d \p{Lu}\p{Ll}{1,20} )Ln(?:\.|(?=,|$|\n))/gu, say: "Lane" },
  { pattern: /(?<=\d \p{Lu}\p{Ll}{1,20} )Ave(?=,|$|\n| [NS][EW](?!\p{L}))/gu, say: "Avenue" },
  { pattern: /(?<=\d \p{Lu}\p{Ll}{1,20} )Rd(?=,|$|\n)/gu, say: "Road" },
  { pattern: /(?<=\d \p{Lu}\p{Ll}{1,20} )Ct(?:\.|(?=,|$|\n))/gu, say: "Court" },
  { pattern: /(?<!\p{L})St\.(?= ?\p{Lu})/gu, say: "Saint" },
  { pattern: /(?<=\p{Lu}\p{Ll}{1,20} )St\./gu, say: streetEnd("Street") },
  { pattern: /(?<!\p{L})D[rR]\.?(?= ?\p{Lu})/gu, say: "Doctor" },
];

const STATES: Readonly<Record<string, string>> = Object.fromEntries(
  (
    "AL Alabama|AK Alaska|AZ Arizona|AR Arkansas|CA California|CO Colorado|CT Connecticut|DE Delaware|FL Florida|" +
    "GA Georgia|HI Hawaii|ID Idaho|IL Illinois|IN Indiana|IA Iowa|KS Kansas|KY Kentucky|LA Louisiana|ME Maine|" +
    "MD Maryland|MA Massachusetts|MI Michigan|MN Minnesota|MS Mississippi|MO Missouri|MT Montana|NE Nebraska|" +
    "NV Nevada|NH New Hampshire|NJ New Jersey|NM New Mexico|NY New York|NC North Carolina|ND North Dakota|OH Ohio|" +
    "OK Oklahoma|OR Oregon|PA Pennsylvania|RI Rhode Island|SC South Carolina|SD South Dakota|TN Tennessee|TX Texas|" +
    "UT Utah|VT Vermont|VA Virginia|WA Washington|WV West Virginia|WI Wisconsin|WY Wyoming|DC D C"
  )
    .split("|")
    .map((state) => [state.slice(0, 2), state.slice(3)]),
);

/** What chats shorten, in full. */
const CHAT: Readonly<Record<string, string>> = {
  btw: "by the way",
  idk: "I don't know",
  imo: "in my opinion",
  imho: "in my humble opinion",
  tbh: "to be honest",
  thx: "thanks",
  pls: "please",
  plz: "please",
  ppl: "people",
  tmrw: "tomorrow",
  omw: "on my way",
  brb: "be right back",
  afaik: "as far as I know",
  iirc: "if I recall correctly",
  rn: "right now",
  bc: "because",
  "b/c": "because",
  msg: "message",
  fyi: "for your information",
  ttyl: "talk to you later",
  nvm: "never mind",
  "c/o": "care of",
  "n/a": "not applicable",
  "N/A": "not applicable",
};

/** "docs/a.md", "/usr/local", "./run.sh": a path is told by its beginning or by the kind of file at its end. */
const PATH: Rule = {
  pattern: /(?<![\w/.@:-])(?:~|\.{1,2})?\/?[\w-]{1,64}(?:[/.][\w-]{1,64}){1,12}\/?(?![\w/])/gu,
  say: (match) => {
    if (!match[0].includes("/")) return null;
    if (!/^(?:~|\.{0,2})\/|\.[a-z]{2,4}$/.test(match[0]) || /^[\d/.]+$/.test(match[0])) return null;
    const dots = match[0].replace(/^\.{1,2}(?=\/)/, (start) => [...start].map(() => "dot").join(" "));
    return dots.replaceAll("/", " slash ").trim();
  },
};

/** Codes, addresses and signs of programs: what must be seen before dates and numbers are. */
export const ENGLISH_EARLY: readonly Rule[] = [
  ...AMBIGUOUS,
  PATH,
  { pattern: /(?:\bNo\.|№) ?(?=\d)/g, say: "number " },
  {
    pattern:
      /(?<![\p{L}\p{N}./'-])(?:btw|idk|imh?o|tbh|thx|pl[sz]|ppl|tmrw|omw|brb|afaik|iirc|rn|bc|b\/c|msg|fyi|ttyl|nvm|c\/o|n\/a|N\/A)(?![\p{L}\p{N}/'])/gu,
    say: (match) => CHAT[match[0]] ?? null,
  },
  { pattern: /(?<![p{L}p{N}])(?:BTW|FYI)(?=[,: ])/g, say: (match) => CHAT[match[0].toLowerCase()] ?? null },
  { pattern: / @ /g, say: " at " },
  {
    pattern: /(?<![\p{L}\d])0x[\da-fA-F]{1,16}(?![\p{L}\d])/gu,
    say: (match) => [...match[0].toUpperCase()].join(" "),
  },
  {
    pattern: /(?<![\d.,-])(?<half>\d{1,3})[–-]\k<half>(?![\d-]|[.,]\d)/g,
    say: (match) => `${group(match, "half")} ${group(match, "half")}`,
  },
  {
    pattern:
      /(?<=(?<!\p{L})(?:Genesis|Exodus|Psalms?|Proverbs|Isaiah|Matthew|Mark|Luke|John|Acts|Romans|Corinthians|Hebrews|James|Revelation) \d{1,3}):(?=\d{1,3}(?!\d))/gu,
    say: ", ",
  },
  { pattern: /(?<![\d-])1-(?<toll>8\d\d)-(?=[A-Z])/g, say: (match) => `1 ${digits(group(match, "toll"))} ` },
  { pattern: /(?<=\d)'(?= (?:tall|high|wide|long|deep|by|x)(?!\p{L}))/gu, say: " foot" },
  { pattern: /(?<=\p{L})\+(?=\p{L})/gu, say: " plus " },
  { pattern: /(?<![\p{L}\d])401\(?k\)?(?!\p{L})/gu, say: "four oh one k" },
  { pattern: /(?<!\d)24\/7(?![\d/])/g, say: "twenty four seven" },
  { pattern: /(?<![\d/])9\/11(?![\d/])/g, say: "nine eleven" },
  {
    pattern: /(?<=, )(?<state>[A-Z]{2})\.?,? (?<zip>\d{5})(?:-(?<more>\d{4}))?(?!\d)/g,
    say: (match) => {
      const state = STATES[group(match, "state")];
      const more = group(match, "more");
      if (state === undefined) return null;
      return `${state} ${digits(group(match, "zip"))}${more === "" ? "" : `, ${digits(more)}`}`;
    },
  },
  {
    pattern:
      /(?<=(?<!\p{L})(?:code|PIN|pin|passcode|OTP|ext\.|ext|extension|ZIP|zip code|account|ending in|#:)(?: is| number)?:? )\d{3,8}(?![\d.,:]\d|\d|[ -]\d)/gu,
    say: (match) => digits(match[0]),
  },
  { pattern: /(?<![\d-])\d{4}(?:[ -]\d{4}){3}(?![\d-])/g, say: (match) => digitGroups(match[0]) },
  {
    pattern: /(?<![\d\p{L}.-])(?:\+?1[-. ])?(?:\(?(?<area>\d{3})\)?[-. ])?\d{3}[-.]\d{4}(?![\d-]|\.\d)/gu,
    say: (match) => `${match[0].startsWith("+") ? "plus " : ""}${digitGroups(match[0])}`,
  },
  { pattern: /(?<=\d) ?x ?(?=10\^)/g, say: " times " },
  { pattern: /(?<=\d) ?x ?(?=\d)/g, say: " by " },
  { pattern: /(?<![\p{L}\d/.])v(?=\d{1,3}(?:\.\d|\b))/gu, say: "version " },
  // "5'10"", "6 ft 2": feet and inches.
  {
    pattern: /(?<![\d.])(?<feet>\d{1,2})' ?(?<inches>\d{1,2}(?:\.\d)?)[”"]/g,
    say: (match) => `${group(match, "feet")} foot ${group(match, "inches")}`,
  },
  {
    pattern:
      /(?<=\d)[”"](?= (?:monitors?|screens?|displays?|TVs?|nails?|pipes?|tall|wide|long|deep|thick|x |by ))/g,
    say: " inch",
  },
];

const MULTIPLES: Readonly<Record<string, string>> = {
  k: "thousand",
  K: "thousand",
  M: "million",
  B: "billion",
  bn: "billion",
  mn: "million",
  tn: "trillion",
  T: "trillion",
};

const CODE: readonly Rule[] = [
  // "options.parse()", ".helpCommand": a name of a program, not the end of a sentence.
  { pattern: /(?<=[\p{L}\d_)])\.(?=[a-z]\w{0,40}(?:\(|(?<=[a-z\d])[A-Z]))/gu, say: " dot " },
  { pattern: /(?<![\p{L}\d_.)])\.(?=[a-z]\w{0,40}(?:\(|(?<=[a-z\d])[A-Z]))/gu, say: "dot " },
  { pattern: /(?<=\p{L})\+\+/gu, say: " plus plus" },
  { pattern: /(?<=(?<!\p{L})[CF])#(?![\p{L}\d])/gu, say: " sharp" },
  { pattern: / ?(?:=>|->|→) ?/g, say: " to " },
  { pattern: / ?(?:!==?|≠) ?/g, say: " is not equal to " },
  { pattern: / ?={2,3} ?/g, say: " equals " },
  { pattern: / ?<= ?/g, say: " at most " },
  { pattern: / ?>= ?/g, say: " at least " },
  { pattern: / \+= /g, say: " plus equals " },
  { pattern: / && /g, say: " and " },
  { pattern: / \|\| /g, say: " or " },
  { pattern: /(?<=[\p{L}\d_])\(\)/gu, say: "" },
  {
    pattern:
      /(?<=[\p{L}\d_-])\.(?<kind>js|ts|tsx|jsx|py|txt|md|csv|json|html|css|pdf|docx?|xlsx?|zip|png|jpe?g|gif|mp3|mp4|wav|exe|sh|yml|yaml|xml|log|env)(?![\p{L}\d])/gu,
    say: (match) => ` dot ${EXTENSIONS[group(match, "kind")] ?? group(match, "kind").toUpperCase()}`,
  },
];
const EXTENSIONS: Readonly<Record<string, string>> = {
  zip: "zip",
  log: "log",
  env: "env",
  doc: "doc",
  jpeg: "jpeg",
  jpg: "jpeg",
  gif: "gif",
  wav: "wav",
};

/** Powers, chemical formulas, mathematical signs. */
const SCIENCE: readonly Rule[] = [
  {
    pattern: /(?<=\d)(?:\^(?<caret>-?\d{1,3})|(?<raised>⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3}))(?![\d⁰-⁹])/g,
    say: (match) => {
      const power = group(match, "caret") || group(match, "raised").normalize("NFKC").replace("−", "-");
      if (power === "2") return " squared";
      if (power === "3") return " cubed";
      return ` to the power of ${power.replace("-", "minus ")}`;
    },
  },
  {
    // "H₂O", "CO2": letters and numbers one by one.
    pattern:
      /(?<![\p{L}\d])(?:[A-Z][a-z]?[₀-₉]{0,3}|\((?:[A-Z][a-z]?[₀-₉]{0,3}){1,4}\)){1,8}(?<=[₀-₉])(?:[A-Z][a-z]?){0,4}(?![\p{L}\d])/gu,
    say: (match) =>
      match[0]
        .replace(/[()]/g, "")
        .replace(/[₀-₉]+/g, (sub) => ` ${sub.normalize("NFKC")} `)
        .replace(/(?<=[A-Za-z])(?=[A-Z])/g, " ")
        .trim(),
  },
  { pattern: /(?<![\p{L}\d])(?<gas>CO|SO|NO|PM)(?<count>2\.5|[2-4]|10)(?![\p{L}\d])/gu, say: formula },
  { pattern: /(?<![\p{L}\d])H2O(?![\p{L}\d])/gu, say: "H two O" },
  { pattern: / ?÷ ?/g, say: " divided by " },
  { pattern: /√ ?(?=[\d(])/g, say: "the square root of " },
  { pattern: /(?<=[\p{L}\d]) ?∞|∞/gu, say: " infinity " },
  { pattern: /≤/g, say: " at most " },
  { pattern: /≥/g, say: " at least " },
  { pattern: /≈/g, say: " about " },
];

function formula(match: RegExpExecArray): string {
  return `${[...group(match, "gas")].join(" ")} ${group(match, "count")}`;
}

/** "10k users", "4x100 m", "16:9". */
const QUANTITIES: readonly Rule[] = [
  {
    pattern: /(?<![\d.])\d{1,9}(?:\.\d{1,9}){2,8}(?![\d]|\.\d)/g,
    say: (match) => match[0].replaceAll(".", " point "),
  },
  {
    pattern:
      /(?<=(?<![\p{L}\d.,]|(?:Apartment|Apt|Flat|Gate|Platform|Room|Row|Seat|Suite|Terminal|Unit|number) )[\d.,]{1,12})(?<scale>[kK]|M|B|bn|mn|tn)(?=\+?(?![\p{L}\d+]))(?!\+?[ -](?:run|race|TV|video|monitor|display|resolution|screen|camera))/gu,
    say: (match, text) => {
      const small = /(?<![\d.,])[48]$/.test(text.slice(Math.max(0, match.index - 3), match.index));
      return small && match[0] === "K" ? " K" : ` ${MULTIPLES[match[0]] ?? match[0]}`;
    },
  },
  { pattern: /(?<![\d:.,])(?<left>\d{1,3}):(?<right>\d{1,3})(?![\d:]|[.,]\d)/g, say: ratio },
  { pattern: /(?<=\d)x(?![\p{L}\d])/gu, say: " times" },
  { pattern: /(?<=\d)\+(?![\p{L}\d+=])/gu, say: " plus" },
];

function ratio(match: RegExpExecArray): string {
  return `${group(match, "left")} to ${group(match, "right")}`;
}

const ORDINALS: readonly Rule[] = [
  {
    pattern:
      /(?<![\p{L}\d.])(?<value>\d{1,3}(?:,\d{3}){1,4}|\d{1,9})(?:st|nd|rd|th|ᵗʰ)(?<many>s)?(?!\p{L})/gu,
    say: (match) => {
      const value = Number(group(match, "value").replaceAll(",", ""));
      return value === 0 ? null : `${ordinal(value)}${group(match, "many")}`;
    },
  },
  ...romanRules({
    counted:
      "chapter|ch|part|book|act|scene|section|volume|vol|war|phase|type|class|level|stage|appendix|figure|table|article|title|bowl|fantasy|rocky|rambo|godfather|unit|module|lesson|grade|tier|step|group|division|mark|psalm|canto|page|pages|episode|series|factor|nerve|amendment|category|schedule",
    count: (value) => cardinal(value),
    small: true,
    pronoun: true,
    names:
      "Henry|Louis|Elizabeth|George|Charles|Edward|Richard|William|James|John|Paul|John Paul|Pope|Benedict|Pius|Catherine|Peter|Nicholas|Alexander|Napoleon|Philip|Ferdinand|Francis|Leo|Gregory|Innocent|Clement|Frederick|Wilhelm|Otto|Ramesses|Ramses|Ptolemy|Cleopatra|Mary|Victoria|Harold|Robert|David|Constantine|Urban|Haakon|Akihito|Ivan|Gustav|Christian|Carl",
    rank: (value) => `the ${ordinal(value)}`,
  }),
];

const SIGNS: readonly Rule[] = [
  { pattern: /(?<=[\p{L}\d.]) ?& ?(?=[\p{L}\d])/gu, say: " and " },
  { pattern: /(?<=\d) ?= ?| = /g, say: " equals " },
  { pattern: / < |(?<=\d)<(?=\d)|<(?=\d)/g, say: " less than " },
  { pattern: / > |(?<=\d)>(?=\d)|>(?=\d)/g, say: " greater than " },
  {
    pattern:
      /(?<=(?:dollars?|euros?|pounds?|cents?|meters?|miles?|hours?|percent|[A-Z]B))\/(?=(?:month|mo|year|yr|day|week|wk|hour|hr|person|night|unit|user|kg|lb|seat|gallon|min)(?!\p{L}))/gu,
    say: " per ",
  },
  { pattern: /(?<= per )(?:mo|yr|wk|hr|lb|kg|min)(?!\p{L})/gu, say: (match) => PER[match[0]] ?? null },
  { pattern: /(?<![\d\p{L}.])\.(?=\d)/gu, say: "point " },
];
const PER: Readonly<Record<string, string>> = {
  mo: "month",
  yr: "year",
  wk: "week",
  hr: "hour",
  lb: "pound",
  kg: "kilogram",
  min: "minute",
};

/** After measures and money, before the last numbers become words. */
export const ENGLISH_OWN: readonly Rule[] = [
  ...ORDINALS,
  ...CODE,
  ...SCIENCE,
  ...QUANTITIES,
  ...SIGNS,
  ...ENGLISH_YEARS,
];
