import { beforeAll, describe, expect, test } from "vitest";
import { createDetector, type Detector } from "../../../src/synthesis/text/detection.ts";
import { tellLanguages } from "../../../src/synthesis/text/languages.ts";
import { MappedText } from "../../../src/synthesis/text/mapped-text.ts";
import { mayFind, openStretches, targetsOf } from "../../../src/synthesis/text/stretches.ts";
import type { VoiceTarget } from "../../../src/synthesis/text/target.ts";

let detector: Detector;
beforeAll(async () => {
  detector = await createDetector();
});

const KOKORO: VoiceTarget = { engine: "kokoro", language: "en-US" };
const accepts = (language: string) => mayFind(KOKORO, language);

describe("a sentence", () => {
  test.each([
    ["It was a bright cold day in April, and the clocks were striking.", "en-US"],
    ["Es war ein klarer, kalter Tag im April, und die Uhren schlugen.", "de"],
    ["C'était une journée d'avril froide et claire.", "fr"],
    ["Era un día luminoso y frío de abril y los relojes daban las trece.", "es"],
    ["Era una luminosa e fredda giornata d'aprile.", "it"],
    ["Era um dia frio e luminoso de abril, e os relógios davam treze horas.", "pt-BR"],
    ["Het was een heldere koude dag in april en de klokken sloegen dertien.", "nl"],
    ["Był jasny, zimny dzień kwietniowy i zegary biły trzynastą.", "pl"],
    ["Был холодный ясный апрельский день, и часы пробили тринадцать.", "ru"],
    ["Був ясний холодний квітневий день, і годинники били тринадцяту.", "uk"],
    ["Nisan ayının soğuk ve aydınlık bir günüydü, saatler on üçü vuruyordu.", "tr"],
    ["Det var en klar och kall dag i april, och klockorna slog tretton.", "sv"],
    ["Byl jasný, studený dubnový den a hodiny odbíjely třináctou.", "cs"],
    ["Oli kirkas ja kylmä huhtikuun päivä, ja kellot löivät kolmetoista.", "fi"],
    ["Derült, hideg áprilisi nap volt, az órák éppen tizenhármat ütöttek.", "hu"],
    ["Ήταν μια φωτεινή κρύα μέρα του Απρίλη.", "el"],
    ["अप्रैल का एक साफ़ और ठंडा दिन था और घड़ियाँ बज रही थीं।", "hi"],
    ["四月のある晴れた寒い日だった。", "ja"],
    ["四月间，天气寒冷晴朗，钟敲了十三下。", "zh"],
    ["Hari itu hari yang cerah dan dingin di bulan April.", "id"],
  ])("%j is %s", (text, language) => {
    expect(detector.detect(text, "en-US", accepts)).toEqual({ language, sure: true });
  });

  test("that tells nothing is in the language that was expected, and not surely", () => {
    for (const text of ["OK", "No.", "…", "12:30", "https://example.com/straße", "JSON API v2"]) {
      expect(detector.detect(text, "fr", accepts), text).toEqual({ language: "fr", sure: false });
    }
  });

  test("in a script of many languages is in the likeliest of them, however short", () => {
    expect(detector.detect("Привет, мир!", "en-US", accepts)).toEqual({ language: "ru", sure: true });
    expect(detector.detect("Сегодня 5 мая.", "en-US", accepts)).toEqual({ language: "ru", sure: true });
    expect(detector.detect("नमस्ते", "en-US", accepts)).toEqual({ language: "hi", sure: true });
    expect(detector.detect("Hello, world!", "ja", accepts)).toEqual({ language: "en-US", sure: true });
  });

  test("in Japanese or Chinese may be mostly Latin names", () => {
    expect(detector.detect("MACはMedia Access Controlの略です。", "ja", accepts).language).toBe("ja");
    expect(detector.detect("TCP即Transmission Control Protocol", "zh", accepts).language).toBe("zh");
  });

  test("of few words stays in the expected language, whatever its names look like", () => {
    const english = [
      "Hello Anna!",
      "Hi tomato.",
      "cats vs. dogs",
      "Insert card",
      "Los Angeles",
      "Super Bowl LVIII",
    ];
    for (const text of english) {
      expect(detector.detect(text, "en-US", accepts), text).toEqual({ language: "en-US", sure: false });
    }
    expect(detector.detect("Guten Morgen", "en-US", accepts)).toEqual({ language: "de", sure: true });
    expect(detector.detect("私は3月5日に行きます。", "en-US", accepts).language).toBe("ja");
  });

  test("in an accent of the expected language is in that accent", () => {
    const text = "It was a bright cold day in April.";
    expect(detector.detect(text, "en-GB", accepts).language).toBe("en-GB");
    expect(detector.detect("Era um dia frio e luminoso de abril.", "pt-PT", accepts).language).toBe("pt-PT");
  });

  test("in Chinese characters alone is Japanese among Japanese, when it is short", () => {
    expect(detector.detect("東京大学", "ja", accepts).language).toBe("ja");
    expect(detector.detect("东京大学是日本的一所著名国立大学", "ja", accepts).language).toBe("zh");
    expect(detector.detect("東京大学", "en-US", accepts).language).toBe("zh");
  });

  test("in a language that the voice does not speak stays in its own", () => {
    expect(detector.detect("สวัสดีชาวโลก", "en-US", accepts).language).toBe("en-US");
  });
});

