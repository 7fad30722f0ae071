/** What every NearTrust must do: how it judges is its own. */
import { describe, expect, test } from 'vitest';
import type { Near, NearTrust, TrustDomain, TrustNote, TrustWish } from '../../src/contract/trust.ts';
import { FEATURES } from '../../src/cache/trust/features.ts';

const WISH: TrustWish = { delta: 0.01, shadowShare: 0.02 };
let count = 0;

export function describeNearTrust(name: string, create: () => NearTrust): void {
  describe(`NearTrust, ${name}`, () => {
    const trust = create();
    const domainOf = (changes: Partial<TrustDomain> = {}): TrustDomain => {
      count++;
      return { owner: `tenant/contract-${name}-${count}`, namespace: '', jurisdiction: null, ...changes };
    };

    test('serves nothing without facts, and says why', async () => {
      const served = await trust.serve(domainOf(), WISH);
      const one: Near = { entry: 'e', similarity: 1, answer: 'a' };
      expect(served.judge([one], one, null)).toEqual({
        isServed: false,
        score: null,
        features: null,
        reason: 'unverified',
      });
    });

    test('knows a near hit as soon as it was noted, by its own domain alone', async () => {
      const [domain, other] = [domainOf(), domainOf()];
      const served = await trust.serve(domain, WISH);
      const note = noteOf(`req_contract_${name}_${count}`);
      served.note(note);
      served.note({ ...note, requestId: `${note.requestId}_miss`, tier: 'miss' });
      const say = (of: TrustDomain, requestId: string) => trust.feedback(of, WISH, { requestId, isRight: true });
      expect(await say(domain, note.requestId)).toEqual({ ok: true, value: true });
      expect(await say(domain, `${note.requestId}_miss`)).toEqual({ ok: true, value: false });
      expect(await say(domain, 'req_unknown')).toEqual({ ok: true, value: false });
      expect(await say(other, `${note.requestId}_other`)).toEqual({ ok: true, value: false });
    });

    test('has no labels where nothing was checked', async () => {
      expect(await trust.labels(domainOf(), { after: 0, limit: 10 })).toEqual({ ok: true, value: [] });
    });
  });
}

function noteOf(requestId: string): TrustNote {
  const features = FEATURES.map(() => 0.5);
  return {
    requestId,
    tier: 'near',
    wasSearched: true,
    refusals: [],
    judged: { entry: 'e', similarity: 1, score: 1, features, asked: 'asked', answered: 'answered' },
    check: 'none',
    savedTokens: 0,
    savedUsd: 0,
  };
}
