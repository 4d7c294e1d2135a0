import type { Directions, SayAs } from "../script.ts";
import { checkedName } from "./builder.ts";
import { ScriptError, shown } from "./error.ts";
import {
  type Change,
  GAIN_BOUNDS,
  PITCH_BOUNDS,
  parsePitch,
  parseRate,
  parseVolume,
  RATE_BOUNDS,
} from "./values.ts";

/** What an element of SSML may hold: anything, words alone, or nothing. */
export interface ElementRule {
  readonly content: "any" | "text" | "none";
  readonly attributes: readonly string[];
  /** One of these must be there. */
  readonly needs?: readonly string[];
}

/** The elements that are served. Attributes of the XML namespaces are accepted on all of them. */
export const ELEMENTS: ReadonlyMap<string, ElementRule> = new Map<string, ElementRule>(
  Object.entries({
    speak: { content: "any", attributes: ["version", "xml:lang"] },
    p: { content: "any", attributes: ["xml:lang"] },
    s: { content: "any", attributes: ["xml:lang"] },
    break: { content: "none", attributes: ["time", "strength"] },
    prosody: {
      content: "any",
      attributes: ["rate", "pitch", "volume"],
      needs: ["rate", "pitch", "volume"],
    },
    "say-as": { content: "text", attributes: ["interpret-as", "format"], needs: ["interpret-as"] },
    phoneme: { content: "text", attributes: ["ph", "alphabet"], needs: ["ph"] },
    sub: { content: "text", attributes: ["alias"], needs: ["alias"] },
    lang: { content: "any", attributes: ["xml:lang"], needs: ["xml:lang"] },
    voice: { content: "any", attributes: ["name", "xml:lang"], needs: ["name"] },
    mark: { content: "none", attributes: ["name"], needs: ["name"] },
  } satisfies Record<string, ElementRule>),
);

export type Attributes = ReadonlyMap<string, string>;

/** Attributes that say what the document is and not how it is spoken. */
const isNamespaceAttribute = (name: string) =>
  name === "xmlns" || name.startsWith("xmlns:") || name.startsWith("xsi:");

/** @throws ScriptError that names what the element accepts */
export function checkAttributes(
  name: string,
  rule: ElementRule,
  attributes: Attributes,
  offset: number,
): void {
  for (const attribute of attributes.keys()) {
    if (rule.attributes.includes(attribute) || isNamespaceAttribute(attribute)) continue;
    throw new ScriptError(
      offset,
      `<${name}> has no attribute "${shown(attribute)}" here: it accepts ${rule.attributes.join(", ")}`,
    );
  }
  const { needs } = rule;
  if (needs === undefined || needs.some((attribute) => attributes.has(attribute))) return;
  throw new ScriptError(offset, `<${name}> needs ${needs.length > 1 ? "one of " : ""}${needs.join(", ")}`);
}

const RATE_HINT = '50% to 200%, changes such as "+10%", or x-slow, slow, medium, fast, x-fast, default';
const PITCH_HINT = '-12st to +12st, changes such as "+10%", or x-low, low, medium, high, x-high, default';
const VOLUME_HINT =
  '"+6dB", changes such as "-20%", 0 to 100, or silent, x-soft, soft, medium, loud, x-loud, default';

