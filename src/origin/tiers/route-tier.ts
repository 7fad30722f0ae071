/** Chooses the small or the large model for a question, by the quality that is to be kept. Pure. */
import { scoreOf, type Level, type Question, type Router } from './router.ts';

export type Tier = 'small' | 'large';

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
  if (quality <= 0) {
    return { tier: 'small', score: null, level: null };
  }
  const level = router.levels.find((one) => one.quality >= quality);
  if (quality >= 1 || level === undefined) {
    return { tier: 'large', score: null, level: null };
  }
  const score = scoreOf(router, question);
  return { tier: score >= level.threshold ? 'large' : 'small', score, level };
}
