/** What the simulator says: plainly that it is one, where, to which question; then filler. Pure for `random`. */
import { splitTokens } from './tokens.ts';

const MAX_EXCERPT_CHARACTERS = 80;

/** Each is one token with the space before it. */
const WORDS = (
  'orbit apogee perigee comet signal beacon relay transit window thruster horizon meridian eclipse vector payload ' +
  'antenna telemetry docking descent ascent lunar solar stellar cosmic gentle steady quiet distant bright narrow ' +
  'follows crosses carries returns measures listens answers waits turns drifts rises settles near beyond between ' +
  'around toward above below after before while and then again slowly softly clearly rarely often'
).split(' ');

export function toOpening(region: string, question: string): string {
  return `This is the Perigee simulator in ${region} answering "${toExcerpt(question)}".`;
}

/**
 * Exactly `budget` tokens: the opening, then filler that ends with a full stop. `isCut`: the budget was too small for
 * the opening.
 */
export function compose(opening: string, budget: number, random: () => number): { tokens: string[]; isCut: boolean } {
  const tokens = splitTokens(opening);
  if (tokens.length > budget) {
    return { tokens: tokens.slice(0, budget), isCut: true };
  }
  while (tokens.length < budget) {
    const isEnd = tokens.length === budget - 1 && tokens.at(-1) !== '.';
    tokens.push(isEnd ? '.' : ` ${WORDS[Math.floor(random() * WORDS.length)]}`);
  }
  return { tokens, isCut: false };
}

function toExcerpt(question: string): string {
  // Only the beginning is looked at: a question may be megabytes long.
  const start = question
    .slice(0, 4 * MAX_EXCERPT_CHARACTERS)
    .replace(/\s+/g, ' ')
    .trim();
  const isWhole = start.length <= MAX_EXCERPT_CHARACTERS && question.length <= 4 * MAX_EXCERPT_CHARACTERS;
  return isWhole ? start : `${start.slice(0, MAX_EXCERPT_CHARACTERS).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
