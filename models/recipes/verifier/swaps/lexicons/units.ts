/** Units by dimension: the first member is written after a number, the others mean the same. Currencies apart. */
import { toGroups } from './words.ts';

export const UNITS: readonly (readonly (readonly string[])[])[] = [
  'km/kilometres/kilometers, miles/mi, metres/meters, feet/ft, inches, cm/centimetres/centimeters, mm/millimetres/millimeters, yards, light years, nautical miles',
  'kg/kilograms/kilos, pounds/lbs/lb, grams/g, ounces/oz, tonnes/metric tons, mg/milligrams, stone',
  'litres/liters, gallons, ml/millilitres/milliliters, pints, cups, tablespoons/tbsp, teaspoons/tsp, quarts',
  'seconds, minutes, hours, days, weeks, months, years, milliseconds, decades, centuries',
  'degrees Celsius/°C, degrees Fahrenheit/°F, kelvin',
  'MB/megabytes, GB/gigabytes, TB/terabytes, KB/kilobytes, bytes, bits',
  'mph/miles per hour, km/h|kmh|kph, knots, m/s',
  'acres, hectares, square feet, square metres/square meters, square miles, square kilometres',
  'volts, watts, amps, kilowatts, horsepower, joules, calories, kilojoules',
  'percent, percentage points, basis points',
  'dollars, euros, pounds sterling, rupees, yen, yuan, francs, pesos, rubles, lira',
].map((line) => toGroups(line).map((group) => group.flatMap((member) => member.split('|'))));

export const CURRENCIES: readonly (readonly string[])[] =
  toGroups(`USD/US dollars, EUR/euros, GBP/British pounds, INR/Indian rupees,
  JPY/Japanese yen, CNY/Chinese yuan, CHF/Swiss francs, CAD/Canadian dollars, AUD/Australian dollars, MXN/Mexican pesos,
  BRL/Brazilian reais, RUB/Russian rubles, KRW/South Korean won, TRY/Turkish lira, ZAR/South African rand, SEK/Swedish kronor,
  NOK/Norwegian kroner, PLN/Polish zloty, NZD/New Zealand dollars, SGD/Singapore dollars`);
