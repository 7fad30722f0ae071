/** Another number: digits changed places, one digit is another, ten times as many, one more. */
import type { Draw } from '../draw.ts';
import type { Kind } from '../kind.ts';
import { toList } from '../lexicons/words.ts';
import { NUMBER_TEMPLATES } from '../lexicons/templates-of-amounts.ts';
import { findPlaces, replaceAt, wordPattern } from './replace.ts';

const DIGITS = /(?<![\w.,])\d{1,9}(?![\w.,]*\d)/g;
const GROUPED = /(?<![\w.,])\d{1,3}(?:,\d{3})+(?![\w.,]*\d)/g;
const WORDS = toList(
  'two, three, four, five, six, seven, eight, nine, ten, eleven, twelve, fifteen, twenty, thirty, forty, fifty, sixty, ninety',
);
const ORDINALS = toList('second, third, fourth, fifth, sixth, seventh, eighth, ninth, tenth');
const WORD = wordPattern(WORDS);
/** "a second" is a time, "second" after "the" a place. */
const ORDINAL = /(?<=\bthe )(?:second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth)\b/gi;
const MAX_TRIES = 20;

export const numbers: Kind = {
  edit: (text, draw) => {
    const places = [
      ...findPlaces(text, DIGITS).map((place) => ({ place, next: () => changeDigits(place.word, draw) })),
      ...findPlaces(text, GROUPED).map((place) => ({
        place,
        next: () => regroup(changeDigits(place.word.replaceAll(',', ''), draw)),
      })),
      ...findPlaces(text, WORD).map((place) => ({ place, next: () => draw.one(WORDS) })),
      ...findPlaces(text, ORDINAL).map((place) => ({ place, next: () => draw.one(ORDINALS) })),
    ];
    if (places.length === 0) {
      return null;
    }
    const { place, next } = draw.one(places);
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const other = next();
      if (other.toLowerCase() !== place.word.toLowerCase()) {
        return replaceAt(text, place, other);
      }
    }
    return null;
  },
  templates: NUMBER_TEMPLATES,
};

function changeDigits(digits: string, draw: Draw): string {
  const value = Number(digits);
  const at = Math.floor(draw.random() * digits.length);
  const ways = [
    () => digits.slice(0, at) + String(1 + Math.floor(draw.random() * 9)) + digits.slice(at + 1),
    () => String(value + draw.one([1, -1, 2, -2, 5, 10]) || 7),
    () => (digits.length > 2 ? transpose(digits, Math.max(1, at)) : String(value * 2 || 3)),
    () => (draw.chance(0.5) ? `${digits}0` : String(value * 10)),
    () => String(1 + Math.floor(draw.random() * 10 ** digits.length)),
  ];
  const changed = draw.one(ways)();
  return changed.startsWith('-') ? changed.slice(1) : changed;
}

function transpose(digits: string, at: number): string {
  return digits.slice(0, at - 1) + digits.charAt(at) + digits.charAt(at - 1) + digits.slice(at + 1);
}

function regroup(digits: string): string {
  return digits.replaceAll(/\B(?=(?:\d{3})+$)/g, ',');
}
