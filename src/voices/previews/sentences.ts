import { findLanguage } from "../../languages/language.ts";

/** A few seconds of everyday speech that fits every voice, whoever it is. */
const SENTENCES: Readonly<Record<string, string>> = {
  "en-US": "Hi there! It's so nice to meet you. This is how I sound when I read something out loud.",
  "en-GB": "Hello! Lovely to meet you. This is what I sound like when I'm reading aloud.",
  es: "¡Hola! Es un placer conocerte. Así suena mi voz cuando leo un texto en voz alta.",
  fr: "Bonjour ! Quel plaisir de faire votre connaissance. Voici ma voix, quand je lis un texte à voix haute.",
  hi: "नमस्ते! आपसे मिलकर बहुत अच्छा लगा। पढ़ते समय मेरी आवाज़ कुछ ऐसी सुनाई देती है।",
  it: "Ciao! È un piacere conoscerti. Ecco come suona la mia voce quando leggo un testo ad alta voce.",
  ja: "こんにちは。お会いできてうれしいです。文章を読むとき、私の声はこんなふうに聞こえます。",
  "pt-BR": "Olá! Que bom conhecer você. É assim que a minha voz soa quando leio um texto em voz alta.",
  zh: "你好！很高兴认识你。我朗读文章的时候，声音就是这样的。",
  af: "Hallo! Aangename kennis. So klink my stem wanneer ek hardop lees.",
  ar: "مرحبا! سعدت بلقائك. هكذا يبدو صوتي عندما أقرأ نصا بصوت عال.",
  bg: "Здравейте! Приятно ми е да се запознаем. Така звучи гласът ми, когато чета на глас.",
  bn: "নমস্কার! আপনার সঙ্গে দেখা হয়ে ভালো লাগল। পড়ার সময় আমার গলা এমন শোনায়।",
  bs: "Zdravo! Drago mi je. Ovako zvuči moj glas kada čitam naglas.",
  ca: "Hola! Encantat de conèixer-te. Així sona la meva veu quan llegeixo en veu alta.",
  cs: "Dobrý den! Těší mě. Takhle zní můj hlas, když čtu nahlas.",
  cy: "Helo! Mae'n braf cwrdd â chi. Dyma sut mae fy llais yn swnio wrth ddarllen yn uchel.",
  da: "Hej! Det er rart at møde dig. Sådan lyder min stemme, når jeg læser højt.",
  de: "Hallo! Schön, Sie kennenzulernen. So klingt meine Stimme, wenn ich einen Text vorlese.",
  el: "Γεια σας! Χαίρω πολύ. Έτσι ακούγεται η φωνή μου όταν διαβάζω δυνατά.",
  eo: "Saluton! Mi ĝojas renkonti vin. Tiel sonas mia voĉo, kiam mi laŭtlegas.",
  et: "Tere! Meeldiv tutvuda. Nii kõlab mu hääl, kui ma valjusti loen.",
  fa: "سلام! از آشنایی با شما خوشحالم. صدای من هنگام خواندن این گونه است.",
  fi: "Hei! Hauska tutustua. Tältä ääneni kuulostaa, kun luen ääneen.",
  he: "שלום! נעים להכיר. כך נשמע הקול שלי כשאני קורא בקול.",
  hr: "Bok! Drago mi je. Ovako zvuči moj glas kad čitam naglas.",
  hu: "Üdvözlöm! Örülök, hogy megismerhetem. Így szól a hangom, amikor felolvasok.",
  id: "Halo! Senang bertemu dengan Anda. Beginilah suara saya ketika membaca.",
  is: "Halló! Gaman að kynnast þér. Svona hljómar röddin mín þegar ég les upphátt.",
  ko: "안녕하세요! 만나서 반갑습니다. 글을 읽을 때 제 목소리는 이렇습니다.",
  la: "Salve! Gaudeo te videre. Sic sonat vox mea cum clara voce lego.",
  lt: "Sveiki! Malonu susipažinti. Taip skamba mano balsas, kai skaitau garsiai.",
  lv: "Sveiki! Prieks iepazīties. Tā skan mana balss, kad es lasu skaļi.",
  mk: "Здраво! Мило ми е. Вака звучи мојот глас кога читам на глас.",
  mr: "नमस्कार! तुम्हाला भेटून आनंद झाला. वाचताना माझा आवाज असा येतो.",
  ms: "Helo! Gembira bertemu dengan anda. Beginilah suara saya apabila membaca.",
  nb: "Hei! Hyggelig å møte deg. Slik høres stemmen min ut når jeg leser høyt.",
  ne: "नमस्ते! तपाईंलाई भेटेर खुसी लाग्यो। पढ्दा मेरो आवाज यस्तो सुनिन्छ।",
  nl: "Hallo! Aangenaam kennis te maken. Zo klinkt mijn stem als ik voorlees.",
  pl: "Dzień dobry! Miło mi. Tak brzmi mój głos, kiedy czytam na głos.",
  "pt-PT": "Olá! Muito prazer. É assim que a minha voz soa quando leio em voz alta.",
  ro: "Bună ziua! Îmi pare bine. Așa sună vocea mea când citesc cu voce tare.",
  ru: "Здравствуйте! Очень приятно. Так звучит мой голос, когда я читаю вслух.",
  sk: "Dobrý deň! Teší ma. Takto znie môj hlas, keď čítam nahlas.",
  sl: "Pozdravljeni! Me veseli. Tako zveni moj glas, ko berem na glas.",
  sq: "Përshëndetje! Gëzohem që u njohëm. Kështu tingëllon zëri im kur lexoj me zë.",
  sr: "Здраво! Драго ми је. Овако звучи мој глас кад читам наглас.",
  sv: "Hej! Trevligt att träffas. Så här låter min röst när jag läser högt.",
  sw: "Habari! Nafurahi kukutana nawe. Hivi ndivyo sauti yangu inavyosikika ninaposoma.",
  ta: "வணக்கம்! உங்களைச் சந்தித்ததில் மகிழ்ச்சி. படிக்கும்போது என் குரல் இப்படி இருக்கும்.",
  te: "నమస్కారం! మిమ్మల్ని కలవడం సంతోషం. చదివేటప్పుడు నా గొంతు ఇలా ఉంటుంది.",
  tr: "Merhaba! Tanıştığımıza memnun oldum. Yüksek sesle okurken sesim böyle çıkıyor.",
  uk: "Вітаю! Дуже приємно. Так звучить мій голос, коли я читаю вголос.",
  ur: "السلام علیکم! آپ سے مل کر خوشی ہوئی۔ پڑھتے وقت میری آواز ایسی ہوتی ہے۔",
  vi: "Xin chào! Rất vui được gặp bạn. Giọng của tôi khi đọc nghe như thế này.",
};

/**
 * What a voice says in a language to be heard: a sentence of it or of the language that it is an accent of; else the
 * language's name and numbers, which every language reads.
 */
export function previewSentence(code: string): string {
  const [bare = code] = code.split("-");
  return SENTENCES[code] ?? SENTENCES[bare] ?? `${findLanguage(code)?.nativeName}. 1, 2, 3, 4, 5, 6, 7, 8.`;
}
