import { SaxesParser, type SaxesTagPlain } from "saxes";
import type { Range } from "../mapped-text.ts";
import type { Directions } from "../script.ts";
import { breakOf } from "./breaks.ts";
import { checkedName, type ScriptBuilder } from "./builder.ts";
import {
  type Attributes,
  checkAttributes,
  ELEMENTS,
  type ElementRule,
  languageTag,
  prosody,
  sayAs,
} from "./elements.ts";
import { DOCTYPE_REFUSED, ScriptError, shown } from "./error.ts";
import { phonemeOf } from "./transcription.ts";
import { explainXmlError } from "./xml-errors.ts";
import { keepXmlText } from "./xml-text.ts";

/** Elements within each other. Dialogues need six. */
export const MAX_DEPTH = 32;
const MAX_ALIAS_LENGTH = 1000;
const MAX_MARK_LENGTH = 64;
const MAX_VOICE_LENGTH = 200;

type XmlOptions = { readonly xmlns: false; readonly position: true };

interface Frame {
  readonly name: string;
  readonly rule: ElementRule;
  readonly attributes: Attributes;
  /** Where its tag begins and its content does. */
  readonly start: number;
  readonly contentStart: number;
  /** How its content is spoken. */
  readonly directions: Directions;
}

/** Words that can be said as they stand: letters of any script, their marks, and marks of clauses. */
const ONLY_WORDS = /^[\p{L}\p{M}\s'’.,;:!?-]*$/u;

/**
 * Reads one SSML document. The XML parser tells whether it is well-formed; everything between two tags is text.
 * Document types, and with them entities of the document's own, are refused.
 */
class SsmlReader {
  readonly #builder: ScriptBuilder;
  readonly #range: Range;
  readonly #around: Directions;
  readonly #parser = new SaxesParser<XmlOptions>({ xmlns: false, position: true });
  readonly #frames: Frame[] = [];
  /** Behind the last tag, comment or section. */
  #at: number;
  /** What a phoneme or a sub has for its words, and where they are not text as it stands. */
  #written = "";

  constructor(builder: ScriptBuilder, range: Range, around: Directions) {
    this.#builder = builder;
    this.#range = range;
    this.#around = around;
    this.#at = range.start;
  }

  read(): void {
    const parser = this.#parser;
    const { start, end } = this.#range;
    parser.on("error", (error) => this.#refuse(error.message));
    parser.on("doctype", () => this.#refuseDoctype(this.#nextTag()));
    parser.on("xmldecl", () => this.#skip("?>", "markup"));
    parser.on("processinginstruction", () => this.#skip("?>", "markup"));
    parser.on("comment", () => this.#skip("-->", "comment"));
    parser.on("cdata", (text) => this.#section(text));
    parser.on("text", (text) => {
      if (this.#isReplacing()) this.#written += text;
    });
    parser.on("opentag", (tag) => this.#open(tag));
    parser.on("closetag", (tag) => this.#close(tag));
    parser.write(this.#builder.source.slice(start, end)).close();
    this.#builder.keep(this.#at, end);
  }

  get #position(): number {
    return this.#range.start + this.#parser.position;
  }

  /** Where the tag, comment or section begins that the parser has just read. */
  #nextTag(): number {
    return this.#builder.source.indexOf("<", this.#at);
  }

  #refuse(message: string): never {
    const { source } = this.#builder;
    // It stops behind what it could not read; at the end it has read everything.
    const position = Math.min(this.#position, this.#range.end);
    const doctype = source.slice(this.#at, position).search(/<!DOCTYPE/i);
    if (doctype >= 0) this.#refuseDoctype(this.#at + doctype);
    throw explainXmlError(message, { source, from: this.#at, position, open: this.#frames });
  }

  #refuseDoctype(offset: number): never {
    throw new ScriptError(offset, DOCTYPE_REFUSED);
  }

  /** Takes the text up to the next tag. */
  #text(until: number): void {
    const frame = this.#frames.at(-1);
    const from = this.#at;
    this.#at = until;
    if (frame === undefined || isReplaced(frame)) return;
    this.#plain(from, until, frame);
  }

  #plain(from: number, until: number, frame: Frame): void {
    const { source } = this.#builder;
    if (frame.rule.content === "none" && source.slice(from, until).trim() !== "") {
      throw new ScriptError(from, `<${frame.name}> holds no text: write <${frame.name}/>`);
    }
    this.#builder.direct(from, until, frame.directions);
    const marked = this.#frames.some(({ name }) => name === "p" || name === "s");
    keepXmlText(this.#builder, from, until, marked);
  }

  #skip(closing: string, reason: "markup" | "comment"): void {
    const start = this.#nextTag();
    this.#text(start);
    const end = this.#builder.source.indexOf(closing, start) + closing.length;
    if (!this.#isReplacing()) this.#builder.drop(start, end, reason, "");
    this.#at = end;
  }

  /** The content of a CDATA section is text without references. */
  #section(text: string): void {
    const start = this.#nextTag();
    this.#text(start);
    const contentStart = start + CDATA_START.length;
    const contentEnd = this.#builder.source.indexOf(CDATA_END, contentStart);
    this.#at = contentEnd + CDATA_END.length;
    const frame = this.#frames.at(-1);
    if (frame === undefined) return;
    if (frame.rule.content === "none")
      throw new ScriptError(start, `<${frame.name}> holds no text: write <${frame.name}/>`);
    if (isReplaced(frame)) {
      this.#written += text;
      return;
    }
    this.#builder.direct(start, this.#at, frame.directions);
    this.#builder.drop(start, contentStart, "markup");
    this.#builder.keep(contentStart, contentEnd);
    this.#builder.drop(contentEnd, this.#at, "markup");
  }

  #isReplacing(): boolean {
    const frame = this.#frames.at(-1);
    return frame !== undefined && isReplaced(frame);
  }

  #open({ name, attributes }: SaxesTagPlain): void {
    const start = this.#nextTag();
    const parent = this.#frames.at(-1);
    const rule = this.#rule(name, start, parent);
    const named: Attributes = new Map(Object.entries(attributes));
    checkAttributes(name, rule, named, start);
    this.#text(start);
    const frame: Frame = {
      name,
      rule,
      attributes: named,
      start,
      contentStart: this.#position,
      directions: this.#directions(name, named, start, parent?.directions ?? this.#around),
    };
    this.#at = frame.contentStart;
    this.#frames.push(frame);
    this.#written = "";
    if (name === "p" || name === "s") this.#boundary(frame.start, frame.contentStart, name);
    else if (!isReplaced(frame) && rule.content !== "none")
      this.#builder.drop(start, frame.contentStart, "markup");
  }

  #rule(name: string, offset: number, parent: Frame | undefined): ElementRule {
    const rule = ELEMENTS.get(name);
    if (rule === undefined) {
      const accepted = [...ELEMENTS.keys()].join(", ");
      throw new ScriptError(
        offset,
        `<${shown(name)}> is not an element that is served here: there are ${accepted}`,
      );
    }
    if ((parent === undefined) !== (name === "speak")) {
      throw new ScriptError(offset, "SSML is one <speak> element with everything else inside it");
    }
    if (parent !== undefined && parent.rule.content !== "any") {
      throw new ScriptError(
        offset,
        `<${parent.name}> holds ${parent.rule.content === "text" ? "text alone" : "nothing"}, no <${name}>`,
      );
    }
    if (name === "p" || name === "s") {
      const outer = this.#frames.find((frame) => frame.name === "s" || frame.name === name);
      if (outer !== undefined) {
        throw new ScriptError(offset, `<${name}> cannot stand inside <${outer.name}>: close that one first`);
      }
    }
    if (this.#frames.length === MAX_DEPTH) {
      throw new ScriptError(offset, `elements are nested deeper than ${MAX_DEPTH}`);
    }
    return rule;
  }

  #directions(name: string, attributes: Attributes, offset: number, around: Directions): Directions {
    const tag = attributes.get("xml:lang");
    const outer = tag === undefined ? around : { ...around, language: languageTag(tag, offset) };
    switch (name) {
      case "prosody":
        return prosody(outer, attributes, offset);
      case "say-as":
        return { ...outer, sayAs: sayAs(attributes, offset) };
      case "voice": {
        const voice = checkedName(offset, "name of <voice>", attributes.get("name") ?? "", MAX_VOICE_LENGTH);
        return { ...outer, voice: this.#builder.voice(voice, offset) };
      }
      case "sub":
        return ONLY_WORDS.test(attributes.get("alias") ?? "") ? { ...outer, verbatim: true } : outer;
      default:
        return outer;
    }
  }

  #close({ name, isSelfClosing }: SaxesTagPlain): void {
    const end = this.#position;
    const { source } = this.#builder;
    const start = isSelfClosing ? end : source.lastIndexOf("</", end - 1);
    const frame = this.#frames.at(-1);
    // The parser closes what is open before it refuses an end tag of another name.
    const written = isSelfClosing ? name : source.slice(start + 2, end - 1).trimEnd();
    if (frame === undefined || written !== name) this.#refuse("unexpected close tag");
    this.#text(start);
    this.#frames.pop();
    this.#at = end;
    if (name === "p" || name === "s") this.#boundary(start, end, name);
    else if (name === "break") this.#break(frame, end);
    else if (name === "mark") this.#mark(frame, end);
    else if (isReplaced(frame)) this.#replace(frame, start, end);
    else if (end > start) this.#builder.drop(start, end, "markup");
  }

  #boundary(start: number, end: number, name: "p" | "s"): void {
    if (end > start) this.#builder.boundary(start, end, name === "p" ? "paragraph" : "sentence");
  }

  #break({ attributes, start }: Frame, end: number): void {
    const asked = breakOf(attributes, start);
    if (asked === null) this.#builder.drop(start, end, "direction", " ");
    else this.#builder.pause(start, end, asked.seconds, asked.boundary);
  }

  #mark({ attributes, start }: Frame, end: number): void {
    const name = checkedName(start, "name of <mark>", attributes.get("name") ?? "", MAX_MARK_LENGTH);
    this.#builder.direction(start, end, { kind: "mark", name });
  }

  /** A phoneme or a sub: something else is said in place of its words. Without words, in place of its tags. */
  #replace(frame: Frame, end: number, tagEnd: number): void {
    const { name, attributes, start, contentStart, directions } = frame;
    const written = this.#written.trim();
    const [from, to] = end > contentStart ? [contentStart, end] : [start, tagEnd];
    if (from > start) this.#builder.drop(start, from, "markup");
    this.#builder.direct(from, to, directions);
    if (name === "sub") {
      const alias = checkedName(start, "alias of <sub>", attributes.get("alias") ?? "", MAX_ALIAS_LENGTH);
      this.#builder.rewrite(from, to, alias);
    } else {
      this.#builder.object(from, to, { kind: "ipa", ipa: phonemeOf(attributes, start), written });
    }
    if (tagEnd > to) this.#builder.drop(to, tagEnd, "markup");
  }
}

const CDATA_START = "<![CDATA[";
const CDATA_END = "]]>";
/** Elements whose words give way to something else. */
const isReplaced = ({ name }: Frame): boolean => name === "phoneme" || name === "sub";

/**
 * Reads a range of the source as one SSML document.
 *
 * @param around directions of the range as a whole
 * @throws ScriptError for what is not well-formed, not served or out of bounds
 */
export function parseSsml(builder: ScriptBuilder, range: Range, around: Directions): void {
  new SsmlReader(builder, range, around).read();
}
