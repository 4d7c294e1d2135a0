import { beforeAll, describe, expect, it } from "vitest";
import type { Body } from "../helpers/caller.ts";
import { describePostgres } from "../helpers/database.ts";
import { useTestNode } from "../helpers/node.ts";
import { API_KEYS, ask } from "../helpers/voices.ts";

const PHONEMIZE = `query ($text: String!, $voiceId: ID, $language: String, $textFormat: TextFormat, $normalize: Normalize, $dictionaryIds: [ID!]) {
  phonemize(text: $text, voiceId: $voiceId, language: $language, textFormat: $textFormat, normalize: $normalize, dictionaryIds: $dictionaryIds) {
    __typename
    ... on Phonemization {
      languages { code }
      utterances {
        index text start end voiceReference language { code } normalizedText phonemes ipa pauseAfterSeconds
        normalization { text start end normalized }
        words { text start end phonemes ipa }
      }
      coverage { start end fate reason utterance }
      unknownPhonemes { name count }
      dropped { name count }
      dictionaries { id version }
    }
    ... on InvalidInputError { issues { path message } }
  }
}`;

const CREATE = `mutation ($input: CreateDictionaryInput!) {
  createDictionary(input: $input) { ... on Dictionary { id } ... on Error { message } } }`;

// A node that has no worker and no engine: what it shows, it finds out itself.
describePostgres("previews of phonemes on a node of role api", () => {
  const node = useTestNode("postgres", { API_KEYS, ROLE: "api" });
  const phonemize = async (text: string, more: object = {}): Promise<Body> =>
    (await ask(node.url, "red", PHONEMIZE, { text, ...more })).phonemize;
  const said = async (text: string, more: object = {}) => {
    const { utterances } = await phonemize(text, { voiceId: "af_heart", language: "en-US", ...more });
    return utterances.map(({ normalizedText }: Body) => normalizedText).join(" ");
  };
  const dictionary = async (entries: object[], tenant: "red" | "blue" = "red"): Promise<string> => {
    const made = await ask(node.url, tenant, CREATE, { input: { name: "Words", entries } });
    return made.createDictionary.id;
  };

  it("show sentences, words, sounds and what became of every character", async () => {
    const text = "It costs $5. 😀 Thank you!";
    const shown = await phonemize(text, { voiceId: "af_heart", language: "en-US" });
    expect(shown.languages).toEqual([{ code: "en-US" }]);
    const [first] = shown.utterances;
    expect(first).toMatchObject({ index: 0, start: 0, voiceReference: "af_heart" });
    expect(first.normalizedText).toContain("five dollars");
    expect(first.normalization).toContainEqual({ text: "$5", start: 9, end: 11, normalized: "five dollars" });
    const costs = first.words.find(({ text: word }: Body) => word === "costs");
    expect(costs).toMatchObject({ start: 3, end: 8 });
    expect(costs.phonemes).toMatch(/^k.*sts$/);
    expect(first.phonemes).toContain(costs.phonemes);
    expect(first.ipa).toContain("fˈaɪv");
    expect(shown.coverage[0].start).toBe(0);
    expect(shown.coverage.at(-1).end).toBe(text.length);
    for (const [index, { start }] of shown.coverage.entries()) {
      if (index > 0) expect(start).toBe(shown.coverage[index - 1].end);
    }
    expect(shown.coverage).toContainEqual({
      start: 13,
      end: 15,
      fate: "DROPPED",
      reason: "EMOJI",
      utterance: null,
    });
    expect(shown.dropped).toEqual([{ name: "emoji", count: 1 }]);
    expect(shown.unknownPhonemes).toEqual([]);
  });

  it("name emoji where they are to", async () => {
    const query = `{ phonemize(text: "I 😀", voiceId: "af_heart", emoji: SPEAK) { ... on Phonemization { utterances { normalizedText } } } }`;
    const { phonemize: shown } = await ask(node.url, "red", query);
    expect(shown.utterances[0].normalizedText).toContain("grinning face");
  });

  it("leave numbers alone where they are to", async () => {
    expect(await said("In 1999.", { normalize: "OFF" })).toContain("1999");
  });

  it("follow SSML, and tell its faults by the argument", async () => {
    const ssml = '<speak>Say <phoneme alphabet="ipa" ph="təˈmɑːtəʊ">tomato</phoneme>.</speak>';
    const { utterances } = await phonemize(ssml, { voiceId: "bf_emma", textFormat: "SSML" });
    expect(utterances[0].words.at(-1)).toMatchObject({ text: "tomato", ipa: "təˈmɑːtəʊ" });
    const refused = await phonemize("<speak>Open</b>", { textFormat: "SSML" });
    expect(refused.issues.map(({ path }: Body) => path)).toEqual([["text"]]);
  });

  describe("with dictionaries", () => {
    let words: string;
    beforeAll(async () => {
      words = await dictionary([
        { grapheme: "Nguyen", ipa: "ŋwɪən" },
        { grapheme: "W3C", alias: "World Wide Web Consortium" },
        { grapheme: "loop", alias: "pool" },
        { grapheme: "pool", alias: "loop" },
        { grapheme: "lift", alias: "elevator", language: "en-US" },
        { grapheme: "US", alias: "America", caseSensitive: true },
      ]);
    });

    it("say words as they have them", async () => {
      const shown = await phonemize("Nguyen left the W3C.", { language: "en-US", dictionaryIds: [words] });
      expect(shown.dictionaries).toEqual([{ id: words, version: 1 }]);
      const [utterance] = shown.utterances;
      const [name] = utterance.words;
      expect(name).toMatchObject({ text: "Nguyen", start: 0, end: 6, phonemes: "ŋwɪən" });
      expect(utterance.normalizedText).toContain("World Wide Web Consortium");
      const last = utterance.words.at(-1);
      expect(last).toMatchObject({ text: "W3C", start: 16, end: 19 });
    });

    it("know language, case, and no end of a circle", async () => {
      const dictionaryIds = [words];
      expect(await said("The lift.", { dictionaryIds })).toBe("The elevator.");
      expect(await said("The lift.", { dictionaryIds, language: "en-GB", voiceId: "bf_emma" })).toBe(
        "The lift.",
      );
      expect(await said("Help us, US.", { dictionaryIds })).toBe("Help us, America.");
      expect(await said("A loop in a pool.", { dictionaryIds })).toBe("A pool in a loop.");
    });

    it("let the first win, and leave what says itself how it is read", async () => {
      const other = await dictionary([{ grapheme: "W3C", alias: "the web people" }]);
      expect(await said("W3C", { dictionaryIds: [other, words] })).toBe("the web people");
      const own = await dictionary([{ grapheme: "dog", alias: "hound" }]);
      const ssml = '<speak>A dog, a <sub alias="dog">D</sub>.</speak>';
      expect(await said(ssml, { dictionaryIds: [own], textFormat: "SSML" })).toBe("A hound, a dog.");
    });

    it("are refused when they are another tenant's, or too many", async () => {
      const foreign = await dictionary([], "blue");
      const refused = await phonemize("Hi.", { dictionaryIds: [words, foreign] });
      expect(refused.issues.map(({ path }: Body) => path)).toEqual([["dictionaryIds", "1"]]);
      const many = await phonemize("Hi.", { dictionaryIds: Array.from({ length: 11 }, () => words) });
      expect(many.issues.map(({ path }: Body) => path)).toEqual([["dictionaryIds"]]);
    });
  });

  it.each([
    ["a language of espeak-ng alone", "espeak-cy", { voiceId: "espeak-cy" }, "Bore da.", "cy"],
    ["a language that Kokoro has learned", "ef_dora", { voiceId: "ef_dora" }, "¡Buenos días!", "es"],
    ["a language that is found out", null, {}, "Guten Morgen, wie geht es Ihnen heute?", "de"],
  ])("read %s", async (_name, reference, more, text, language) => {
    const { utterances, languages } = await phonemize(text, more);
    expect(languages.map(({ code }: Body) => code)).toEqual([language]);
    if (reference !== null) expect(utterances[0].voiceReference).toBe(reference);
    for (const { words } of utterances) for (const { ipa } of words) expect(ipa).not.toBe("");
  });

  it.each(["en_US-joe-medium", "is_IS-bui-medium"])("need the weights of a Piper voice: %s", async (id) => {
    const { voice } = await ask(node.url, "red", `{ voice(id: "${id}") { installed language { code } } }`);
    const shown = await phonemize("123", { voiceId: id });
    if (voice.installed) expect(shown.languages).toEqual([voice.language]);
    else expect(shown.issues).toMatchObject([{ path: ["voiceId"] }]);
  });

  it.each([
    ["nothing to speak", "…!", {}, "text"],
    ["too long", "word ".repeat(401), {}, "text"],
    ["no such voice", "Hi.", { voiceId: "nobody" }, "voiceId"],
    ["no such language", "Hi.", { language: "tlh-x" }, "language"],
  ])("are refused for %s", async (_name, text, more, field) => {
    const refused = await phonemize(text, more);
    expect(refused.__typename).toBe("InvalidInputError");
    expect(refused.issues[0].path[0]).toBe(field);
  });

  it("leave the node free to answer others meanwhile", async () => {
    const text = "The quick brown fox jumps over 13 lazy dogs on 3 May 1999. ".repeat(33);
    let done = false;
    const preview = ask(node.url, "red", `query ($text: String!) { phonemize(text: $text) { __typename } }`, {
      text,
    }).finally(() => {
      done = true;
    });
    let answered = 0;
    while (!done) {
      await ask(node.url, "red", "{ __typename }");
      answered += 1;
    }
    expect((await preview).phonemize.__typename).toBe("Phonemization");
    // Were the text planned on the loop, the first of them would be answered behind it.
    expect(answered).toBeGreaterThan(3);
  });
});
