import { VOCABULARY } from "../synthesis/text/vocabulary.ts";

/** A sentence that the search speaks: its text, for readers, and Kokoro's token ids. */
export interface Sentence {
  readonly text: string;
  readonly tokens: readonly number[];
}

function sentence([text, phonemes]: readonly [text: string, phonemes: string]): Sentence {
  const tokens = [...phonemes].map((symbol) => VOCABULARY.get(symbol));
  if (tokens.includes(undefined)) throw new Error(`not in Kokoro's vocabulary: ${phonemes}`);
  return { text, tokens: tokens as number[] };
}

/**
 * What candidates speak: short, because a search pays by the second of audio, and unlike each other in sounds, so
 * that no voice is chosen for one sentence's sake. Phonemes are those that our front end gives for en-US.
 */
export const SEARCH_SENTENCES: readonly Sentence[] = (
  [
    ["We should leave before the rain starts.", "wˌi ʃˌʊd lˈiv bəfˈɔɹ ðə ɹˈAn stˈɑɹts."],
    ["Nobody knew where the old road went.", "nˈObˌɑdi nˈu wˌɛɹ ði ˈOld ɹˈOd wˈɛnt."],
    ["She gave him a very strange look.", "ʃˌi ɡˈAv hˌɪm ɐ vˈɛɹi stɹˈAnʤ lˈʊk."],
    ["Put the yellow cups on that shelf.", "pˌʊt ðə jˈɛlO kˈʌps ˌɔn ðˈæt ʃˈɛlf."],
    ["My father used to work over there.", "mˌI fˈɑðəɹ jˈust tə wˈɜɹk ˈOvəɹ ðˈɛɹ."],
    ["They joined us for a quiet supper.", "ðˌA ʤˈYnd ˌʌs fɔɹ ɐ kwˈIət sˈʌpəɹ."],
    ["How much does the larger one cost?", "hˌW mˈʌʧ dˈʌz ðə lˈɑɹʤəɹ wˈʌn kˈɔst?"],
    ["I think you were right about this.", "ˌI θˈɪŋk ju wɜɹ ɹˈIt əbˈWt ðˈɪs."],
    ["The judge chose to say nothing more.", "ðə ʤˈʌʤ ʧˈOz tə sˈA nˈʌθɪŋ mˈɔɹ."],
    ["It was a long and bitter winter.", "ˌɪt wʌz ɐ lˈɔŋ ænd bˈɪTəɹ wˈɪntəɹ."],
    ["Both of the boys began to laugh.", "bˈOθ ʌv ðə bˈYz bəɡˈæn tə lˈæf."],
    ["Five dogs ran across the muddy field.", "fˈIv dˈɔɡz ɹˈæn əkɹˈɔs ðə mˈʌdi fˈild."],
  ] as const
).map(sentence);

/** What the best candidates are judged by before one of them is chosen: longer, and never searched on. */
export const JUDGING_SENTENCES: readonly Sentence[] = (
  [
    [
      "When the storm had passed, we walked down to the beach and counted the broken fences.",
      "wˌɛn ðə stˈɔɹm hæd pˈæst, wi wˈɔkt dˌWn tə ðə bˈiʧ ænd kˈWntᵻd ðə bɹˈOkən fˈɛnsᵻz.",
    ],
    [
      "He usually brings bread and cheese, but today there was only a little cold soup.",
      "hˌi jˈuʒəwəli bɹˈɪŋz bɹˈɛd ænd ʧˈiz, bˌʌt tədˈA ðɛɹ wʌz ˈOnli ɐ lˈɪTᵊl kˈOld sˈup.",
    ],
    [
      "You would never guess how far this small machine can travel without any fuel.",
      "jˌu wʊd nˈɛvəɹ ɡˈɛs hˌW fˈɑɹ ðɪs smˈɔl məʃˈin kæn tɹˈævᵊl wɪðˈWt ˈɛni fjˈuᵊl.",
    ],
  ] as const
).map(sentence);

/** What `measureSimilarity` speaks: text that neither the search nor the choice has used. */
export const MEASURING_SENTENCES: readonly Sentence[] = (
  [
    [
      "Her younger brother asked whether the museum would open again on Thursday.",
      "hˌɜɹ jˈʌŋɡəɹ bɹˈʌðəɹ ˈæskt wˈɛðəɹ ðə mjuzˈiəm wʊd ˈOpᵊn əɡˈɛn ˌɔn θˈɜɹzdˌA.",
    ],
    [
      "Please remember to close the window and feed the birds before you go to bed.",
      "plˈiz ɹəmˈɛmbəɹ tə klˈOz ðə wˈɪndO ænd fˈid ðə bˈɜɹdz bəfˈɔɹ ju ɡˌO tə bˈɛd.",
    ],
    [
      "The doctor thought about it for a moment, smiled, and wrote down a short answer.",
      "ðə dˈɑktəɹ θˈɔt əbˈWt ɪt fɔɹ ɐ mˈOmᵊnt, smˈIld, ænd ɹˈOt dˌWn ɐ ʃˈɔɹt ˈænsəɹ.",
    ],
  ] as const
).map(sentence);
