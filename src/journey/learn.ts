/**
 * What a namespace learns from a request: its candidate's answer is held against the origin's where the request's coin says so, and what
 * became of the request is told, once.
 */
import type { StoredContent } from '../contract/answer.ts';
import type { Ports } from '../contract/ports.ts';
import type { Recorder } from '../contract/trace.ts';
import type { TrustNote } from '../contract/trust.ts';
import { checkNear } from './check-near.ts';
import { toDraw } from '../contract/draw.ts';
import type { Found, LookUp } from './look-up.ts';
import { trustFor } from './trust-for.ts';

const ALL_DRAWS = 2 ** 32;

/** Whether the candidate, served or not, is to be checked: the coin knows nothing of the question. */
export function isDrawn({ request }: LookUp, { near }: Pick<Found, 'near'>, tier: TrustNote['tier']): boolean {
  if (near?.judged?.isWhole !== true) {
    return false;
  }
  const share = tier === 'near' ? near.trust.share : tier === 'miss' ? near.trust.missShare : 0;
  return toDraw(`${request.id}:near`) < share * ALL_DRAWS;
}

/**
 * `content`: the origin's answer, null where it was not asked or gave none. Gives the answer that the candidate holds where
 * both are known to say the same.
 */
export async function learn(
  asked: LookUp,
  found: Pick<Found, 'near'>,
  { tier, content }: { tier: TrustNote['tier']; content: StoredContent | null },
  ports: Pick<Ports, 'trust' | 'embedder' | 'pace'>,
  recorder: Recorder,
): Promise<number | null> {
  if (!asked.plan.reads) {
    return null;
  }
  const check = isDrawn(asked, found, tier)
    ? await recorder.stage(
        'check',
        () => checkNear(asked, found, content, ports),
        (said) => said,
      )
    : 'none';
  const { near } = found;
  const { prompt_tokens: prompt, completion_tokens: completion, saved_usd: savedUsd } = recorder.trace;
  const trust = near?.trust ?? (await trustFor(asked, ports));
  trust.note({
    requestId: asked.request.id,
    tier,
    check,
    wasSearched: near !== null,
    refusals: near?.refusals ?? [],
    judged: near?.judged ?? null,
    savedTokens: tier === 'miss' ? 0 : prompt + completion,
    savedUsd,
  });
  return check === 'right' ? (near?.judged?.answer ?? null) : null;
}
