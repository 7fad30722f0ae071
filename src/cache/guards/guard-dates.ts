/** Dates and times of day. Pure. */
import { missing, type Finding } from './finding.ts';
import type { Comparison } from './reading.ts';

export function findDates({ asked, answered }: Comparison): Finding {
  const [one, other] = [asked.moments, answered.moments];
  const [onlyAsked, onlyAnswered] = [missing(one, other), missing(other, one)];
  const changed = Math.min(onlyAsked.length, onlyAnswered.length);
  const more = onlyAsked.length + onlyAnswered.length - 2 * changed;
  return { conflicts: changed, hints: more };
}
