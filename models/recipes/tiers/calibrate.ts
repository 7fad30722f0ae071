/**
 * Which score keeps which quality, from scores on subjects that the scoring router had not seen. How sure that is comes
 * from redrawing the subjects (bootstrap by cluster), since rows of one subject resemble each other. Pure.
 */
import type { Level } from '../../../src/origin/tiers/router.ts';
import type { Example } from './train.ts';

export interface Scored extends Pick<Example, 'subject' | 'weakRight' | 'strongRight'> {
  score: number;
}

const QUALITIES = [0.86, 0.88, 0.9, 0.91, 0.92, 0.93, 0.94, 0.95, 0.96, 0.97, 0.98, 0.99];
const REDRAWS = 2000;
const LOWER = 0.05;

/** `random`: 0 to 1, excluding 1. */
export function toLevels(rows: readonly Scored[], random: () => number): Level[] {
  const sorted = rows.toSorted((a, b) => b.score - a.score);
  const subjects = [...Map.groupBy(sorted, ({ subject }) => subject).values()];
  return QUALITIES.flatMap((quality) => {
    const threshold = thresholdFor(sorted, quality);
    if (threshold === null) {
      return [];
    }
    const tallies = subjects.map((own) => tally(own, threshold));
    const redrawn = Array.from({ length: REDRAWS }, () =>
      keptOf(subjects.map(() => tallies[Math.floor(random() * tallies.length)] ?? { mixed: 0, large: 0 })),
    ).toSorted((a, b) => a - b);
    return [
      {
        quality,
        threshold: Number(threshold.toPrecision(6)),
        qualityLower: Number((redrawn[Math.floor(LOWER * REDRAWS)] ?? 0).toFixed(3)),
        smallShare: Number((rows.filter(({ score }) => score < threshold).length / rows.length).toFixed(3)),
      },
    ];
  });
}

/** The score at which the mixture first keeps so much, sending the highest scores first; null where it never does. */
function thresholdFor(sorted: readonly Scored[], quality: number): number | null {
  const large = sorted.filter(({ strongRight }) => strongRight).length;
  let right = sorted.filter(({ weakRight }) => weakRight).length;
  for (const { weakRight, strongRight, score } of sorted) {
    right += Number(strongRight) - Number(weakRight);
    if (right >= quality * large) {
      return score;
    }
  }
  return null;
}

/** Right answers of the mixture and of the large model alone. */
interface Tally {
  mixed: number;
  large: number;
}

function tally(rows: readonly Scored[], threshold: number): Tally {
  return {
    mixed: rows.filter((row) => (row.score >= threshold ? row.strongRight : row.weakRight)).length,
    large: rows.filter(({ strongRight }) => strongRight).length,
  };
}

function keptOf(tallies: readonly Tally[]): number {
  const sum = (pick: (one: Tally) => number): number => tallies.reduce((total, one) => total + pick(one), 0);
  return sum(({ mixed }) => mixed) / sum(({ large }) => large);
}
