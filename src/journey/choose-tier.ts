/**
 * Chooses between the small and the large model of an alias, by what is asked. What cannot be judged goes to the large one: a request
 * that the router did not learn from, and one whose words cannot be counted. No model runs, and nothing here fails a request.
 */
import type { TierAlias } from '../contract/alias.ts';
import type { Tier } from '../contract/origin.ts';
import type { Ports } from '../contract/ports.ts';
import { fail, succeed, type Result } from '../contract/problem.ts';
import type { GenerationRequest } from '../contract/request.ts';
import { GENERAL_ROUTER } from '../origin/tiers/general-router.ts';
import { readQuestions } from '../origin/tiers/read-questions.ts';
import { levelFor, tierAt } from '../origin/tiers/route-tier.ts';
import { scoreOf } from '../origin/tiers/router.ts';

export interface TierDecision {
  tier: Tier;
  /** Of the hardest question, as `scoreOf` gives it; null where no score decided. */
  score: number | null;
  why: string;
}

/** `choices`: the tiers that may and can answer; at least one. */
export async function chooseTier(
  request: GenerationRequest,
  { quality: usual }: Pick<TierAlias, 'quality'>,
  choices: readonly [Tier, ...Tier[]],
  { tokenizer }: Pick<Ports, 'tokenizer'>,
): Promise<TierDecision> {
  const [first, ...others] = choices;
  if (others.length === 0) {
    return { tier: first, score: null, why: 'the other may not or cannot answer' };
  }
  const quality = request.controls.quality ?? usual;
  const level = levelFor(GENERAL_ROUTER, quality);
  if (typeof level === 'string') {
    return { tier: level, score: null, why: `quality ${quality} asks for it` };
  }
  const scored = await scoreHardest(request, tokenizer);
  if (!scored.ok) {
    return { tier: 'large', score: null, why: `not judged: ${scored.problem}` };
  }
  const score = scored.value;
  return { tier: tierAt(score, level), score, why: `quality ${quality}: large from ${level.threshold}` };
}

/** The highest score of the request's questions. Else why there is none. */
async function scoreHardest(
  request: GenerationRequest,
  tokenizer: Ports['tokenizer'],
): Promise<Result<number, string>> {
  const questions = readQuestions(request);
  if (!questions.ok) {
    return questions;
  }
  if (tokenizer.vocabulary !== GENERAL_ROUTER.vocabulary) {
    return fail(`the router knows the words of ${GENERAL_ROUTER.vocabulary}, not of ${tokenizer.vocabulary}`);
  }
  let hardest = 0;
  for (const text of questions.value) {
    const ids = await tokenizer.encode(text);
    if (!ids.ok) {
      return fail(ids.problem.detail);
    }
    hardest = Math.max(hardest, scoreOf(GENERAL_ROUTER, { text, ids: ids.value }));
  }
  return succeed(hardest);
}
