import { expect, test } from "vitest";
import { hasSound } from "../../../src/synthesis/text/inventory.ts";
import { kokoroPhonemes } from "../../../src/synthesis/text/kokoro-phonemes.ts";

test("American: diphthongs and affricates are one symbol, length marks go, r-colouring is spelled out", () => {
  expect(kokoroPhonemes("h_ə_l_ˈoʊ w_ˈɜː_l_d", "american")).toBe("həlˈO wˈɜɹld");
  expect(kokoroPhonemes("dʒ_ˈʌ_dʒ_ᵻ_z tʃ_ˈɔɪ_s n_ˈaʊ m_ˈaɪ_n d_ˈeɪ", "american")).toBe(
    "ʤˈʌʤᵻz ʧˈYs nˈW mˈIn dˈA",
  );
  expect(kokoroPhonemes("w_ˈɔː_ɾ_ɚ b_ˈʌ_ʔ_n\u0329 f_ˈaɪɚ_ɹ_ɪ_ŋ", "american")).toBe("wˈɔTəɹ bˈʌtn fˈIəɹɪŋ");
});

test("two vowels side by side are not a diphthong", () => {
  expect(kokoroPhonemes("k_ˈa_ɪ", "other")).toBe("kˈaɪ");
  expect(kokoroPhonemes("k_ˈaɪ", "other")).toBe("kˈI");
});

test("British: length and centring vowels stay", () => {
  expect(kokoroPhonemes("w_ˈɔː_t_ə n_ˈiə ˈeə ɡ_ˈəʊ b_ˈæ_d_l_ɪ", "british")).toBe(
    "wˈɔːtə nˈɪə ˈɛː ɡˈQ bˈadli",
  );
});

test("words that espeak-ng runs together come apart", () => {
  expect(kokoroPhonemes("ɪ_n_ð_ə ʌ_v_ð_ɪ t_ˈuː_h_ˈʌ_n_d_ɹ_ɪ_d", "american")).toBe("ɪn ðə ʌv ðɪ tˈu hˈʌndɹɪd");
});

test("language switches and clause separators leave no trace", () => {
  expect(kokoroPhonemes("l_ə- (en)_w_ˈiː_k (fr) | b_ɔ̃", "other")).toBe("lə wˈiːk bɔ̃");
});

test("sound is told from punctuation", () => {
  expect(hasSound("ˈ, …")).toBe(false);
  expect(hasSound("ˈa")).toBe(true);
});
