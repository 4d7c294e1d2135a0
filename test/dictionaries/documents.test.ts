import { describe, expect, test } from "vitest";
import { type BuiltDictionary, buildDictionary } from "../../src/dictionaries/build.ts";
import { writeCsv } from "../../src/dictionaries/csv.ts";
import { writePls } from "../../src/dictionaries/pls.ts";
import { type PronunciationEntry, unpackPronunciations } from "../../src/synthesis/text/pronunciation.ts";
import { entriesOf, faultsOf, NOTHING, take } from "./building.ts";

const shown = (built: ReturnType<typeof buildDictionary>) =>
  Object.fromEntries(entriesOf(built).map(({ grapheme, alias, ipa }) => [grapheme, alias ?? ipa]));

const lexicon = (content: string, attributes = 'alphabet="ipa" xml:lang="en-US"') =>
  `<?xml version="1.0" encoding="UTF-8"?>
<lexicon version="1.0"
    xmlns="http://www.w3.org/2005/01/pronunciation-lexicon"
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
    xsi:schemaLocation="http://www.w3.org/2005/01/pronunciation-lexicon
      http://www.w3.org/TR/2007/CR-pronunciation-lexicon-20071212/pls.xsd"
    ${attributes}>
${content}
</lexicon>
`;

describe("lexicons", () => {
  test("of the kinds that the specification describes: spellings, metadata, examples, several sounds", () => {
    const built = take(
      lexicon(`
  <meta name="Creator" content="somebody"/>
  <metadata>
    <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""/></rdf:RDF>
  </metadata>
  <!-- one sound, two spellings -->
  <lexeme xml:id="colour">
    <grapheme>colour</grapheme>
    <grapheme>color</grapheme>
    <phoneme>ˈkʌl.ə</phoneme>
    <example>What colour is it?</example>
  </lexeme>
  <lexeme>
    <grapheme>either</grapheme>
    <phoneme>ˈiːðə</phoneme>
    <phoneme prefer="true">&#x2C8;a&#x26A;ðə</phoneme>
  </lexeme>
  <lexeme>
    <grapheme>Nguyễn &amp; Sons</grapheme>
    <phoneme alphabet="x-sampa">NwIn</phoneme>
    <phoneme>ŋwiən sʌnz</phoneme>
  </lexeme>
  <lexeme>
    <grapheme>PLS</grapheme>
    <alias><![CDATA[Pronunciation Lexicon <Specification>]]></alias>
  </lexeme>`),
    );
    expect(shown(built)).toEqual({
      colour: "ˈkʌl.ə",
      color: "ˈkʌl.ə",
      either: "ˈaɪðə",
      "Nguyễn & Sons": "ŋwiən sʌnz",
      PLS: "Pronunciation Lexicon <Specification>",
    });
    expect(new Set(entriesOf(built).map(({ language }) => language))).toEqual(new Set(["en-US"]));
  });

  test("phrases in another script and language, in UTF-16 and in a prefix of their own", () => {
    const text = `<?xml version="1.0" encoding="UTF-16"?>
<pls:lexicon version="1.0" xmlns:pls="http://www.w3.org/2005/01/pronunciation-lexicon" alphabet="ipa" xml:lang="ja">
  <pls:lexeme><pls:grapheme>日本</pls:grapheme><pls:phoneme>ɲihoɴ</pls:phoneme></pls:lexeme>
</pls:lexicon>`;
    const bytes = Buffer.from(`\uFEFF${text}`, "utf16le");
    expect(entriesOf(take(bytes))).toEqual([
      { grapheme: "日本", ipa: "ɲihoɴ", language: "ja", caseSensitive: false },
    ]);
    const latin = lexicon(
      "<lexeme><grapheme>Müller</grapheme><alias>Miller</alias></lexeme>",
      'alphabet="ipa" xml:lang="de"',
    ).replace("UTF-8", "ISO-8859-1");
    expect(shown(take(Buffer.from(latin, "latin1")))).toEqual({ Müller: "Miller" });
  });

  test("a reading with a role gives way to the general one, a double to the first", () => {
    const built = take(
      lexicon(`
  <lexeme role="claws:VV0"><grapheme>read</grapheme><phoneme>riːd</phoneme></lexeme>
  <lexeme><grapheme>read</grapheme><phoneme>ɹɛd</phoneme></lexeme>
  <lexeme><grapheme>Read</grapheme><phoneme>ɹiːd</phoneme></lexeme>
  <lexeme role="claws:NN1"><grapheme>refuse</grapheme><phoneme>ˈɹɛfjuːs</phoneme></lexeme>
  <lexeme role="claws:VV0"><grapheme>refuse</grapheme><phoneme>ɹɪˈfjuːz</phoneme></lexeme>`),
    );
    expect(shown(built)).toEqual({ read: "ɹɛd", refuse: "ˈɹɛfjuːs" });
    expect((built as BuiltDictionary).report).toEqual({ added: 2, changed: 0, removed: 0, doubles: 3 });
  });

  test.each([
    [
      "something else",
      "<html><body/></html>",
      "line 1: is no lexicon: it must begin with the element `lexicon`",
    ],
    ["not closed", lexicon("<lexeme><grapheme>x</grapheme><alias>y</alias>"), "is not well-formed XML"],
    ["two roots", `${lexicon("")}<lexicon/>`, "is not well-formed XML"],
    ["an entity of its own", lexicon("<lexeme>&lol;</lexeme>"), "is not well-formed XML"],
    [
      "an entity bomb",
      `<!DOCTYPE lexicon [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>${lexicon("<lexeme>&b;</lexeme>").slice(38)}`,
      "has a document type: remove it",
    ],
    ["no grapheme", lexicon("<lexeme><alias>x</alias></lexeme>"), "has a lexeme without a `grapheme`"],
    ["no sound", lexicon("<lexeme><grapheme>x</grapheme></lexeme>"), "without a `phoneme` or an `alias`"],
    [
      "a foreign alphabet",
      lexicon("<lexeme><grapheme>x</grapheme><phoneme>X</phoneme></lexeme>", 'alphabet="x-sampa"'),
      "line 8: has a lexeme whose phonemes are all in another alphabet than `ipa`",
    ],
    [
      "out of place",
      lexicon("<grapheme>x</grapheme>"),
      "`grapheme` in `lexicon`, which accepts `meta`, `metadata`, `lexeme`",
    ],
    ["unknown", lexicon("<lexeme><word>x</word></lexeme>"), "`word` in `lexeme`, which accepts `grapheme`"],
    ["nested deep", lexicon(`<metadata>${"<m>".repeat(40)}`), "is nested more than 32 elements deep"],
    ["of a later version", lexicon("").replace('version="1.0"\n', 'version="2.0"\n'), "version 1.0 is"],
    ["empty", lexicon(""), "holds no entries"],
    ["no text", "", "must name its columns"],
    [
      "an encoding nobody knows",
      '<?xml version="1.0" encoding="utf-99"?><lexicon/>',
      "names an encoding that is not known: save it as UTF-8",
    ],
    [
      "no model's sound",
      lexicon("<lexeme><grapheme>x</grapheme><phoneme>ab😀</phoneme></lexeme>"),
      'line 8: the ipa holds the symbol "😀" (U+1F600), which no model can say',
    ],
    [
      "a language that is none",
      lexicon("<lexeme><grapheme>x</grapheme><alias>y</alias></lexeme>", 'xml:lang="xx"'),
      "the language accepts a BCP-47 tag",
    ],
  ])("%s", (_name, text, message) => {
    expect(faultsOf(take(text))[0]).toContain(message);
  });

  test("bytes that are no text", () => {
    expect(faultsOf(take(Buffer.from([0x3c, 0xff, 0xfe, 0x00])))[0]).toContain("save it as UTF-8");
  });
});

