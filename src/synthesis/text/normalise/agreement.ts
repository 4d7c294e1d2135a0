import type { Gender } from "./numerals.ts";

/**
 * The gender in which a number stands in front of a written word ("1 hora", "21 personas", "2 книги"), as far as the
 * word's ending tells; undefined where the word is no noun, or nothing depends on it.
 */
export type Agreement = (noun: string, value: bigint) => Gender | undefined;

const SPANISH_FUNCTION =
  /^(?:y|e|o|u|de|del|a|al|en|por|para|con|sin|que|es|son|era|fue|se|no|ni|si|como|más|menos|hasta|desde|según|el|la|los|las|lo|su|sus|un|una)$/;
const SPANISH_MASCULINE =
  /^(?:días?|problemas?|temas?|sistemas?|programas?|mapas?|idiomas?|planetas?|climas?|puntos?)$/;

const spanish: Agreement = (noun) => {
  if (SPANISH_FUNCTION.test(noun)) return undefined;
  if (SPANISH_MASCULINE.test(noun)) return "masculine";
  return /(?:as?|i[óo]n|iones|dad|dades|tud|noches?|veces|clases?)$/.test(noun) ? "feminine" : "masculine";
};

const PORTUGUESE_FUNCTION =
  /^(?:e|ou|de|do|da|dos|das|a|à|ao|em|no|na|nos|nas|por|para|com|sem|que|é|são|era|foi|se|não|como|mais|menos|até|desde|o|os|as|um|uma|vezes)$/;

const portuguese: Agreement = (noun) => {
  if (noun === "vezes" || noun === "vez") return "feminine";
  if (PORTUGUESE_FUNCTION.test(noun)) return undefined;
  if (
    /^(?:dias?|problemas?|temas?|sistemas?|programas?|mapas?|idiomas?|planetas?|\p{L}*gramas?)$/u.test(noun)
  ) {
    return "masculine";
  }
  return /(?:as?|ção|ções|são|sões|dades?|gens?|noites?)$/.test(noun) ? "feminine" : "masculine";
};

const ITALIAN_FUNCTION =
  /^(?:e|ed|o|di|del|della|dei|a|al|alla|in|nel|da|dal|con|su|per|tra|fra|che|è|sono|era|fu|non|come|più|il|la|lo|i|gli|le|un|una|ogni)$/;

const italian: Agreement = (noun) => {
  if (ITALIAN_FUNCTION.test(noun)) return undefined;
  return /(?:a|zione|sione|tà|tù|notte|parte|classe|fine)$/.test(noun) && !/(?:ema|amma)$/.test(noun)
    ? "feminine"
    : "masculine";
};

const french: Agreement = (noun) =>
  /(?:tions?|sions?|tés?|ées?|ures?|ettes?|ances?|ences?|tonnes?|minutes?|secondes?|livres?|personnes?|semaines?|pages?|places?|fois|femmes?|filles?|voix|parts?|pièces?|tasses?|cuillères?|cuillerées?|pommes?|bouteilles?|lignes?|étoiles?|chambres?|villes?|maisons?|nuits?|couronnes?|équipes?|heures?|victoires?|défaites?|voitures?|langues?|écoles?|réponses?|questions?|milles?)$/.test(
    noun,
  )
    ? "feminine"
    : undefined;

/** Only "ein" and "eine" differ, and only nouns are written with a capital. */
const german: Agreement = (noun) => {
  if (!/^\p{Lu}/u.test(noun)) return undefined;
  if (/^(?:Name|Käse|Junge|Kunde|Buchstabe|Gedanke|Ende|Auge|Gebäude|Uhr)$/.test(noun)) return "masculine";
  return /(?:e|ung|heit|keit|schaft|ion|tät|nacht|stadt|wahl|million|frau|person)$/i.test(noun)
    ? "feminine"
    : "masculine";
};

const russian: Agreement = (noun, value) => {
  const rest = value % 10n;
  const teen = value % 100n > 10n && value % 100n < 20n;
  if (teen || rest === 0n || rest > 2n) return undefined;
  if (!/^\p{Script=Cyrillic}{3,}$/u.test(noun)) return undefined;
  if (rest === 2n) return /[иы]$/.test(noun) && !/(?:ли|ми)$/.test(noun) ? "feminine" : undefined;
  if (/[ая]$/.test(noun)) return "feminine";
  return /[ое]$/.test(noun) ? "neuter" : undefined;
};

const POLISH_TWO =
  /^(?:osoby|godziny|minuty|sekundy|strony|sztuki|kobiety|książki|tony|łyżki|łyżeczki|szklanki|sprawy|grupy|części|noce|bramki|gole?a|kawy|herbaty|rundy|lekcje|stacje|wersje|próby|drużyny|dziewczyny|siostry|córki)$/;

const polish: Agreement = (noun, value) => {
  if (value === 1n) return /a$/.test(noun) ? "feminine" : /[oeę]$/.test(noun) ? "neuter" : undefined;
  return value % 10n === 2n && value % 100n !== 12n && POLISH_TWO.test(noun) ? "feminine" : undefined;
};

/** Swedish counts "ett, två", but says "en dag": most nouns are of common gender. */
const swedish: Agreement = (noun) => {
  if (/^(?:och|eller|till|av|i|på|med|för|som|är|var|mot)$/.test(noun)) return undefined;
  return /^(?:barn|hus|år|ägg|kilo|glas|rum|exemplar|steg|mål|poäng|kort|ord|land|par|dygn|paket|gram|ton)$/.test(
    noun,
  )
    ? "neuter"
    : "masculine";
};

/** By bare language. */
export const AGREEMENT: Readonly<Record<string, Agreement>> = {
  es: spanish,
  pt: portuguese,
  it: italian,
  fr: french,
  de: german,
  ru: russian,
  pl: polish,
  sv: swedish,
};
