import type { Range } from "../mapped-text.ts";
import type { Directions } from "../script.ts";
import type { ScriptBuilder } from "./builder.ts";
import { keepWithControls } from "./controls.ts";
import { ScriptError } from "./error.ts";
import { findImbalance, scanHtml } from "./html.ts";

/**
 * Plain text: what HTML it holds is stripped, directions in square brackets are followed.
 *
 * @throws ScriptError for tags that are not balanced and directions that cannot be followed
 */
export function parsePlain(builder: ScriptBuilder, { start, end }: Range, directions: Directions): void {
  const tokens = scanHtml(builder.source.slice(start, end));
  const issue = findImbalance(tokens);
  if (issue !== null) throw new ScriptError(start + issue.offset, issue.message);
  builder.direct(start, end, directions);
  let kept = start;
  for (const token of tokens) {
    const from = start + token.start;
    const to = start + token.end;
    keepWithControls(builder, kept, from);
    if (token.kind === "reference") builder.rewrite(from, to, token.by);
    else builder.drop(from, to, token.kind === "tag" ? "markup" : "comment", token.by);
    kept = to;
  }
  keepWithControls(builder, kept, end);
}
