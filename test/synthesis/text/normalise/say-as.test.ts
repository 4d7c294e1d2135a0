import { describe, expect, test } from "vitest";
import { sayAs } from "../../../../src/synthesis/text/normalise/say-as.ts";
import type { SayAs } from "../../../../src/synthesis/text/script.ts";

describe("say-as", () => {
  test.each<[string, string, SayAs, string]>([
    ["en-US", "B2b-4", { as: "characters" }, "B two B dash four"],
    ["de", "äB1", { as: "characters" }, "Ä B eins"],
    ["en-US", "1024", { as: "digits" }, "one zero two four"],
    ["es", "10-24", { as: "digits" }, "uno cero dos cuatro"],
    ["en-US", "1,024", { as: "cardinal" }, "one thousand twenty four"],
    ["en-US", "-7.5", { as: "cardinal" }, "minus seven point five"],
    ["fr", "71", { as: "cardinal" }, "soixante et onze"],
    ["en-US", "XIV", { as: "cardinal" }, "fourteen"],
    ["en-US", "22", { as: "ordinal" }, "twenty second"],
    ["ru", "3", { as: "ordinal" }, "третий"],
    ["en-US", "3/4", { as: "fraction" }, "three quarters"],
    ["en-US", "2 5/9", { as: "fraction" }, "two and five over nine"],
    ["en-US", "10 ft", { as: "unit" }, "ten feet"],
    ["pl", "5km", { as: "unit" }, "pięć kilometrów"],
    ["en-US", "$42.01", { as: "currency" }, "forty two dollars and one cent"],
    ["de", "9,99 EUR", { as: "currency" }, "neun Euro neunundneunzig Cent"],
    ["en-US", "2025551212", { as: "telephone" }, "two zero two five five five one two one two"],
    ["fr", "01 42 68", { as: "telephone" }, "zéro un, quarante-deux, soixante-huit"],
    ["en-US", "3/4/2024", { as: "date", format: "mdy" }, "March fourth, twenty twenty four"],
    ["en-US", "3/4/2024", { as: "date", format: "dmy" }, "April third, twenty twenty four"],
    ["en-US", "20240304", { as: "date", format: "ymd" }, "March fourth, twenty twenty four"],
    ["en-GB", "12/25", { as: "date", format: "md" }, "the twenty fifth of December"],
    ["en-US", "1905", { as: "date", format: "y" }, "nineteen oh five"],
    ["de", "3.4.24", { as: "date", format: "dmy" }, "dritter April zweitausendvierundzwanzig"],
    ["en-US", "2:30pm", { as: "time", format: "hms12" }, "two thirty PM"],
    ["es", "14:05", { as: "time" }, "catorce cinco"],
    ["en-US", "3'20\"", { as: "time" }, "three minutes twenty seconds"],
    ["en-US", "darn", { as: "expletive" }, "beep"],
  ])("%s: %j as %j is %j", (language, text, how, expected) => {
    expect(sayAs(text, how, language)).toBe(expected);
  });

  test.each<[string, SayAs]>([
    ["tomorrow", { as: "cardinal" }],
    ["tomorrow", { as: "ordinal" }],
    ["none", { as: "digits" }],
    ["none", { as: "telephone" }],
    ["some", { as: "currency" }],
    ["far", { as: "unit" }],
    ["soon", { as: "date", format: "mdy" }],
    ["13/45/2024", { as: "date", format: "mdy" }],
    ["noon", { as: "time" }],
    ["  ", { as: "characters" }],
    ["9".repeat(500), { as: "characters" }],
  ])("%j as %j is read as it stands", (text, how) => {
    expect(sayAs(text, how, "en-US")).toBeNull();
  });

  test("a language of which little is known keeps its digits", () => {
    expect(sayAs("1024", { as: "digits" }, "eu")).toBe("1 0 2 4");
    expect(sayAs("12", { as: "cardinal" }, "ja")).toBe("12");
  });
});
