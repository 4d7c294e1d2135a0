import { describe, expect, test } from "vitest";
import { parseScript } from "../../../../src/synthesis/text/script/parse.ts";
import type { Directions, ScriptObject } from "../../../../src/synthesis/text/script.ts";

const ssml = (body: string) => {
  const source = `<speak>${body}</speak>`;
  const script = parseScript({ text: source, format: "auto" });
  return {
    source,
    script,
    text: script.text.text,
    objects: script.objects,
    spans: script.spans.map(({ start, end, directions }) => [source.slice(start, end), directions]),
  };
};
const OBJECT = "\ufffc";
const boundary = (kind: "sentence" | "paragraph"): ScriptObject => ({
  kind: "pause",
  seconds: null,
  boundary: kind,
});
/** Refused at an offset of the body, with a message. */
const refusal = (offset: number, message: RegExp) =>
  expect.objectContaining({
    ...{ name: "ScriptError", code: "INVALID_INPUT", offset: offset + "<speak>".length },
    message: expect.stringMatching(message),
  });

describe("a document", () => {
  test("may have a declaration, a byte order mark, comments and namespaces", () => {
    const source =
      '\ufeff<?xml version="1.0" encoding="UTF-8"?>\r\n<!-- made by hand --><speak version="1.1" xml:lang="en-us"\n' +
      ' xmlns="http://www.w3.org/2001/10/synthesis" xmlns:xsi="x" xsi:schemaLocation="a b">Hi <!-- you -->there</speak>\n';
    const { text, spans, dropped } = parseScript({ text: source, format: "auto" });
    expect(text.text.trim().replace(/\s+/g, " ")).toBe("Hi there");
    expect(spans.map(({ directions }) => directions)).toEqual([{ language: "en-US" }]);
    expect(dropped.map(({ reason }) => reason)).toEqual(["markup", "comment", "markup", "comment", "markup"]);
  });

  test("is what text becomes that begins with <speak, unless it is called plain", () => {
    const text = " <speak>a</speak>";
    expect(parseScript({ text, format: "ssml" }).text.text.trim()).toBe("a");
    expect(parseScript({ text: "<speaker>a</speaker>", format: "auto" }).text.text).toBe("a");
    expect(parseScript({ text: "<speak>[pause:1s]</speak>", format: "plain" }).objects).toHaveLength(1);
    expect(() => parseScript({ text: "Hello", format: "ssml" })).toThrow(/begins with <speak>.*offset 0/);
  });

  test("has white space and references for characters, each at its place", () => {
    const { script, text, source } = ssml("Tom &amp;\n\tJerry &#x41;&#233;&lt;&gt;&quot;&apos;");
    expect(text).toBe("Tom &  Jerry Aé<>\"'");
    expect(script.text.sourceRange(4, 5)).toEqual({ start: 11, end: 16 });
    expect(source.slice(script.text.sourceOffset(text.indexOf("J")))).toMatch(/^Jerry/);
  });

  test("has paragraphs where blank lines are, but not inside those that are marked", () => {
    expect(ssml("One.\n \nTwo.\nThree.").text).toBe("One.\n\nTwo. Three.");
    expect(ssml("<p>One.\n\nTwo.</p>").text).toBe(` One.  Two.${OBJECT}`);
  });

  test("has sections that stand as they are", () => {
    const { text, script, source } = ssml("a <![CDATA[<b> & [c]]]> d");
    expect(text).toBe("a <b> & [c] d");
    expect(script.dropped.map(({ start, end }) => source.slice(start, end))).toEqual([
      ...["<speak>", "<![CDATA[", "]]>", "</speak>"],
    ]);
  });

  test("accounts for every character of it once", () => {
    const { script, source } = ssml(
      '<p>One <sub alias="two">2</sub><mark name="m"/>.</p><voice name="x"><s>A &amp; b</s></voice>[pause:1s]' +
        '<phoneme ph="a">c</phoneme><!-- d --><![CDATA[e]]>',
    );
    const times = new Uint8Array(source.length);
    for (const { start, end } of script.dropped)
      for (let at = start; at < end; at += 1) times[at] = (times[at] ?? 0) + 1;
    const covered = new Set<number>();
    for (let at = 0; at < script.text.text.length; at += 1) {
      const { start, end } = script.text.sourceRange(at, at + 1);
      for (let place = start; place < end; place += 1) covered.add(place);
    }
    for (let at = 0; at < source.length; at += 1) {
      expect(times[at], `dropped twice: ${source.slice(at, at + 9)}`).toBeLessThanOrEqual(1);
      expect((times[at] ?? 0) > 0 || covered.has(at), `lost: ${source.slice(at, at + 9)}`).toBe(true);
    }
  });
});