/** The directions inside `<prosody>`, from those around it. */
export function prosody(around: Directions, attributes: Attributes, offset: number): Directions {
  const rate = attributes.get("rate");
  const pitch = attributes.get("pitch");
  const volume = attributes.get("volume");
  const checked = (
    attribute: string,
    value: number | null,
    bounds: readonly [number, number],
    hint: string,
  ) => {
    if (value !== null && value >= bounds[0] - ROUNDING && value <= bounds[1] + ROUNDING) return value;
    throw new ScriptError(
      offset,
      `${attribute} of <prosody> accepts ${hint}; with what is around it, ${bounds.join(" to ")}`,
    );
  };
  const gain = volume === undefined ? null : changed(around.gainDb ?? 0, parseVolume(volume), add);
  return {
    ...around,
    ...(rate !== undefined && {
      rate: checked("rate", changed(around.rate ?? 1, parseRate(rate), multiply), RATE_BOUNDS, RATE_HINT),
    }),
    ...(pitch !== undefined && {
      pitchSemitones: checked(
        "pitch",
        changed(around.pitchSemitones ?? 0, parsePitch(pitch), add),
        PITCH_BOUNDS,
        PITCH_HINT,
      ),
    }),
    ...(volume !== undefined && {
      // Softer than silent is silent.
      gainDb: checked(
        "volume",
        gain === null ? null : Math.max(gain, GAIN_BOUNDS[0]),
        GAIN_BOUNDS,
        VOLUME_HINT,
      ),
    }),
  };
}

/** Half of 0.1 % of a bound: "+100%" and products of decimals may miss it by their rounding. */
const ROUNDING = 1e-6;

const add = (a: number, b: number) => a + b;
const multiply = (a: number, b: number) => a * b;

function changed(around: number, change: Change, by: (a: number, b: number) => number): number | null {
  if (change === null) return null;
  return "to" in change ? change.to : by(around, change.by);
}

const SAY_AS: ReadonlyMap<string, SayAs["as"]> = new Map<string, SayAs["as"]>([
  ["characters", "characters"],
  ["spell-out", "characters"],
  ["verbatim", "characters"],
  ["digits", "digits"],
  ["cardinal", "cardinal"],
  ["number", "cardinal"],
  ["ordinal", "ordinal"],
  ["fraction", "fraction"],
  ["unit", "unit"],
  ["currency", "currency"],
  ["telephone", "telephone"],
  ["date", "date"],
  ["time", "time"],
  ["expletive", "expletive"],
  ["bleep", "expletive"],
]);
/** Orders of a date, once repeated letters are one ("yyyymmdd" is "ymd"). */
const DATE_FORMATS: ReadonlySet<string> = new Set("mdy dmy ymd md dm ym my y m d".split(" "));
const TIME_FORMATS: ReadonlySet<string> = new Set(["hms12", "hms24"]);
const MAX_FORMAT_LENGTH = 16;

/** How `<say-as>` wants its words to be read. */
export function sayAs(attributes: Attributes, offset: number): SayAs {
  const name = attributes.get("interpret-as") ?? "";
  const as = SAY_AS.get(name.trim().toLowerCase());
  if (as === undefined) {
    const accepted = [...SAY_AS.keys()].join(", ");
    throw new ScriptError(offset, `interpret-as of <say-as> accepts ${accepted}, not "${shown(name)}"`);
  }
  const written = attributes.get("format");
  if (written === undefined) return { as };
  const format = written.trim().toLowerCase().slice(0, MAX_FORMAT_LENGTH);
  if (as === "date") {
    const order = format.replace(/([dmy])\1+/g, "$1");
    if (DATE_FORMATS.has(order)) return { as, format: order };
    throw new ScriptError(offset, `format of a date accepts ${[...DATE_FORMATS].join(", ")}`);
  }
  if (as === "time" && TIME_FORMATS.has(format)) return { as, format };
  throw new ScriptError(
    offset,
    `format is for interpret-as="date" and for "time", which accepts hms12 and hms24`,
  );
}

const MAX_LANGUAGE_TAG = 64;

/** A language tag in its canonical form; whether anything speaks it is found out elsewhere. */
export function languageTag(value: string, offset: number): string {
  const tag = checkedName(offset, "xml:lang", value, MAX_LANGUAGE_TAG);
  try {
    const [canonical] = Intl.getCanonicalLocales(tag);
    if (canonical !== undefined) return canonical;
  } catch {
    // Not a language tag, as is said below.
  }
  throw new ScriptError(
    offset,
    `xml:lang accepts a BCP-47 language tag such as "fr" or "en-GB", not "${shown(tag)}"`,
  );
}
