import type { Attributes } from "./elements.ts";
import { ScriptError } from "./error.ts";
import { parseSeconds } from "./values.ts";

/** Silence, and what ends there at the least. */
interface Break {
  readonly seconds: number;
  readonly boundary: "none" | "sentence" | "paragraph";
}

/** Silence that takes the place of a comma, and what ends where a break is strong. Null: the text decides. */
const STRENGTHS: ReadonlyMap<string, Break | null> = new Map<string, Break | null>([
  ["none", null],
  ["x-weak", null],
  ["weak", { seconds: 0.15, boundary: "none" }],
  ["medium", { seconds: 0.3, boundary: "none" }],
  ["strong", { seconds: 0.5, boundary: "sentence" }],
  ["x-strong", { seconds: 1, boundary: "paragraph" }],
]);

/**
 * The silence that `<break>` asks for; null for none.
 *
 * @throws ScriptError that names what its attributes accept
 */
export function breakOf(attributes: Attributes, offset: number): Break | null {
  const strength = attributes.get("strength") ?? (attributes.has("time") ? "none" : "medium");
  const kind = STRENGTHS.get(strength.trim().toLowerCase());
  if (kind === undefined) {
    throw new ScriptError(offset, `strength of <break> accepts ${[...STRENGTHS.keys()].join(", ")}`);
  }
  const time = attributes.get("time");
  const seconds = time === undefined ? (kind?.seconds ?? 0) : parseSeconds(time);
  if (seconds === null) throw new ScriptError(offset, 'time of <break> is written as "500ms" or "1.2s"');
  return seconds === 0 && kind === null ? null : { seconds, boundary: kind?.boundary ?? "none" };
}