describe("elements", () => {
  test("p and s end what is before and inside them, once", () => {
    const { text, objects } = ssml("Zero <p><s>One</s> <s>Two</s></p>\n<p>Three</p><s>Four</s>");
    expect(text.replace(/\s+/g, " ")).toBe(
      `Zero ${OBJECT} One${OBJECT} Two${OBJECT} Three${OBJECT} Four${OBJECT}`,
    );
    expect(objects).toEqual([
      ...(["paragraph", "sentence", "paragraph", "paragraph", "sentence"] as const).map(boundary),
    ]);
  });

  test.each<[string, ScriptObject | null]>([
    ['<break time="500ms"/>', { kind: "pause", seconds: 0.5, boundary: "none" }],
    ['<break time="2s"></break>', { kind: "pause", seconds: 2, boundary: "none" }],
    ["<break/>", { kind: "pause", seconds: 0.3, boundary: "none" }],
    ['<break strength="weak"/>', { kind: "pause", seconds: 0.15, boundary: "none" }],
    ['<break strength="strong"/>', { kind: "pause", seconds: 0.5, boundary: "sentence" }],
    ['<break strength="x-strong" time="3s"/>', { kind: "pause", seconds: 3, boundary: "paragraph" }],
    ['<break strength="none"/>', null],
    ['<break time="0s"/>', null],
  ])("%s", (tag, object) => {
    expect(ssml(`a ${tag} b`).objects).toEqual(object === null ? [] : [object]);
  });

  test.each<[string, Directions]>([
    ['rate="80%"', { rate: 0.8 }],
    ['rate="+10%"', { rate: 1.1 }],
    ['rate="-25%"', { rate: 0.75 }],
    ['rate="1.5"', { rate: 1.5 }],
    ['rate="x-slow"', { rate: 0.5 }],
    ['rate="x-fast" pitch="high"', { rate: 2, pitchSemitones: 3 }],
    ['pitch="+2st"', { pitchSemitones: 2 }],
    ['pitch="-4.5ST"', { pitchSemitones: -4.5 }],
    ['pitch="+100%"', { pitchSemitones: 12 }],
    ['pitch="x-low"', { pitchSemitones: -6 }],
    ['volume="-6dB"', { gainDb: -6 }],
    ['volume="loud"', { gainDb: 6 }],
    ['volume="silent"', { gainDb: -96 }],
    ['volume="0"', { gainDb: -96 }],
    ['volume="50"', { gainDb: 20 * Math.log10(0.5) }],
    ['volume="-50%"', { gainDb: 20 * Math.log10(0.5) }],
  ])("prosody %s", (attributes, directions) => {
    const { spans } = ssml(`a <prosody ${attributes}>b</prosody> c`);
    const near = Object.entries(directions).map(([name, value]) => [
      name,
      expect.closeTo(value as number, 9),
    ]);
    expect(spans).toEqual([["b", Object.fromEntries(near)]]);
  });

  test("prosody inside prosody changes what is around it; a label starts anew", () => {
    const { spans } = ssml(
      '<prosody rate="80%" pitch="+2st" volume="-3dB">a<prosody rate="150%" pitch="+1st" volume="-3dB">b</prosody>' +
        '<prosody rate="default">c</prosody></prosody>',
    );
    const [a, b, c] = spans.map(([, directions]) => directions as Directions);
    expect(a).toEqual({ rate: 0.8, pitchSemitones: 2, gainDb: -3 });
    expect(b).toEqual({ rate: expect.closeTo(1.2), pitchSemitones: 3, gainDb: -6 });
    expect(c).toEqual({ rate: 1, pitchSemitones: 2, gainDb: -3 });
  });

  test("voice, lang and xml:lang hold inside them and are numbered by their first use", () => {
    const { spans, script } = ssml(
      'a<voice name="bm_george">b<lang xml:lang="fr-ca">c</lang></voice><voice name=" af_heart(2)+af_sky(1) ">d</voice>' +
        '<p xml:lang="de">e<voice name="bm_george">f</voice></p>',
    );
    expect(spans).toEqual([
      ["b", { voice: 1 }],
      ["c", { voice: 1, language: "fr-CA" }],
      ["d", { voice: 2 }],
      ["e", { language: "de" }],
      ["f", { voice: 1, language: "de" }],
    ]);
    expect(script.voices).toEqual(["bm_george", "af_heart(2)+af_sky(1)"]);
  });

  test.each([
    ['interpret-as="characters"', { as: "characters" }],
    ['interpret-as="spell-out"', { as: "characters" }],
    ['interpret-as="number"', { as: "cardinal" }],
    ['interpret-as="Telephone"', { as: "telephone" }],
    ['interpret-as="date"', { as: "date" }],
    ['interpret-as="date" format="dmy"', { as: "date", format: "dmy" }],
    ['interpret-as="date" format="yyyymmdd"', { as: "date", format: "ymd" }],
    ['interpret-as="date" format="dd"', { as: "date", format: "d" }],
    ['interpret-as="time" format="hms12"', { as: "time", format: "hms12" }],
  ])("say-as %s", (attributes, sayAs) => {
    expect(ssml(`<say-as ${attributes}>12</say-as>`).spans).toEqual([["12", { sayAs }]]);
  });

  test("sub speaks its alias at the place of its words; one of words alone stands as it is", () => {
    const { text, spans, script, source } = ssml(
      '<sub alias="World Wide Web">WWW</sub> <sub alias="100 m">C</sub> <sub alias="x"/>',
    );
    expect(text).toBe("World Wide Web 100 m x");
    expect(spans).toEqual([
      ["WWW", { verbatim: true }],
      ['<sub alias="x"/>', { verbatim: true }],
    ]);
    const { start, end } = script.text.sourceRange(6, 10);
    expect(source.slice(start, end)).toBe("WWW");
  });

  test("phoneme is its transcription at the place of its words", () => {
    const { text, objects, script, source } = ssml(
      '<phoneme alphabet="ipa" ph="təˈmɑːtəʊ">to&#109;ato</phoneme>',
    );
    expect(text).toBe(OBJECT);
    expect(objects).toEqual([{ kind: "ipa", ipa: "təˈmɑːtəʊ", written: "tomato" }]);
    const { start, end } = script.text.sourceRange(0, 1);
    expect(source.slice(start, end)).toBe("to&#109;ato");
  });

  test("mark is named", () => {
    expect(ssml('a <mark name="here"/> b').objects).toEqual([{ kind: "mark", name: "here" }]);
  });
});

