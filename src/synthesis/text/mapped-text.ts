/** A half-open range of UTF-16 offsets. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/**
 * A text that remembers where each of its characters came from, so that it can be rewritten again and again
 * (normalised, expanded, cleaned) and still be cut at exact offsets of the text the caller sent.
 */
export class MappedText {
  readonly text: string;
  /** `origin[i]` is the source offset of `text[i]`; one entry more for the end. Never decreases. */
  private readonly origin: Uint32Array;

  private constructor(text: string, origin: Uint32Array) {
    this.text = text;
    this.origin = origin;
  }

  /** The text itself, every character at its own place. */
  static of(text: string): MappedText {
    return new MappedText(
      text,
      Uint32Array.from({ length: text.length + 1 }, (_, index) => index),
    );
  }

  /** Source offset of the character at `index` (or of the end, at `text.length`). */
  sourceOffset(index: number): number {
    return this.origin[index] ?? 0;
  }

  /**
   * Replaces every match of a global pattern. The replacement's characters are spread evenly over the source
   * of the match, so a cut inside an expanded number still falls inside that number.
   * @param replacer returns the new text, or `null` to leave the match as it is.
   */
  replace(
    pattern: RegExp,
    replacer: string | ((match: RegExpExecArray, text: string) => string | null),
  ): MappedText {
    const edits: { at: number; length: number; by: string }[] = [];
    let length = this.text.length;
    for (const match of this.text.matchAll(pattern)) {
      const by = typeof replacer === "string" ? replacer : replacer(match, this.text);
      if (by === null || by === match[0]) continue;
      edits.push({ at: match.index, length: match[0].length, by });
      length += by.length - match[0].length;
    }
    if (edits.length === 0) return this;

    const pieces: string[] = [];
    const origin = new Uint32Array(length + 1);
    let from = 0;
    let to = 0;
    const keep = (end: number) => {
      pieces.push(this.text.slice(from, end));
      origin.set(this.origin.subarray(from, end), to);
      to += end - from;
      from = end;
    };
    for (const edit of edits) {
      keep(edit.at);
      const first = this.sourceOffset(edit.at);
      const width = this.sourceOffset(edit.at + edit.length) - first;
      for (let index = 0; index < edit.by.length; index += 1) {
        origin[to + index] = first + Math.floor((index * width) / edit.by.length);
      }
      pieces.push(edit.by);
      to += edit.by.length;
      from += edit.length;
    }
    keep(this.text.length);
    origin[length] = this.sourceOffset(this.text.length);
    return new MappedText(pieces.join(""), origin);
  }
}
