/** Chooses the small or the large model for a question, by the quality that is to be kept. Pure. */
import type { Tier } from '../../contract/origin.ts';
import { scoreOf, type Level, type Question, type Router } from './router.ts';

export interface TierChoice {
  tier: Tier;
  /** As `scoreOf` gives it; null where the quality alone decided. */
  score: number | null;
  /** The level in force: what was kept where it was measured; null where the quality alone decided. */
  level: Level | null;
}

/**
 * `quality`: the share of the large model's right answers to keep, 0 to 1. The nearest measured level that is not below it
 * is in force. 1, and whatever lies beyond the highest level, asks for the large model; 0 for the small one.
 */
export function routeTier(router: Router, question: Question, quality: number): TierChoice {
  const level = levelFor(router, quality);
  if (typeof level === 'string') {
    return { tier: level, score: null, level: null };
  }
  const score = scoreOf(router, question);
  return { tier: tierAt(score, level), score, level };
}

/** The level in force, or the tier where the quality alone decides. */
export function levelFor(router: Router, quality: number): Level | Tier {
  if (quality <= 0) {
    return 'small';
  }
  const level = router.levels.find((one) => one.quality >= quality);
  return quality >= 1 || level === undefined ? 'large' : level;
}

export function tierAt(score: number, { threshold }: Level): Tier {
  return score >= threshold ? 'large' : 'small';
}
