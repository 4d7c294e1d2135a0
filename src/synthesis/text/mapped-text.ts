/** A half-open range of UTF-16 offsets. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** One rewrite: `length` characters at `at` become `by`. */
export interface Edit {
  readonly at: number;
  readonly length: number;
  readonly by: string;
}

/** Where each character of a text came from: see the fields of `MappedText`. */
interface Origins {
  readonly origin: Uint32Array;
  readonly first: Uint32Array;
  readonly last: Uint32Array;
}

const emptyOrigins = (length: number): Origins => ({
  origin: new Uint32Array(length + 1),
  first: new Uint32Array(length),
  last: new Uint32Array(length),
});

/**
 * A text that remembers where each of its characters came from, so that it can be rewritten again and again
 * (normalised, expanded, cleaned) and still be cut at exact offsets of the text the caller sent.
 */
export class MappedText {
  readonly text: string;
  /** `origin[i]` is the source offset of `text[i]`; one entry more for the end. Never decreases. */
  private readonly origin: Uint32Array;
  /** What `text[i]` stands for, from `first[i]` to before `last[i]`: a rewritten character for all it replaced. */
  private readonly first: Uint32Array;
  private readonly last: Uint32Array;

  private constructor(text: string, { origin, first, last }: Origins) {
    this.text = text;
    this.origin = origin;
    this.first = first;
    this.last = last;
  }

  /** The text itself, every character at its own place. */
  static of(text: string): MappedText {
    const origins = emptyOrigins(text.length);
    for (let index = 0; index <= text.length; index += 1) {
      origins.origin[index] = index;
      origins.first[index] = index;
      origins.last[index] = index + 1;
    }
    return new MappedText(text, origins);
  }

  /** Source offset of the character at `index` (or of the end, at `text.length`). */
  sourceOffset(index: number): number {
    return this.origin[index] ?? 0;
  }

  /** The first character that stands at a source offset or behind it; the length of the text when none does. */
  indexOf(sourceOffset: number): number {
    let low = 0;
    let high = this.text.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.origin[middle] ?? 0) < sourceOffset) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Behind the last of the characters from `start` on that each stand, unchanged, at the next offset of a source. */
  unchanged(start: number, end: number, source: string, offset: number): number {
    let index = start;
    let at = offset;
    while (
      index < end &&
      this.first[index] === at &&
      this.last[index] === at + 1 &&
      this.text.charCodeAt(index) === source.charCodeAt(at)
    ) {
      index += 1;
      at += 1;
    }
    return index;
  }

  /** All of the source that the characters from `start` to before `end` stand for, rewritten parts as a whole. */
  sourceRange(start: number, end: number): Range {
    const first = this.first[start] ?? this.sourceOffset(start);
    return { start: first, end: Math.max(first, this.last[end - 1] ?? first) };
  }

  /**
   * Replaces every match of a global pattern. What match and replacement share at their ends keeps its place; the
   * characters between are spread evenly over what they replace, so a cut inside an expanded number still falls
   * inside that number.
   * @param replacer returns the new text, or `null` to leave the match as it is.
   */
  replace(
    pattern: RegExp,
    replacer: string | ((match: RegExpExecArray, text: string) => string | null),
  ): MappedText {
    const edits: Edit[] = [];
    for (const match of this.text.matchAll(pattern)) {
      const by = typeof replacer === "string" ? replacer : replacer(match, this.text);
      if (by === null || by === match[0]) continue;
      edits.push(narrowed({ at: match.index, length: match[0].length, by }, match[0]));
    }
    return this.#edited(edits);
  }

  /** This text after a rewrite that says nothing about places: what it kept is found again, in order. */
  rewritten(text: string): MappedText {
    return text === this.text ? this : this.#edited(differences(this.text, text));
  }

  /** This text with some places rewritten: `edits` in order and apart from each other, in its own offsets. */
  edit(edits: readonly Edit[]): MappedText {
    return this.#edited(edits);
  }

  /** The characters from `start` to before `end`, each still at its own source. */
  slice(start: number, end: number): MappedText {
    return new MappedText(this.text.slice(start, end), {
      origin: this.origin.slice(start, end + 1),
      first: this.first.slice(start, end),
      last: this.last.slice(start, end),
    });
  }

  /** Texts of one source, in its order, as one. */
  static concat(parts: readonly MappedText[]): MappedText {
    const text = parts.map((part) => part.text).join("");
    const joined = emptyOrigins(text.length);
    let at = 0;
    for (const part of parts) {
      joined.origin.set(part.origin, at);
      joined.first.set(part.first, at);
      joined.last.set(part.last, at);
      at += part.text.length;
    }
    return new MappedText(text, joined);
  }

  #edited(edits: readonly Edit[]): MappedText {
    if (edits.length === 0) return this;
    const length = edits.reduce((sum, edit) => sum + edit.by.length - edit.length, this.text.length);
    const pieces: string[] = [];
    const result = emptyOrigins(length);
    let from = 0;
    let to = 0;
    const keep = (end: number) => {
      pieces.push(this.text.slice(from, end));
      result.origin.set(this.origin.subarray(from, end), to);
      result.first.set(this.first.subarray(from, end), to);
      result.last.set(this.last.subarray(from, end), to);
      to += end - from;
      from = end;
    };
    for (const edit of edits) {
      keep(edit.at);
      const origin = this.sourceOffset(edit.at);
      const width = this.sourceOffset(edit.at + edit.length) - origin;
      const { start, end } =
        edit.length === 0 ? { start: origin, end: origin } : this.sourceRange(edit.at, edit.at + edit.length);
      for (let index = 0; index < edit.by.length; index += 1) {
        result.origin[to + index] = origin + Math.floor((index * width) / edit.by.length);
        result.first[to + index] = start;
        result.last[to + index] = end;
      }
      pieces.push(edit.by);
      to += edit.by.length;
      from += edit.length;
    }
    keep(this.text.length);
    result.origin[length] = this.sourceOffset(this.text.length);
    return new MappedText(pieces.join(""), result);
  }
}

