/** Cardinals of Russian and Polish behind prepositions that ask for the genitive: "от пяти до десяти". */

const RUSSIAN: Readonly<Record<string, string>> = {
  ноль: "нуля",
  один: "одного",
  одно: "одного",
  одна: "одной",
  два: "двух",
  две: "двух",
  три: "трёх",
  четыре: "четырёх",
  восемь: "восьми",
  сорок: "сорока",
  пятьдесят: "пятидесяти",
  шестьдесят: "шестидесяти",
  семьдесят: "семидесяти",
  восемьдесят: "восьмидесяти",
  девяносто: "девяноста",
  сто: "ста",
  двести: "двухсот",
  триста: "трёхсот",
  четыреста: "четырёхсот",
  пятьсот: "пятисот",
  шестьсот: "шестисот",
  семьсот: "семисот",
  восемьсот: "восьмисот",
  девятьсот: "девятисот",
  тысяча: "тысячи",
  тысячи: "тысяч",
  миллион: "миллиона",
  миллиона: "миллионов",
  миллиард: "миллиарда",
  миллиарда: "миллиардов",
};

const POLISH: Readonly<Record<string, string>> = {
  zero: "zera",
  jeden: "jednego",
  jedna: "jednej",
  jedno: "jednego",
  dwa: "dwóch",
  dwie: "dwóch",
  trzy: "trzech",
  cztery: "czterech",
  pięć: "pięciu",
  sześć: "sześciu",
  siedem: "siedmiu",
  osiem: "ośmiu",
  dziewięć: "dziewięciu",
  dziesięć: "dziesięciu",
  dwadzieścia: "dwudziestu",
  trzydzieści: "trzydziestu",
  czterdzieści: "czterdziestu",
  sto: "stu",
  dwieście: "dwustu",
  trzysta: "trzystu",
  czterysta: "czterystu",
  tysiąc: "tysiąca",
  tysiące: "tysięcy",
  milion: "miliona",
  miliony: "milionów",
};

const each = (words: string, change: (word: string) => string): string =>
  words.split(" ").map(change).join(" ");

/** The genitive of a Russian cardinal in words. */
export function russianGenitive(words: string): string {
  return each(
    words,
    (word) => RUSSIAN[word] ?? (/(?:ть|надцать|дцать|мь)$/.test(word) ? `${word.slice(0, -1)}и` : word),
  );
}

/** The genitive of a Polish cardinal in words. */
export function polishGenitive(words: string): string {
  return each(words, (word) => {
    const known = POLISH[word];
    if (known !== undefined) return known;
    if (word.endsWith("naście")) return `${word.slice(0, -4)}stu`;
    if (word.endsWith("dziesiąt")) return `${word.slice(0, -3)}ęciu`;
    return word.endsWith("set") ? `${POLISH[word.slice(0, -3)] ?? word.slice(0, -3)}set` : word;
  });
}
