/**
 * Numbers as values, whatever their notation, with the unit or currency that belongs to them. `1,000`, `1000`, `1k` and "one
 * thousand" are one value; `$5`, "5 dollars" and "5 USD" one amount. Dates and times of day are taken out (`moments.ts`). Pure.
 */
import { currencyOf, unitAt, type UnitAt } from './lexicon-units.ts';
import type { Token } from './tokens.ts';

export interface Amount {
  /** Canonical: digits without grouping or trailing zeros; a leading zero stays, since it is part of an id. */
  value: string;
  /** By its canonical name; null for a plain number. */
  unit: string | null;
}

const ONES = new Map(
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'
    .split(' ')
    .map((word, value) => [word, value] as const),
);
const TENS = new Map(
  'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ').map((word, at) => [word, (at + 2) * 10] as const),
);
const ORDINALS = new Map(
  'first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth'
    .split(' ')
    .map((word, at) => [word, at + 1] as const),
);
const MAGNITUDES = new Map([
  ['hundred', 1e2],
  ['thousand', 1e3],
  ['k', 1e3],
  ['lakh', 1e5],
  ['lakhs', 1e5],
  ['lac', 1e5],
  ['lacs', 1e5],
  ['million', 1e6],
  ['mn', 1e6],
  ['crore', 1e7],
  ['crores', 1e7],
  ['cr', 1e7],
  ['billion', 1e9],
  ['bn', 1e9],
  ['trillion', 1e12],
]);
const FACTORS = new Map([
  ['half', '1/2'],
  ['double', '2x'],
  ['twice', '2x'],
  ['triple', '3x'],
  ['dozen', '12'],
]);
const ROMAN = new Map(
  'ii iii iv vi vii viii ix xi xii xiii xiv xv'
    .split(' ')
    .map((word, at) => [word, [2, 3, 4, 6, 7, 8, 9, 11, 12, 13, 14, 15][at] ?? 0] as const),
);
const ORDINAL_ENDS = new Set(['st', 'nd', 'rd', 'th']);
/** "a second", "per second" are times; "the second" is a place in a row. */
const BEFORE_ORDINAL = new Set(['the', 'my', 'your', 'his', 'her', 'our', 'their', 'its']);

export function readAmounts(tokens: readonly Token[]): Amount[] {
  const amounts: Amount[] = [];
  for (let at = 0; at < tokens.length;) {
    const read = readValue(tokens, at);
    if (read === null) {
      at++;
      continue;
    }
    const after = unitAfter(tokens, read.next);
    const before = currencyOf(tokens[at - 1]?.text ?? '');
    amounts.push({ value: read.value, unit: after?.unit ?? before });
    at = read.next + (after?.length ?? 0);
  }
  return amounts;
}

/** "5 kg", "5-year", "5 square feet". */
function unitAfter(tokens: readonly Token[], at: number): UnitAt | null {
  const dash = tokens[at]?.text === '-' ? 1 : 0;
  const found = unitAt(tokens, at + dash);
  return found === null ? null : { unit: found.unit, length: found.length + dash };
}

interface Read {
  value: string;
  next: number;
}

function readValue(tokens: readonly Token[], at: number): Read | null {
  const token = tokens[at];
  if (token === undefined || token.kind === 'sign') {
    return null;
  }
  const base = token.kind === 'digits' ? readDigits(tokens, at) : readWords(tokens, at);
  return base === null ? null : magnify(tokens, base);
}

function readDigits(tokens: readonly Token[], at: number): Read {
  const text = tokens[at]?.text ?? '';
  const next = tokens[at + 1];
  return { value: toValue(text), next: ORDINAL_ENDS.has(next?.text ?? '') ? at + 2 : at + 1 };
}

function readWords(tokens: readonly Token[], at: number): Read | null {
  const word = tokens[at]?.text ?? '';
  const tens = TENS.get(word);
  if (tens !== undefined) {
    const from = tokens[at + 1]?.text === '-' ? at + 2 : at + 1;
    const ones = ONES.get(tokens[from]?.text ?? '') ?? ORDINALS.get(tokens[from]?.text ?? '') ?? 0;
    const isOne = ones > 0 && ones < 10;
    return { value: String(tens + (isOne ? ones : 0)), next: isOne ? from + 1 : at + 1 };
  }
  const ones = ONES.get(word);
  // "one" is more often a pronoun than a number: it counts before a magnitude or a unit.
  const isCounted = ones !== 1 || MAGNITUDES.has(tokens[at + 1]?.text ?? '') || unitAfter(tokens, at + 1) !== null;
  if (ones !== undefined && isCounted) {
    return { value: String(ones), next: at + 1 };
  }
  const ordinal = ORDINALS.get(word);
  if (ordinal !== undefined && (ordinal !== 2 || BEFORE_ORDINAL.has(tokens[at - 1]?.text ?? ''))) {
    return { value: String(ordinal), next: at + 1 };
  }
  const other = FACTORS.get(word) ?? ROMAN.get(word);
  return other === undefined ? null : { value: String(other), next: at + 1 };
}

/** "2 million", "5k", "two hundred". A lone K of a name ("K pop") is no number, since it follows none. */
function magnify(tokens: readonly Token[], { value, next }: Read): Read {
  const factor = MAGNITUDES.get(tokens[next]?.text ?? '');
  const number = Number(value);
  return factor === undefined || Number.isNaN(number)
    ? { value, next }
    : magnify(tokens, { value: String(number * factor), next: next + 1 });
}

/** Commas, narrow spaces and underscores between groups of digits go; "3.50" is "3.5". All else stays as written. */
function toValue(text: string): string {
  const plain = text.replaceAll(/[,\u00a0\u202f_]/g, '');
  return /^\d+\.\d+$/.test(plain) ? plain.replace(/\.?0+$/, '') : plain;
}