describe("tables", () => {
  test.each([
    ["commas", "grapheme,alias,ipa,language,case_sensitive\nSQL,sequel,,en,true\nnaïve,,naɪˈiːv,,\n"],
    [
      "semicolons, other order, CR LF",
      "case_sensitive;Grapheme;IPA;alias;language\r\ntrue;SQL;;sequel;en\r\n;naïve;naɪˈiːv;;\r\n",
    ],
    [
      "tabs, a byte order mark, empty lines",
      "\uFEFFgrapheme\talias\tipa\tlanguage\tcase_sensitive\n\nSQL\tsequel\t\ten\tyes\n\nnaïve\t\tnaɪˈiːv\n",
    ],
  ])("%s", (_name, text) => {
    expect(entriesOf(take(text))).toEqual([
      { grapheme: "naïve", ipa: "naɪˈiːv", language: null, caseSensitive: false },
      { grapheme: "SQL", alias: "sequel", language: "en", caseSensitive: true },
    ]);
  });

  test("what a table does not say, the import says", () => {
    const built = take('grapheme,alias\n"Smith, Inc.","Smith ""incorporated"""\n', {
      language: "en-GB",
      caseSensitive: true,
    });
    expect(entriesOf(built)).toEqual([
      { grapheme: "Smith, Inc.", alias: 'Smith "incorporated"', language: "en-GB", caseSensitive: true },
    ]);
  });

  test.each([
    ["no head", "SQL,sequel\n", "line 1: must name its columns in its first line"],
    ["a column nobody knows", "grapheme,alias,colour\n", "line 1: must name its columns"],
    ["a column twice", "grapheme,alias,alias\n", "line 1: must name its columns"],
    ["too many cells", "grapheme,alias\na,b\nc,d,e\n", "line 3: has 3 cells where 2 columns are named"],
    ["an open quote", 'grapheme,alias\na,"b\n', "has a quotation mark that is never closed"],
    [
      "an open quote in a long file",
      `grapheme,alias\na,"${"b\n".repeat(10_000)}`,
      "a quotation mark may not be closed",
    ],
    ["a stray quote", 'grapheme,alias\na,b"c"\n', "line 2: has a quotation mark inside a cell"],
    [
      "a case rule that is none",
      "grapheme,alias,case_sensitive\na,b,maybe\n",
      "line 2: has a `case_sensitive`",
    ],
    ["no sound", "grapheme,alias\na,\n", "line 2: the alias needs an `alias` or an `ipa`, and not both"],
    ["both", "grapheme,alias,ipa\na,b,b\n", "line 2: the alias needs an `alias` or an `ipa`, and not both"],
    ["no word", "grapheme,alias\n ,b\n", "line 2: the grapheme accepts 1 to 200 characters"],
    [
      "a long word",
      `grapheme,alias\n${"x".repeat(201)},b\n`,
      "line 2: the grapheme accepts 1 to 200 characters",
    ],
    ["letters of a model", "grapheme,ipa\na,bAd\n", 'the ipa holds the symbol "A" (U+0041)'],
    ["a mark alone", "grapheme,ipa\na,ˈː\n", "line 2: the ipa holds no sound"],
    ["lines after one of several", 'grapheme,alias\n"a\nb",c\nd,\n', "line 4: the alias needs"],
  ])("%s", (_name, text, message) => {
    expect(faultsOf(take(text, { format: "CSV" }))[0]).toContain(message);
  });
});

