/** Bounds of a direction, whatever is written around it: engines speak at half to twice their pace, an octave off. */
export const RATE_BOUNDS = [0.5, 2] as const;
export const PITCH_BOUNDS = [-12, 12] as const;
export const GAIN_BOUNDS = [-96, 12] as const;

/** A value of `prosody`: one that stands for itself, or a change of what is around. Null: not understood. */
export type Change = { readonly to: number } | { readonly by: number } | null;

const RATES: ReadonlyMap<string, number> = new Map(
  Object.entries({ "x-slow": 0.5, slow: 0.75, medium: 1, default: 1, fast: 1.5, "x-fast": 2 }),
);
/** Semitones. */
const PITCHES: ReadonlyMap<string, number> = new Map(
  Object.entries({ "x-low": -6, low: -3, medium: 0, default: 0, high: 3, "x-high": 6 }),
);
/** Decibels; "silent" is below what 16 bits can hold. */
const VOLUMES: ReadonlyMap<string, number> = new Map(
  Object.entries({ silent: -96, "x-soft": -12, soft: -6, medium: 0, default: 0, loud: 6, "x-loud": 12 }),
);

/** A number of at most seven digits on each side of the point, and its unit. */
const QUANTITY = /^(?<sign>[+-]?)(?<number>\d{1,7}(?:\.\d{0,7})?|\.\d{1,7}) ?(?<unit>%|st|dB|Hz|ms|s|)$/i;

interface Quantity {
  readonly signed: boolean;
  readonly value: number;
  readonly unit: string;
}

function quantity(text: string): Quantity | null {
  const groups = QUANTITY.exec(text.trim())?.groups;
  if (groups === undefined) return null;
  const value = Number(`${groups.sign}${groups.number}`);
  return { signed: groups.sign !== "", value, unit: (groups.unit ?? "").toLowerCase() };
}

const ofLabel = (labels: ReadonlyMap<string, number>, text: string): Change => {
  const to = labels.get(text.trim().toLowerCase());
  return to === undefined ? null : { to };
};

/** A factor on the pace: "80%", "+10%", "1.2" or a label. */
export function parseRate(text: string): Change {
  const found = quantity(text);
  if (found === null) return ofLabel(RATES, text);
  const { signed, value, unit } = found;
  if (unit === "%") return { by: signed ? 1 + value / 100 : value / 100 };
  return unit === "" && !signed ? { by: value } : null;
}

/** Semitones: "+2st", "-10%" or a label. */
export function parsePitch(text: string): Change {
  const found = quantity(text);
  if (found === null) return ofLabel(PITCHES, text);
  const { signed, value, unit } = found;
  if (unit === "st") return { by: value };
  return unit === "%" && signed && value > -100 ? { by: 12 * Math.log2(1 + value / 100) } : null;
}

/** Decibels: "+6dB", "-20%", "80" (of 100) or a label. */
export function parseVolume(text: string): Change {
  const found = quantity(text);
  if (found === null) return ofLabel(VOLUMES, text);
  const { signed, value, unit } = found;
  if (unit === "db") return { by: value };
  if (unit === "%" && signed) return { by: decibels(1 + value / 100) };
  return unit === "" && !signed && value <= 100 ? { by: decibels(value / 100) } : null;
}

const decibels = (factor: number) => (factor <= 0 ? GAIN_BOUNDS[0] : 20 * Math.log10(factor));

/** A time in seconds: "1.2s" or "800ms". Null: not one. */
export function parseSeconds(text: string): number | null {
  const found = quantity(text);
  if (found === null || found.value < 0) return null;
  if (found.unit === "ms") return found.value / 1000;
  return found.unit === "s" ? found.value : null;
}
