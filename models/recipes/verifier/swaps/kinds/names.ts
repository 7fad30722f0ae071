/** Another name of the same kind: "in Python" and "in Java". */
import { ofHalf } from '../draw.ts';
import type { Kind } from '../kind.ts';
import { NAMES } from '../lexicons/names.ts';
import { NAME_TEMPLATES } from '../lexicons/templates-of-words.ts';
import { editByChoice, toChoices } from './choices.ts';

/** Too often another word in a sentence: "let it go", "at the brown table". */
const AMBIGUOUS = new Set([
  'r',
  'brown',
  'duke',
  'ford',
  'slack',
  'zoom',
  'frank',
  'grace',
  'jack',
  'rosa',
  'bach',
  'chile',
  'turkey',
  'mercury',
  'apple',
  'oracle',
  'dart',
  'rust',
  'safari',
  'word',
  'target',
]);

export const names: Kind = {
  edit: editByChoice((half) =>
    toChoices(
      Object.values(NAMES).map((group) =>
        ofHalf<string>(group, half)
          .filter((name) => !AMBIGUOUS.has(name.toLowerCase()))
          .map((name) => [name]),
      ),
    ),
  ),
  templates: NAME_TEMPLATES,
};
