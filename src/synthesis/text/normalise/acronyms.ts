import type { Rule } from "./rule.ts";

/**
 * Acronyms that are said letter by letter but look like words, so that espeak-ng reads them as such (it spells those
 * without vowels by itself). `X=…`: how the letters are said, where single ones would be read as words.
 */
const ACRONYMS: Readonly<Record<string, string>> = {
  es: "UE USA ADN ARN ONG IA OMS FMI BCE UCI DNI NIF API URL IU AM",
  fr: "UE IA USA OMS ONG API URL RATP EDF RER INA IUT",
  de: "EU USA US KI ARD ADAC EZB AKW ICE UKW EDV AOK AG IT EM OP ÖPNV API URL IP UN EKG AfD=A_F_D",
  it: "UE USA DNA IA CGIL API URL UIL ASL",
  pt: "UE IA DNA API URL OMS ONG=ongue EUA=Estados_Unidos",
  nl: "EU USA AI ABN API URL ICT AOW AVG",
  pl: "UE=u_e USA=u_es_a ONZ=o_en_zet PZU=pe_zet_u AGD=a_gie_de AI=a_i UW=u_wu IPN=i_pe_en",
  ru: "США=сэ_ша_а ООН=о_о_эн ЕС=е_эс МГУ=эм_гэ_у ВВП=вэ_вэ_пэ РФ=эр_эф СССР=эс_эс_эс_эр ФСБ=эф_эс_бэ МВД=эм_вэ_дэ ИИ=и_и АЭС=а_э_эс",
};

/** The rule for the acronyms of a language; none for languages without a list. */
export function acronymRules(language: string): readonly Rule[] {
  const list = ACRONYMS[language.split("-")[0] ?? ""];
  if (list === undefined) return [];
  const said = new Map(
    list.split(" ").map((entry) => {
      const [written = "", letters] = entry.split("=");
      return [written, letters?.replaceAll("_", " ") ?? [...written].join(" ")] as const;
    }),
  );
  return [
    {
      pattern: new RegExp(`(?<![\\p{L}\\p{N}.])(?:${[...said.keys()].join("|")})(?![\\p{L}\\p{N}])`, "gu"),
      say: (match) => said.get(match[0]) ?? null,
    },
  ];
}