describe("cost", () => {
  const words = (count: number) => Array.from({ length: count }, (_, index) => `w${index}`);
  const WORST: Record<string, (count: number) => string> = {
    "a lexicon": (count) =>
      lexicon(
        words(count)
          .map((word) => `<lexeme><grapheme>${word}</grapheme><alias>x</alias></lexeme>`)
          .join(""),
      ),
    "one lexeme": (count) =>
      lexicon(
        `<lexeme>${words(count)
          .map((word) => `<grapheme>${word}</grapheme>`)
          .join("")}<alias>x</alias></lexeme>`,
      ),
    "tags that never close": (count) => lexicon("<lexeme ".repeat(count)),
    "references and brackets": (count) => lexicon(`<meta>${"&amp;]]>&lt;".repeat(count)}</meta>`),
    "a comment of dashes": (count) => lexicon(`<!--${" -".repeat(8 * count)}-->`),
    "an attribute without end": (count) => lexicon(`<meta name="${"x ".repeat(8 * count)}`),
    "a table": (count) =>
      `grapheme,ipa\n${words(count)
        .map((word) => `${word},wɜːd`)
        .join("\n")}\n`,
    "quotes in a table": (count) => `grapheme,alias\n${'"a""b",""""\n'.repeat(count)}`,
    "sounds of marks alone": (count) => `grapheme,ipa\n${"x,ˈːˈː()//[[..\n".repeat(Math.min(count, 40))}`,
  };
  test.each(Object.keys(WORST))("of %s grows with its length, not with its square", (name) => {
    const cost = (count: number) => {
      const text = WORST[name]?.(count) ?? "";
      const begun = performance.now();
      take(text);
      return performance.now() - begun;
    };
    cost(2_000);
    const small = Math.min(cost(2_000), cost(2_000), cost(2_000));
    const large = Math.min(cost(16_000), cost(16_000), cost(16_000));
    // Eight times the text; its square would be 64 times the time.
    expect(large).toBeLessThan(small * 32 + 50);
  });
});

describe("round trips", () => {
  const entries: PronunciationEntry[] = [
    { grapheme: '<b> & "co"', alias: "b & 'co', ltd; a\tb", language: "en", caseSensitive: false },
    { grapheme: "Łódź", ipa: "wut͡ɕ", language: "pl", caseSensitive: true },
    { grapheme: "=1+1", alias: "two", language: null, caseSensitive: false },
    { grapheme: "東京", alias: "とうきょう", language: "ja", caseSensitive: false },
    { grapheme: "zebra", ipa: "ˈzɛ.brə", language: "en", caseSensitive: false },
  ];
  const built = buildDictionary([], { ...NOTHING, set: entries }) as BuiltDictionary;
  const present = unpackPronunciations(built.data.packed);

  test.each([
    ["PLS", writePls(present)],
    ["CSV", writeCsv(present)],
  ])("%s", (_format, text) => {
    const again = take(text) as BuiltDictionary;
    expect(entriesOf(again)).toEqual(present);
    expect(again.data.digest).toBe(built.data.digest);
    expect(built.languages).toEqual(["en", "ja", "pl"]);
  });
});
