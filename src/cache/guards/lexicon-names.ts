/**
 * Names that are known by kind even where they are written in lower case; ways to write one are apart by `|`. Two questions that name different ones of a
 * kind ask about different things. A kind's names that are common words count where they are written with a capital.
 */

const COUNTRIES = `india|indian|indians|bharat, china|chinese, germany|german|germans, france|french, japan|japanese, canada|canadian|canadians, australia|australian|australians, brazil|brazilian, mexico|mexican|mexicans, italy|italian|italians, spain|spanish|spaniards, russia|russian|russians, pakistan|pakistani|pakistanis,
  bangladesh|bangladeshi, nepal|nepali|nepalese, sri lanka|sri lankan, norway|norwegian, sweden|swedish|swede, finland|finnish, denmark|danish, poland|polish, austria|austrian, switzerland|swiss, portugal|portuguese, greece|greek, turkey|turkish, egypt|egyptian, nigeria|nigerian, kenya|kenyan, south africa|south african, ghana|ghanaian, ethiopia|ethiopian,
  morocco|moroccan, argentina|argentinian, chile|chilean, peru|peruvian, colombia|colombian, cuba|cuban, venezuela|venezuelan, vietnam|vietnamese, thailand|thai, malaysia|malaysian, singapore|singaporean, indonesia|indonesian, philippines|philippine|filipino|filipinos, south korea|korea|korean|koreans, north korea|north korean, israel|israeli, iran|iranian, iraq|iraqi, saudi arabia|saudi,
  syria|syrian, lebanon|lebanese, jordan, ukraine|ukrainian, romania|romanian, hungary|hungarian, ireland|irish, iceland|icelandic, belgium|belgian, netherlands|holland|dutch, new zealand, croatia|croatian, serbia|serbian, qatar, kuwait, uae|emirates, afghanistan|afghan, bhutan, myanmar|burma|burmese, cambodia, laos, mongolia, taiwan|taiwanese,
  usa|us|america|american|americans|united states|u s, uk|united kingdom|britain|british|great britain, england|english, scotland|scottish, wales|welsh, europe|european|eu, africa|african, asia|asian, antarctica`;

const CITIES = `london, paris, berlin, madrid, rome, vienna, prague, dublin, lisbon, oslo, stockholm, helsinki, copenhagen, warsaw, athens, istanbul, cairo, nairobi, lagos, mumbai|bombay, delhi|new delhi, bangalore|bengaluru|banglore, chennai|madras, hyderabad, kolkata|calcutta, pune, jaipur, ahmedabad, lucknow, kochi, goa, noida, gurgaon|gurugram, indore, nagpur, chandigarh, karachi, lahore, islamabad, dhaka, kathmandu,
  tokyo, osaka, kyoto, seoul, beijing, shanghai, hong kong, shenzhen, taipei, bangkok, hanoi, manila, jakarta, bali, kuala lumpur, dubai, abu dhabi, doha, riyadh, tehran, baghdad, tel aviv, jerusalem, sydney, melbourne, brisbane, perth, auckland, wellington, toronto, montreal, vancouver, ottawa, calgary, new york|nyc|new york city|manhattan, chicago, boston, seattle, portland, denver, dallas, houston, austin, miami, atlanta, phoenix,
  san francisco|sf, los angeles|la, san diego, san jose, las vegas|vegas, philadelphia|philly, detroit, minneapolis, cleveland, pittsburgh, baltimore, orlando, tampa, nashville, new orleans, salt lake city, washington|washington dc|dc, barcelona, valencia, seville, munich, hamburg, frankfurt, cologne, stuttgart, zurich, geneva, basel, brussels, amsterdam, rotterdam, milan, naples, venice, florence, turin, lyon, marseille, porto, moscow, kiev|kyiv, budapest,
  bucharest, belgrade, zagreb, edinburgh, glasgow, manchester, birmingham, liverpool, leeds, bristol, oxford, cambridge, cape town, johannesburg, accra, addis ababa, casablanca, buenos aires, santiago, lima, bogota, caracas, rio de janeiro|rio, sao paulo, mexico city, havana, california, texas, florida, ohio, michigan, virginia, colorado, oregon, arizona, nevada, utah, georgia, alaska, hawaii, kerala, punjab, gujarat, maharashtra, karnataka, tamil nadu|tamilnadu, bihar, rajasthan, kashmir, assam`;

const LANGUAGES = `english, french, german, spanish, italian, portuguese, russian, chinese|mandarin, cantonese, japanese, korean, arabic, hindi, tamil, telugu, urdu, bengali, punjabi, kannada, malayalam, marathi, gujarati, dutch, swedish, norwegian, danish, finnish, polish, czech, greek, turkish, hebrew, persian|farsi, vietnamese, thai, indonesian, malay, swahili, latin, sanskrit, ukrainian, hungarian, romanian, tagalog, esperanto`;

