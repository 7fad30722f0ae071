/** The opposite word: "increase" and "decrease". */
import { ofHalf } from '../draw.ts';
import type { Kind } from '../kind.ts';
import { ANTONYMS } from '../lexicons/antonyms.ts';
import { ANTONYM_TEMPLATES } from '../lexicons/templates-of-words.ts';
import { editByChoice, toChoices } from './choices.ts';

/** Also words with other meanings: only templates use them. */
const AMBIGUOUS = new Set([
  'like',
  'right',
  'left',
  'last',
  'light',
  'base',
  'over',
  'all',
  'none',
  'even',
  'back',
  'front',
  'with',
  'old',
  'fire',
  'day',
  'most',
  'least',
  'true',
  'poor',
  'fast',
  'well',
  'cool',
  'hard',
  'real',
]);

export const antonyms: Kind = {
  edit: editByChoice((half) =>
    toChoices(
      ofHalf(ANTONYMS, half)
        .filter((pair) => !pair.some((word) => AMBIGUOUS.has(word)))
        .map((pair) => pair.map((word) => [word])),
    ),
  ),
  templates: ANTONYM_TEMPLATES,
};
