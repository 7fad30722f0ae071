/** Another unit or currency of the same dimension: "5 kg" and "5 lb". */
import { ofHalf, type Draw } from '../draw.ts';
import type { Kind } from '../kind.ts';
import { CURRENCIES, UNITS } from '../lexicons/units.ts';
import { UNIT_TEMPLATES } from '../lexicons/templates-of-amounts.ts';
import { editByChoice, toChoices } from './choices.ts';

/** A unit is one after a number or a word of measure; elsewhere "feet" are feet. */
const MEASURED =
  /(?:\d[-\s]?|\b(?:how many|several|per|in|to|into|my|the fee in|one|two|three|four|five|six|seven|eight|nine|ten|hundred|thousand|million|billion) )$/i;
const SIGNS = ['$', '€', '£', '₹', '¥'];

const editUnit = editByChoice(
  (half) => toChoices([...UNITS, CURRENCIES].map((entries) => ofHalf(entries, half))),
  (before) => MEASURED.test(before),
);

export const units: Kind = {
  edit: (text, draw) => editSign(text, draw) ?? editUnit(text, draw),
  templates: UNIT_TEMPLATES,
};

/** "$50" and "€50". */
function editSign(text: string, draw: Draw): string | null {
  const found = /[$€£₹¥](?=\d)/.exec(text);
  return found === null || draw.chance(0.5)
    ? null
    : text.slice(0, found.index) + draw.one(SIGNS.filter((sign) => sign !== found[0])) + text.slice(found.index + 1);
}