/** Without what stays as it is: the rest of a match that only loses its ends, else equal beginnings and ends. */
function narrowed({ at, length, by }: Edit, match: string): Edit {
  let before = 0;
  const shorter = Math.min(by.length, length);
  while (before < shorter && by[before] === match[before]) before += 1;
  let after = 0;
  while (after < shorter - before && by[by.length - 1 - after] === match[length - 1 - after]) after += 1;
  return { at: at + before, length: length - before - after, by: by.slice(before, by.length - after) };
}

/** Beyond this many pairs of characters two texts are not compared in detail. */
const MOST_COMPARED = 2 ** 22;

/** The edits that lead from one text to another, by their longest common subsequence. */
function differences(from: string, to: string): Edit[] {
  const whole = narrowed({ at: 0, length: from.length, by: to }, from);
  const { at, length, by } = whole;
  if (length * by.length > MOST_COMPARED) return [whole];
  const width = by.length + 1;
  const common = new Uint16Array((length + 1) * width);
  for (let i = length - 1; i >= 0; i -= 1) {
    for (let j = by.length - 1; j >= 0; j -= 1) {
      common[i * width + j] =
        from[at + i] === by[j]
          ? (common[(i + 1) * width + j + 1] ?? 0) + 1
          : Math.max(common[(i + 1) * width + j] ?? 0, common[i * width + j + 1] ?? 0);
    }
  }
  const edits: Edit[] = [];
  let i = 0;
  let j = 0;
  while (i < length || j < by.length) {
    const startI = i;
    const startJ = j;
    while ((i < length || j < by.length) && !(i < length && j < by.length && from[at + i] === by[j])) {
      const down = common[(i + 1) * width + j] ?? 0;
      const right = common[i * width + j + 1] ?? 0;
      if (j >= by.length || (i < length && down >= right)) i += 1;
      else j += 1;
    }
    edits.push(...changed(at + startI, i - startI, by.slice(startJ, j)));
    while (i < length && j < by.length && from[at + i] === by[j]) {
      i += 1;
      j += 1;
    }
  }
  return edits;
}

/** One character for one ("漢" for "汉") keeps each in its place. */
function changed(at: number, length: number, by: string): Edit[] {
  if (length === 0 && by === "") return [];
  if (length !== by.length) return [{ at, length, by }];
  return Array.from({ length }, (_, index) => ({ at: at + index, length: 1, by: by[index] ?? "" }));
}