const CODE = `python, java, javascript|js, typescript|ts, ruby, rust, kotlin, swift, php, perl, scala, haskell, matlab, c++|cpp, c#, golang, fortran, cobol, lua, elixir, julia, bash, dart, erlang, clojure, visual basic|vb, objective-c|objective c, groovy, sql, html, css, pascal, prolog, lisp, assembly, powershell, vba, r`;

const TECHNOLOGY = `mysql, postgresql|postgres, mongodb|mongo, redis, sqlite, oracle, cassandra, docker, kubernetes|k8s, tensorflow, pytorch, keras, django, flask, rails, react|reactjs, angular|angularjs, vue|vuejs, svelte, node|nodejs|node js, spring, laravel, wordpress, drupal, joomla, jenkins, git, github, gitlab, bitbucket, aws, azure, gcp, linux, windows, macos|mac os, ubuntu, debian, fedora, android, ios, chrome, firefox, safari, edge, opera, excel, word, powerpoint, photoshop, illustrator, outlook, spark, hadoop, kafka, rabbitmq, nginx, apache, selenium, pandas, numpy, xml, json, yaml, csv, pdf`;

const COMPANIES = `facebook|fb, instagram|insta, whatsapp|whats app, twitter, snapchat, youtube|you tube, gmail, quora, linkedin, skype, telegram, reddit, tinder, netflix, spotify, uber, lyft, ola, airbnb, amazon, ebay, flipkart, snapdeal, alibaba, paypal, paytm, venmo, google, microsoft, apple, samsung, nokia, sony, intel, amd, nvidia, ibm, oracle, tesla, toyota, honda, bmw, mercedes, audi, ford, hyundai, suzuki, tata, walmart, target, costco,
  starbucks, mcdonalds|mcdonald, kfc, nike, adidas, puma, infosys, tcs, wipro, cognizant, accenture, deloitte, kpmg, hp, dell, lenovo, asus, acer, huawei, xiaomi, oneplus|one plus, motorola, vodafone, airtel, jio|reliance jio, bsnl, visa, mastercard, hdfc, icici, sbi, axis, yahoo, bing, pinterest, tumblr, wikipedia, dropbox, slack, zoom, wechat, viber, tiktok, disney, pepsi, coke|coca cola`;

const DEVICES = `iphone|iphones, ipad|ipads, ipod, macbook|macbooks, kindle, xbox, playstation|ps4, nintendo, galaxy, pixel, alexa, chromebook`;

const PEOPLE = `obama, trump, clinton|hillary, sanders|bernie, modi, gandhi, kejriwal, merkel, putin, musk, gates, jobs, zuckerberg, bezos, buffett, einstein, newton, hawking, tesla, edison, curie, darwin, shakespeare, austen, dickens, twain, hemingway, tolstoy, mozart, beethoven, bach, picasso, napoleon, caesar, hamilton, lincoln, washington, kennedy|jfk, churchill, mandela, kohli, dhoni, tendulkar|sachin, messi, ronaldo, federer, nadal, djokovic, bolt, hitler, stalin, lenin, mao, marx, plato, aristotle, socrates, kant, nietzsche, freud, jung, taylor swift, salman khan, shah rukh khan|srk, aamir khan, brad pitt, tom cruise, dicaprio|leonardo dicaprio, amitabh|bachchan, beyonce, rihanna, madonna, michael jackson, michael jordan, lebron, kanye, drake, bieber, adele, eminem, spielberg, tarantino, nolan, rowling, tolkien, stephen king, nehru, ambedkar, bose, mother teresa, osama, saddam, gaddafi, bush, reagan, nixon, pence, cameron, may, xi, kim`;

const STUDIES = `harvard, stanford, mit, princeton, yale, oxford, cambridge, berkeley, columbia, cornell, caltech, ucla, nyu, bits, nit, iit, iim, iisc, aiims, carnegie mellon|cmu, georgia tech, purdue, duke, brown, gate, gre, gmat, toefl, ielts, cat, jee, neet, upsc, ssc, sat, ias, ips, mba, phd, btech, mtech`;

const SUBSTANCES = `vitamin a, vitamin b, vitamin c, vitamin d, vitamin e, vitamin k, ibuprofen, aspirin, paracetamol|acetaminophen|tylenol, penicillin, insulin, metformin, codeine, morphine, amoxicillin, melatonin, caffeine, alcohol, nicotine, cocaine, heroin, marijuana|cannabis|weed, lsd, mdma, adderall, xanax, prozac, zoloft, viagra, warfarin, prednisone, diazepam, gold, silver, copper, iron, aluminium|aluminum, zinc, lead, mercury, sodium, potassium, calcium, magnesium, oxygen, hydrogen, nitrogen, helium, carbon, sulfur|sulphur, chlorine, uranium`;