/** Where the languages of a text change: what is in each. */
async function told(text: string, target: VoiceTarget = KOKORO): Promise<[string, string][]> {
  const targets = targetsOf({ voices: [target] });
  const open = openStretches(MappedText.of(text), { spans: [] }, targets, undefined);
  const stretches = await tellLanguages(text, open, targets, async () => detector);
  return stretches.map(({ language, start, end }) => [language, text.slice(start, end).trim()]);
}

describe("a text", () => {
  test("of one language is one stretch, white space and all", async () => {
    const text = "  This is the first line of it.\n\nOK.\n\nThis is the second line of it.  ";
    const stretches = await told(text);
    expect(stretches).toEqual([["en-US", text.trim()]]);
  });

  test("changes its language from sentence to sentence; what is short leans on what is around it", async () => {
    expect(
      await told("Ich habe es ihm gesagt. Nein. Er wollte es nicht hören. Then he said it in English, too."),
    ).toEqual([
      ["de", "Ich habe es ihm gesagt. Nein. Er wollte es nicht hören."],
      ["en-US", "Then he said it in English, too."],
    ]);
  });

  test("has short sentences in another of its languages where they look like it", async () => {
    expect(await told("Ich habe es ihm gesagt. It is so. Er wollte es nicht hören.", KOKORO)).toEqual([
      ["de", "Ich habe es ihm gesagt."],
      ["en-US", "It is so."],
      ["de", "Er wollte es nicht hören."],
    ]);
  });

  test("of one word is in the language of its voice; a heading of one word is in that of its text", async () => {
    expect(await told("Bonjour!")).toEqual([["en-US", "Bonjour!"]]);
    const text = "Upgrades\n\nMetrics\n\nThey are told in the notes of each release.";
    expect(await told(text)).toEqual([["en-US", text]]);
  });

  test("has quotations in their own language", async () => {
    expect(await told("She said “je ne sais pas quoi faire” and left the room.")).toEqual([
      ["en-US", "She said “"],
      ["fr", "je ne sais pas quoi faire"],
      ["en-US", "” and left the room."],
    ]);
    expect(await told("She said “I do not know” and left the room.")).toHaveLength(1);
  });

  test("is in its own language for a voice of one language", async () => {
    const target: VoiceTarget = { engine: "espeak", language: "de", espeakVoice: "de" };
    expect(await told("This is an English sentence. C'est une phrase française.", target)).toEqual([
      ["de", "This is an English sentence. C'est une phrase française."],
    ]);
  });
});
