/** Units and currencies: all the ways to write one lead to one name. */

const UNITS = `
  kilometre km kms kilometer kilometers kilometres; metre meter meters metres; centimetre cm cms centimeter centimeters centimetres;
  millimetre mm millimeter millimeters millimetres; mile miles mi; yard yards yd; foot feet ft; inch inches; light-year lightyear lightyears;
  nautical-mile nmi; kilogram kg kgs kilo kilos kilograms kilogramme kilogrammes; gram grams g gm gms gramme; milligram mg milligrams; tonne tonnes ton tons;
  pound-mass lb lbs; ounce oz ounces; stone; litre l liter liters litres; millilitre ml milliliter milliliters millilitres;
  gallon gallons; pint pints; quart quarts qt; cup cups; tablespoon tablespoons tbsp; teaspoon teaspoons tsp; second seconds sec secs; minute minutes min mins;
  hour hours hr hrs; day days; week weeks; month months; year years yr yrs; decade decades; century centuries; millisecond milliseconds ms;
  celsius centigrade °c; fahrenheit °f; kelvin; kilobyte kb kilobytes; megabyte mb megabytes; gigabyte gb gigabytes gig; terabyte tb terabytes; byte bytes; bit bits;
  mph; kph kmh kmph; knot knots; acre acres; hectare hectares; volt volts; watt watts; kilowatt kilowatts kw; megawatt mw megawatts; amp amps ampere amperes; horsepower hp bhp;
  joule joules; kilojoule kilojoules kj; calorie calories kcal cal; hertz hz; megahertz mhz; gigahertz ghz; percent % percentage pct;
  dollar dollars $ usd buck bucks; euro euros € eur; pound pounds £ gbp quid; rupee rupees rs inr ₹; yen ¥ jpy; yuan cny rmb renminbi; franc francs chf; peso pesos mxn;
  ruble rubles rouble roubles rub; krw won; lira try; zar; real reais brl; krona kronor sek; krone kroner nok; zloty pln; cad; aud; nzd; sgd; hkd; dirham dirhams aed; riyal riyals sar; bitcoin bitcoins btc; ether eth ethereum`;

const TWO_WORDS = `square-feet/square foot|square feet|sq ft; square-metre/square metre|square metres|square meter|square meters|sq m; square-mile/square mile|square miles;
  square-kilometre/square kilometre|square kilometres|square kilometer|square kilometers|sq km; light-year/light year|light years; nautical-mile/nautical mile|nautical miles;
  celsius/degrees celsius|degree celsius|° c; fahrenheit/degrees fahrenheit|degree fahrenheit|° f; pound/pounds sterling|british pounds|british pound; dollar/us dollars|us dollar;
  cad/canadian dollars|canadian dollar; aud/australian dollars|australian dollar; nzd/new zealand dollars|new zealand dollar; sgd/singapore dollars|singapore dollar; rupee/indian rupees|indian rupee;
  yen/japanese yen; yuan/chinese yuan; franc/swiss francs|swiss franc; peso/mexican pesos|mexican peso; ruble/russian rubles; krw/korean won; lira/turkish lira; zar/african rand;
  krona/swedish kronor|swedish krona; krone/norwegian kroner|norwegian krone; zloty/polish zloty; real/brazilian reais|brazilian real; percentage-point/percentage points|percentage point; basis-point/basis points|basis point`;

const BY_NAME = new Map<string, string>([
  ...toEntries(UNITS).flatMap((line): [string, string][] => {
    const names = line.split(/\s+/);
    return names.map((name) => [name, names[0] ?? '']);
  }),
  ...toEntries(TWO_WORDS).flatMap((line): [string, string][] => {
    const [unit = '', names = ''] = line.split('/');
    return names.split('|').map((name) => [name, unit]);
  }),
]);

/** By their first word: the words of the longest unit that begins with it. */
const LONGEST = new Map<string, number>();
for (const name of BY_NAME.keys()) {
  const words = name.split(' ');
  const [first = ''] = words;
  LONGEST.set(first, Math.max(words.length, LONGEST.get(first) ?? 0));
}
const CURRENCIES = new Set(
  'dollar euro pound rupee yen yuan franc peso ruble krw lira zar real krona krone zloty cad aud nzd sgd hkd dirham riyal bitcoin ether'.split(
    ' ',
  ),
);

/** Words that are more often something else: units beside a number alone. */
const SHORT_OR_COMMON = new Set(
  'l g m hp min sec mi ms try real rub cal cup cups won stone foot feet second seconds day days week weeks month months year years hour hours minute minutes decade decades century centuries cm mm mb cr bit bits pound pounds yard yards gig mw sar ton tons buck bucks ether'.split(
    ' ',
  ),
);

/** The canonical name of one to three words in lower case; null where they are no unit. */
export function unitOf(words: string): string | null {
  return BY_NAME.get(words) ?? null;
}

export interface UnitAt {
  unit: string;
  /** Tokens that it takes. */
  length: number;
}

/** The unit that stands at a place, the longest first; null where there is none. */
export function unitAt(tokens: readonly { text: string }[], at: number): UnitAt | null {
  const first = tokens[at]?.text ?? '';
  for (let length = LONGEST.get(first) ?? 0; length > 0; length--) {
    const words =
      length === 1
        ? first
        : tokens
            .slice(at, at + length)
            .map(({ text }) => text)
            .join(' ');
    const unit = unitOf(words);
    if (unit !== null) {
      return { unit, length };
    }
  }
  return null;
}

/** Currencies alone stand before their number: "$5", "Rs 500"; "World Cup 2018" has no cups. */
export function currencyOf(word: string): string | null {
  const unit = unitOf(word);
  return unit !== null && CURRENCIES.has(unit) ? unit : null;
}

/** A unit even where no number stands beside it: "in kilometres", "to USD". */
export function isPlainUnit(word: string): boolean {
  return BY_NAME.has(word) && !SHORT_OR_COMMON.has(word);
}

function toEntries(text: string): string[] {
  return text
    .split(';')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}
