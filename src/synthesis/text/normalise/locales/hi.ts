import type { Locale } from "../locale.ts";
import { numeralsOf } from "../numerals.ts";
import { group } from "../rule.ts";

const numerals = numeralsOf("hi");
const cardinal = (value: number): string => numerals?.cardinal(BigInt(value)) ?? String(value);

/** 1999 is said in hundreds, 2024 in thousands. */
function year(digits: string): string {
  const value = Number(digits);
  if (value < 1100 || value > 1999) return cardinal(value);
  const rest = value % 100;
  return `${cardinal(Math.floor(value / 100))} सौ${rest === 0 ? "" : ` ${cardinal(rest)}`}`;
}

export const HINDI: Locale = {
  tag: "hi",
  numerals,
  decimal: ".",
  signs: {
    minus: "माइनस",
    plus: "प्लस",
    point: "दशमलव",
    times: "गुणा",
    equals: "बराबर",
    over: "बटा",
    to: "से",
    and: "और",
    number: "नंबर",
    less: "से कम",
    greater: "से अधिक",
    about: "लगभग",
    plusMinus: "प्लस माइनस",
    per: "प्रति",
    hashtag: "हैशटैग",
    mention: "ऐट",
    of: "",
    squared: "का वर्ग",
    cubed: "का घन",
    power: "की घात",
  },
  web: { at: "ऐट", dot: "डॉट", slash: "स्लैश", dash: "डैश", underscore: "अंडरस्कोर" },
  abbreviations: {
    "डॉ.": "डॉक्टर",
    "डा.": "डॉक्टर",
    "प्रो.": "प्रोफ़ेसर",
    "श्री.": "श्री",
    "कि.मी.": "किलोमीटर",
    "कि.ग्रा.": "किलोग्राम",
    "ई.": "ईस्वी",
    "ई.पू.": "ईसा पूर्व",
  },
  beforeNumber: { "पृ.": "पृष्ठ", "क्र.": "क्रमांक", "सं.": "संख्या" },
  date: (day, month, digits) => `${cardinal(day)} ${month}${digits === "" ? "" : ` ${year(digits)}`}`,
  year,
  time: (hour, minute, _second, marked) => {
    if (minute === 0) return `${cardinal(hour)} बजे`;
    return `${cardinal(hour)} बजकर ${cardinal(minute)} मिनट${marked ? " पर" : ""}`;
  },
  timeMarks: { before: "", behind: "बजे" },
  decimalsAsNumber: 0,
  gender: () => "masculine",
  fractions: {
    "1/2": "आधा",
    "1/3": "एक तिहाई",
    "2/3": "दो तिहाई",
    "1/4": "एक चौथाई",
    "3/4": "तीन चौथाई",
    "1/8": "आठवाँ भाग",
    "1/5": "पाँचवाँ भाग",
  },
  units: {
    mg: "मिलीग्राम",
    "m²": "वर्ग मीटर",
    "km²": "वर्ग किलोमीटर",
    "m³": "घन मीटर",
    W: "वॉट",
    kW: "किलोवॉट",
    MW: "मेगावॉट",
    kWh: "किलोवॉट घंटा|किलोवॉट घंटे",
    V: "वोल्ट",
    Hz: "हर्ट्ज़",
    MHz: "मेगाहर्ट्ज़",
    GHz: "गीगाहर्ट्ज़",
    किमी: "किलोमीटर",
    किग्रा: "किलोग्राम",
    सेमी: "सेंटीमीटर",
    मिमी: "मिलीमीटर",
    ग्रा: "ग्राम",
  },
  currencies: {
    "₹": "रुपया|रुपये",
    "रु.": "रुपया|रुपये",
    $: "डॉलर",
    US$: "अमेरिकी डॉलर",
    "€": "यूरो",
    "£": "पाउंड",
    "¥": "येन",
  },
  cents: { "": "सेंट", "₹": "पैसा|पैसे", "रु.": "पैसा|पैसे", "£": "पेंस", "¥": "" },
  centJoiner: "",
  scales: { हज़ार: "हज़ार", हजार: "हज़ार", लाख: "लाख", करोड़: "करोड़", अरब: "अरब" },
  scaleJoiner: () => "",
  own: [
    {
      pattern: /(?<=(?<!\p{L})(?:सन|सन्|वर्ष|साल) )1[1-9]\d\d(?!\d)|(?<![\d.,])1[1-9]\d\d(?= (?:में|से|तक|के|ई))/gu,
      say: (match) => year(match[0]),
    },
    {
      pattern: /(?<![\d.,])(?<value>\d{1,3})(?<ending>वाँ|वां|वीं|वें)(?!\p{L})/gu,
      say: (match) => {
        const word = numerals?.ordinal?.(BigInt(group(match, "value"))) ?? match[0];
        return word.replace(/वाँ$/, group(match, "ending"));
      },
    },
  ],
};