const DISEASES = `diabetes, asthma, malaria, cancer, pneumonia, arthritis, epilepsy, tuberculosis|tb, hepatitis, dengue, anemia|anaemia, migraine, measles, cholera, influenza|flu, leukemia|leukaemia, depression, anxiety, adhd, autism, bipolar, schizophrenia, aids|hiv, herpes, acne, eczema, psoriasis, alzheimers|alzheimer, parkinsons|parkinson, dementia, stroke, hypothyroidism, hyperthyroidism, ebola, zika, covid`;

const FOODS = `rice, bread, chicken, beef, pork, lamb, fish, salmon, tuna, shrimp, tofu, pasta, pizza, lentils|lentil, potato|potatoes, tomato|tomatoes, onion|onions, garlic, spinach, broccoli, carrot|carrots, cabbage, apple|apples, banana|bananas, mango|mangoes|mangos, orange|oranges, grape|grapes, lemon|lemons, almond|almonds, walnut|walnuts, peanut|peanuts, cheese, butter, yogurt|yoghurt, milk, honey, sugar, salt, chocolate, coffee, tea, wine, beer, whiskey|whisky, vodka, egg|eggs, mushroom|mushrooms, bean|beans, quinoa, oats|oatmeal, corn`;

const ANIMALS = `dog|dogs|puppy|puppies, cat|cats|kitten|kittens, horse|horses, cow|cows, goat|goats, sheep, pig|pigs, rabbit|rabbits, hamster|hamsters, parrot|parrots, snake|snakes, turtle|turtles, elephant|elephants, tiger|tigers, lion|lions, bear|bears, wolf|wolves, fox|foxes, dolphin|dolphins, whale|whales, shark|sharks, eagle|eagles, owl|owls, penguin|penguins, kangaroo|kangaroos, monkey|monkeys, spider|spiders, ant|ants, bee|bees, mosquito|mosquitoes`;

const PLANETS = `mercury, venus, earth, mars, jupiter, saturn, uranus, neptune, pluto, moon, sun`;

const RELIGIONS = `hindu|hinduism|hindus, muslim|islam|muslims|islamic, christian|christianity|christians, jew|jewish|jews|judaism, buddhist|buddhism|buddhists, sikh|sikhism|sikhs, jain|jainism, catholic|catholics|catholicism, protestant|protestants`;

const KINDS = [
  COUNTRIES,
  CITIES,
  LANGUAGES,
  CODE,
  [TECHNOLOGY, COMPANIES, DEVICES].join(','),
  PEOPLE,
  STUDIES,
  SUBSTANCES,
  DISEASES,
  FOODS,
  ANIMALS,
  PLANETS,
  RELIGIONS,
];

export interface Name {
  /** Its first way of writing. */
  name: string;
  /** Names of one number may stand in one another's place. */
  kind: number;
}

/** Also other words: names where they are written in capitals or with one inside a sentence. */
export const NEEDS_CAPITAL: ReadonlySet<string> = new Set(
  'us u s r la sf dc gates jobs bolt drake nolan bush pence cameron xi kim bose turkey jordan chile target visa edge opera word oracle apple swift ruby rust dart spring react flask express node safari excel ola sat cat gate bits nit lead mercury polish mao jung caesar may duke brown phoenix rio rome stroke basel perth tb aids ant zoom slack galaxy pixel spark assembly bash go edison bar cologne florence georgia virginia orange date axis ford dell ts perl lisp pascal'.split(
    ' ',
  ),
);

const KNOWN: ReadonlyMap<string, readonly Name[]> = toNames();

/** By their first word: the words of the longest name that begins with it; none is 0. */
export function longestName(first: string): number {
  return LONGEST.get(first) ?? 0;
}

const LONGEST = new Map<string, number>();
for (const name of KNOWN.keys()) {
  const words = name.split(' ');
  const [first = ''] = words;
  LONGEST.set(first, Math.max(words.length, LONGEST.get(first) ?? 0));
}

/** The names that a word, or two or three words apart by spaces, stand for: `german` is of a country and a language. */
export function namesOf(words: string): readonly Name[] {
  return KNOWN.get(words) ?? [];
}

function toNames(): Map<string, Name[]> {
  const names = new Map<string, Name[]>();
  for (const [kind, entries] of KINDS.entries()) {
    for (const entry of entries.split(',')) {
      const ways = entry.trim().split('|');
      for (const way of ways) {
        names.set(way, [...(names.get(way) ?? []), { name: ways[0] ?? '', kind }]);
      }
    }
  }
  return names;
}
