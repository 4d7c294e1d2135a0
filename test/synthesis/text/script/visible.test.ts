import { expect, test } from "vitest";
import { visibleText } from "../../../../src/synthesis/text/script/visible.ts";

test.each([
  ["plain", "plain"],
  ["AT&amp;T <b>is</b> 3 < 4", "AT&T is 3 < 4"],
  ["One<br>two", "One two"],
  ["Wait [pause:1s] [tomato](/təˈmɑːtəʊ/) \\[pause:1s]", "Wait  tomato [pause:1s]"],
  [
    '<speak><p><s>The <sub alias="World Wide Web">WWW</sub>,</s><s>a <phoneme ph="wɜːd">w&#111;rd</phoneme>' +
      '<break time="1s"/> &lt;3 <mark name="m"/>end<sub alias="x"/>.</s></p></speak>',
    "The WWW, a w&#111;rd <3 end.",
  ],
  // What would be refused today is shown as it is.
  ["an <b>old job", "an <b>old job"],
])("%j is seen as %j", (text, seen) => {
  const shown = visibleText(text);
  expect(shown).toHaveLength(text.length);
  expect(shown.replaceAll("\0", "").replace(/\s+/g, " ").trim()).toBe(seen.replace(/\s+/g, " "));
  for (const [at, character] of [...shown].entries()) {
    if (/[A-Za-z]/.test(character)) expect(text.charAt(at)).toBe(character);
  }
});
