/**
 * Dates and times of day: months, weekdays, relative days, holidays, clock times. `2026-11-21` and "21 November 2026" read alike,
 * so do "5 pm", "5:00 pm" and "17:00". What is read as a time of day is no amount any more. Pure.
 */
import type { Token, Word } from './tokens.ts';

export interface Moments {
  /** Canonical: `month 11`, `weekday 6`, `day +1`, `time 17:00`, … */
  found: readonly string[];
  /** The tokens that are left, with the parts of a written date as digits. */
  rest: readonly Token[];
}

const MONTHS = new Map(
  'january/jan february/feb march/mar april/apr may june/jun july/jul august/aug september/sep/sept october/oct november/nov december/dec'
    .split(' ')
    .flatMap((names, at) => names.split('/').map((name) => [name, at + 1] as const)),
);
const WEEKDAYS = new Map(
  'monday/mon/mondays tuesday/tue/tues/tuesdays wednesday/wed/wednesdays thursday/thu/thurs/thursdays friday/fri/fridays saturday/sat/saturdays sunday/sun/sundays'
    .split(' ')
    .flatMap((names, at) => names.split('/').map((name) => [name, at + 1] as const)),
);
/** Also words: a month or weekday where they are written with a capital inside a sentence, or stand by a number or "in". */
const AMBIGUOUS = new Set(['may', 'march', 'mar', 'sun', 'sat', 'wed', 'mon', 'jan', 'dec', 'sep', 'august']);
const BEFORE_MONTH = new Set(['in', 'on', 'of', 'last', 'next', 'this', 'by', 'until', 'since', 'every']);

const OTHERS = new Map<string, string>(
  Object.entries({
    'day +0': 'today tonight todays',
    'day -1': 'yesterday yesterdays',
    'day +1': 'tomorrow tomorrows',
    'part morning': 'morning mornings',
    'part afternoon': 'afternoon afternoons noon midday',
    'part evening': 'evening evenings',
    'part night': 'midnight',
    'season spring': 'springtime',
    'season summer': 'summer summers summertime',
    'season autumn': 'autumn',
    'season winter': 'winter winters wintertime',
    'feast christmas': 'christmas xmas',
    'feast easter': 'easter',
    'feast thanksgiving': 'thanksgiving',
    'feast halloween': 'halloween',
    'feast diwali': 'diwali deepavali',
    'feast ramadan': 'ramadan ramzan',
    'feast valentine': 'valentine valentines',
    'every day': 'daily',
    'every week': 'weekly',
    'every month': 'monthly',
    'every year': 'yearly annually',
    'every hour': 'hourly',
  }).flatMap(([moment, words]) => words.split(' ').map((word): [string, string] => [word, moment])),
);
const RELATIVE = new Map([
  ['last', '-1'],
  ['previous', '-1'],
  ['this', '0'],
  ['current', '0'],
  ['next', '+1'],
  ['coming', '+1'],
]);
const PERIODS = new Set(['week', 'month', 'year', 'weekend', 'quarter', 'semester', 'decade', 'century', 'night']);
const ISO = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$/;
const DAY_FIRST = /^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})$/;
const CLOCK = /^(\d{1,2}):(\d{2})(?::\d{2})?$/;
const NOON = 12;

export function readMoments(tokens: readonly Token[]): Moments {
  const found: string[] = [];
  const rest: Token[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at];
    if (token === undefined) {
      break;
    }
    if (token.kind === 'digits') {
      const time = readTime(tokens, at);
      if (time !== null) {
        found.push(time.moment);
        at = time.last;
        continue;
      }
      const date = readDate(token.text);
      found.push(...(date?.moments ?? []));
      rest.push(...(date?.digits ?? [token.text]).map((text): Token => ({ kind: 'digits', text })));
      continue;
    }
    const moment = token.kind === 'word' ? readWord(tokens, at, token) : null;
    if (moment === null) {
      rest.push(token);
    } else {
      found.push(moment);
    }
  }
  return { found, rest };
}

function readWord(tokens: readonly Token[], at: number, { text, startsUpper, startsSentence }: Word): string | null {
  const [before, after] = [tokens[at - 1]?.text ?? '', tokens[at + 1]];
  const shift = PERIODS.has(text) ? RELATIVE.get(before) : undefined;
  if (shift !== undefined) {
    return `${text} ${shift}`;
  }
  const month = MONTHS.get(text);
  const weekday = WEEKDAYS.get(text);
  if (month === undefined && weekday === undefined) {
    return OTHERS.get(text) ?? null;
  }
  const isNamed = startsUpper && !startsSentence;
  const isBesideDigits = after?.kind === 'digits' || /^\d|^of$|^(?:st|nd|rd|th)$/.test(before);
  const isMeant =
    !AMBIGUOUS.has(text) ||
    isBesideDigits ||
    (BEFORE_MONTH.has(before) && (isNamed || text.length > 3)) ||
    (isNamed && text.length > 3);
  return isMeant ? (month === undefined ? `weekday ${weekday}` : `month ${month}`) : null;
}

/** "17:00", "5 pm", "5:30 p.m."; without half of the day an hour up to 12 is kept as it is. */
function readTime(tokens: readonly Token[], at: number): { moment: string; last: number } | null {
  const text = tokens[at]?.text ?? '';
  const [, hours = /^\d{1,2}$/.test(text) ? text : '', minutes = '00'] = CLOCK.exec(text) ?? [];
  if (hours === '' || Number(hours) > 24 || Number(minutes) > 59) {
    return null;
  }
  const { half, last } = readHalf(tokens, at + 1);
  if (half === null) {
    return CLOCK.test(text) ? { moment: `time ${Number(hours)}:${minutes}`, last: at } : null;
  }
  const hour = (Number(hours) % NOON) + (half === 'p' ? NOON : 0);
  return { moment: `time ${hour}:${minutes}`, last };
}

function readHalf(tokens: readonly Token[], at: number): { half: 'a' | 'p' | null; last: number } {
  const texts = [0, 1, 2, 3].map((offset) => tokens[at + offset]?.text ?? '');
  const [first = '', dot, second, end] = texts;
  if (first === 'am' || first === 'pm') {
    return { half: first === 'am' ? 'a' : 'p', last: at };
  }
  const isDotted = (first === 'a' || first === 'p') && dot === '.' && second === 'm';
  return isDotted ? { half: first, last: at + (end === '.' ? 3 : 2) } : { half: null, last: at };
}

/** Which of two numbers up to 12 is the month cannot be known: such a date is compared as it is written. */
function readDate(text: string): { moments: string[]; digits: string[] } | null {
  const iso = ISO.exec(text);
  if (iso !== null) {
    const [, year = '', month = '', day = ''] = iso;
    return { moments: [`month ${Number(month)}`], digits: [String(Number(day)), year] };
  }
  const [, first = '', second = '', year = ''] = DAY_FIRST.exec(text) ?? [];
  if (year === '') {
    return null;
  }
  const [one, other] = [Number(first), Number(second)];
  if (one > 12 || other > 12) {
    return { moments: [`month ${Math.min(one, other)}`], digits: [String(Math.max(one, other)), year] };
  }
  return { moments: [`date ${one}/${other}`], digits: [year] };
}
