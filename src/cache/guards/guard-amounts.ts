/** Numbers and units: values that differ, and values alike in other units. Pure. */
import { missing, type Finding } from './finding.ts';
import { isPlainUnit, unitAt } from './lexicon-units.ts';
import type { Comparison, Reading } from './reading.ts';

/** Another number is another question. One that only one of them names is where they are alike in all else. */
export function findNumbers({ asked, answered, isNear }: Comparison): Finding {
  const [one, other] = [valuesOf(asked), valuesOf(answered)];
  const [onlyAsked, onlyAnswered] = [missing(one, other), missing(other, one)];
  const changed = Math.min(onlyAsked.length, onlyAnswered.length);
  const more = onlyAsked.length + onlyAnswered.length - 2 * changed;
  return isNear ? { conflicts: changed + more, hints: 0 } : { conflicts: changed, hints: more };
}

export function findUnits({ asked, answered }: Comparison): Finding {
  const [one, other] = [unitsOf(asked), unitsOf(answered)];
  const [onlyAsked, onlyAnswered] = [missing(one, other), missing(other, one)];
  const changed = Math.min(onlyAsked.length, onlyAnswered.length);
  return { conflicts: changed, hints: onlyAsked.length + onlyAnswered.length - 2 * changed };
}

function valuesOf({ amounts }: Reading): string[] {
  return amounts.map(({ value }) => value);
}

/** Of each amount, and once each where a unit stands without a number ("in kilometres", "how many days"). */
function unitsOf({ amounts, tokens }: Reading): string[] {
  const measured = amounts.flatMap(({ unit }) => (unit === null ? [] : [unit]));
  const plain = new Set<string>();
  for (let at = 0; at < tokens.length; at++) {
    const found = unitAt(tokens, at);
    const isUnit = isPlainUnit(tokens[at]?.text ?? '') || ASKS_FOR_UNIT.has(tokens[at - 1]?.text ?? '');
    if (found !== null && (found.length > 1 || isUnit) && !measured.includes(found.unit)) {
      plain.add(found.unit);
    }
    at += (found?.length ?? 1) - 1;
  }
  return [...measured, ...plain];
}

const ASKS_FOR_UNIT = new Set(['many', 'in', 'per', 'to', 'into']);
