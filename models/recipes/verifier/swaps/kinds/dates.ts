/** Another date or time: the month, the weekday, the year, the day, the hour. */
import { ofHalf, type Draw } from '../draw.ts';
import type { Edit, Kind } from '../kind.ts';
import { DATE_GROUPS } from '../lexicons/dates.ts';
import { DATE_TEMPLATES } from '../lexicons/templates-of-amounts.ts';
import { editByChoice, toChoices } from './choices.ts';
import { findPlaces, replaceAt } from './replace.ts';

/** Words that mean something else as often: "may I", "march". Their month is changed where it is written as one. */
const AMBIGUOUS = new Set(['may', 'march', 'spring', 'fall']);
const YEAR = /(?<![\w.,$€£])(?:1[5-9]|20)\d\d(?![\w,]|\.\d)/g;
const TIME = /\b(?:1[0-2]|[1-9])(?::[0-5]\d)?(?= ?(?:am|pm|a\.m|p\.m)\b)/gi;
const HALF_DAY = /(?<=\d ?)(?:am|pm)\b/gi;
const MAX_YEARS = 12;

const editWord = editByChoice((half) =>
  toChoices(
    DATE_GROUPS.map((group) =>
      ofHalf(group, half)
        .filter((word) => !AMBIGUOUS.has(word.toLowerCase()))
        .map((word) => [word]),
    ),
  ),
);

const EDITS: readonly Edit[] = [
  editWord,
  editWord,
  editMatch(YEAR, (year, draw) =>
    String(Number(year) + draw.one([-1, 1]) * (1 + Math.floor(draw.random() * MAX_YEARS))),
  ),
  editMatch(TIME, (time, draw) => {
    const [hour = '', minutes] = time.split(':');
    const later = String((Number(hour) % 12) + 1);
    return minutes === undefined
      ? later
      : draw.chance(0.5)
        ? `${later}:${minutes}`
        : `${hour}:${minutes === '20' ? '40' : '20'}`;
  }),
  editMatch(HALF_DAY, (half) => (/^a/i.test(half) ? 'pm' : 'am')),
];

export const dates: Kind = {
  edit: (text, draw) => {
    const first = Math.floor(draw.random() * EDITS.length);
    for (let turn = 0; turn < EDITS.length; turn++) {
      const edited = EDITS[(first + turn) % EDITS.length]?.(text, draw) ?? null;
      if (edited !== null) {
        return edited;
      }
    }
    return null;
  },
  templates: DATE_TEMPLATES,
};

function editMatch(pattern: RegExp, change: (found: string, draw: Draw) => string): Edit {
  return (text, draw) => {
    const places = findPlaces(text, pattern);
    if (places.length === 0) {
      return null;
    }
    const place = draw.one(places);
    return replaceAt(text, place, change(place.word, draw));
  };
}
