import { describe, expect, test } from "vitest";
import type { NativeLanguageCode } from "../../../../src/languages/language.ts";
import { foldCharacters } from "../../../../src/synthesis/text/characters.ts";
import { MappedText } from "../../../../src/synthesis/text/mapped-text.ts";
import { normalise } from "../../../../src/synthesis/text/normalise/normalise.ts";

function said(text: string, language: NativeLanguageCode = "en-US"): string {
  return normalise(
    foldCharacters(MappedText.of(text), false, () => {}),
    language,
  ).text;
}

describe("English", () => {
  test.each([
    ["$42.50", "42 dollars and 50 cents"],
    ["It cost $1.", "It cost 1 dollar."],
    ["$0.01", "1 cent"],
    ["£3.05", "3 pounds and 5 pence"],
    ["€1,234,567.89", "1234567 euros and 89 cents"],
    ["$3.5 million", "3.5 million dollars"],
    ["$5bn deal", "5 billion dollars deal"],
    ["¥500", "500 yen"],
    ["Dr. Smith and Mr. Jones", "Doctor Smith and Mister Jones"],
    ["St. Louis", "Saint Louis"],
    ["221 Baker St. is old", "221 Baker Street is old"],
    ["apples, pears, etc.", "apples, pears, etcetera."],
    ["fruit, e.g. apples", "fruit, for example apples"],
    ["in 1999", "in 19 99"],
    ["in 1905", "in 19 oh 5"],
    ["in 1900", "in 19 hundred"],
    ["in 2005 and 2024", "in 2005 and 20 24"],
    ["the 1980s", "the 19 eighties"],
    ["the '90s", "the nineties"],
    ["1999-2005", "19 99 to 2005"],
    ["10:30", "10 30"],
    ["10:05 a.m. sharp", "10 oh 5 AM sharp"],
    ["at 3:00", "at 3 o'clock"],
    ["at 3:00 PM", "at 3 PM"],
    ["Jan. 5, 2021", "January 5th, 20 21"],
    ["2024-03-01", "March 1st, 20 24"],
    ["3/4/2024", "March 4th, 20 24"],
    ["25/12/2024", "December 25th, 20 24"],
    ["1/2 cup, 3/4, 7/8", "one half cup, three quarters, 7 over 8"],
    ["5 km", "5 kilometers"],
    ["1 kg", "1 kilogram"],
    ["20°C", "20 degrees Celsius"],
    ["65 mph", "65 miles per hour"],
    ["pages 5-6", "pages 5 to 6"],
    ["Node 2.0.1", "Node 2 point 0 point 1"],
    ["555-1234", "5 5 5, 1 2 3 4"],
    ["#5", "number 5"],
    ["salt & pepper", "salt and pepper"],
    ["3 < 4", "3 less than 4"],
    ["me.you@mail-box.example.com", "me dot you at mail dash box dot example dot com"],
    ["see https://example.com/a/b?q=1#x.", "see example dot com slash a slash b."],
    ["www.example.org,", "www dot example dot org,"],
    ["Visit example.com.", "Visit example dot com."],
    ["[a] {b}", "(a) (b)"],
    ["one - two", "one — two"],
    ["# Title\n- *first*\n- `second`", "Title\n\vfirst\n\vsecond"],
  ])("%j is said %j", (text, expected) => {
    expect(said(text).trim()).toBe(expected);
  });

  test("British dates put the day first", () => {
    expect(said("3/4/2024", "en-GB")).toBe("the 3rd of April 20 24");
    expect(said("3/25/2024", "en-GB")).toBe("the 25th of March 20 24");
  });

  test.each([
    "1,234",
    "3.14",
    "50%",
    "well-known",
    "rock'n'roll",
    "snake_case",
    "2 * 3",
    "in March",
    "U.S.A.",
  ])("leaves %j to be read as it is", (text) => {
    expect(said(text)).toBe(text);
  });
});

describe("other languages", () => {
  test.each<[NativeLanguageCode, string, string]>([
    ["es", "El Sr. García pagó 42,50 €", "El señor García pagó 42 euros con 50 céntimos"],
    ["es", "$1.000", "1000 dólares"],
    ["fr", "M. Dupont a 1 234,05 €", "monsieur Dupont a 1234 euros et 5 centimes"],
    ["it", "Il Sig. Rossi: 1 €", "Il signor Rossi: 1 euro"],
    ["pt-BR", "R$ 42,50", "42 reais e 50 centavos"],
    ["pt-BR", "2 milhões", "2 milhões"],
    ["hi", "₹500", "500 रुपये"],
    ["hi", "डॉ. शर्मा", "डॉक्टर शर्मा"],
  ])("%s: %j is said %j", (language, text, expected) => {
    expect(said(text, language)).toBe(expected);
  });
});