describe("what is refused, where, and what is accepted instead", () => {
  test.each([
    ["Tom & Jerry", 4, /plain "&" is written as "&amp;"/],
    ['a<break time="1&2s"/>', 15, /plain "&"/],
    ["a < b", 2, /plain one/],
    ["a &nbsp; b", 2, /&amp; &lt; &gt; &quot; &apos;.*write the character itself/],
    ["&toString;", 0, /entities/],
    ["a&#0;", 1, /names no character/],
    ["a&#x110000;", 1, /names no character/],
    ["<emphasis>a</emphasis>", 0, /<emphasis> is not an element that is served.*speak, p, s, break/],
    ["<prosody>a</prosody>", 0, /<prosody> needs one of rate, pitch, volume/],
    ['<prosody contour="x">a</prosody>', 0, /no attribute "contour".*accepts rate, pitch, volume/],
    ['<prosody rate="300%">a</prosody>', 0, /rate of <prosody> accepts 50% to 200%/],
    ['<prosody rate="60%"><prosody rate="60%">a</prosody></prosody>', 20, /rate of <prosody>/],
    ['<prosody rate="quick">a</prosody>', 0, /x-slow, slow, medium/],
    ['<prosody pitch="+13st">a</prosody>', 0, /-12st to \+12st/],
    ['<prosody pitch="200Hz">a</prosody>', 0, /pitch of <prosody> accepts/],
    ['<prosody pitch="-100%">a</prosody>', 0, /pitch of <prosody> accepts/],
    ['<prosody volume="+20dB">a</prosody>', 0, /volume of <prosody> accepts/],
    ['<prosody volume="loudest">a</prosody>', 0, /x-soft, soft/],
    ['<break time="5"/>', 0, /"500ms" or "1.2s"/],
    ['<break time="31s"/>', 0, /longer than 30 s/],
    ['<break strength="huge"/>', 0, /none, x-weak, weak, medium, strong, x-strong/],
    ["<break>a</break>", 7, /holds no text: write <break\/>/],
    ["<break><![CDATA[a]]></break>", 7, /holds no text/],
    ['<mark name=""/>', 0, /name of <mark> accepts 1 to 64/],
    ['<say-as interpret-as="money">1</say-as>', 0, /characters, spell-out/],
    ['<say-as interpret-as="time" format="hms">1</say-as>', 0, /hms12 and hms24/],
    ['<say-as interpret-as="digits"><s>1</s></say-as>', 30, /<say-as> holds text alone, no <s>/],
    ['<phoneme ph="təˈmeɪtəU">a</phoneme>', 0, /ph of <phoneme> holds "U", which no model can say/],
    ['<phoneme alphabet="x-sampa" ph="a">a</phoneme>', 0, /alphabet of <phoneme> accepts "ipa"/],
    ['<phoneme ph=" ">a</phoneme>', 0, /ph of <phoneme> accepts 1 to 200/],
    ['<sub alias="">a</sub>', 0, /alias of <sub> accepts 1 to 1000/],
    ["<sub>a</sub>", 0, /<sub> needs alias/],
    ["<voice>a</voice>", 0, /<voice> needs name/],
    ['<voice name="a" gender="female">a</voice>', 0, /no attribute "gender"/],
    ['<lang xml:lang="klingon language">a</lang>', 0, /BCP-47/],
    ["<lang>a</lang>", 0, /<lang> needs xml:lang/],
    ["<p><p>a</p></p>", 3, /<p> cannot stand inside <p>/],
    ["<s><p>a</p></s>", 3, /<p> cannot stand inside <s>/],
    ["<speak>a</speak>", 0, /one <speak> element/],
    ["<p>a", 4, /does not close <p>.*offset 7/],
    ["a</p>", 1, /does not close <speak>/],
    ["<p>a</s></p>", 4, /does not close <p>/],
    ['<break time="1s" time="2s"/>', 0, /twice/],
    ["<break time=1s/>", 0, /stands in quotes/],
    ["<break time/>", 0, /value in quotes/],
    ["a]]>b", 3, /]]&gt;/],
    ["a\u0001b", 1, /XML does not allow/],
  ])("%s", (body, offset, message) => {
    expect(() => ssml(body)).toThrow(refusal(offset, message));
  });

  test.each([
    ["<speak>a", 0, /<speak> is never closed: add <\/speak>/],
    ["<speak>a</speak> and more", 17, /everything inside it/],
    ["<speak>a</speak><speak>b</speak>", 16, /everything inside it/],
    ["<speak>a</speak", 0, /never closed/],
    ["<speak", 0, /ends inside a tag/],
    ["<speak>a<!-- b</speak>", 0, /never closed/],
    ['<?xml version="1.0"?><!DOCTYPE speak SYSTEM "x.dtd"><speak>a</speak>', 21, /DOCTYPE out/],
    ['<!DOCTYPE a [<!ENTITY b "c">]><speak>&b;</speak>', 0, /DOCTYPE out/],
  ])("%s", (text, offset, message) => {
    expect(() => parseScript({ text, format: "auto" })).toThrow(
      expect.objectContaining({ offset, message: expect.stringMatching(message) }),
    );
  });
});
