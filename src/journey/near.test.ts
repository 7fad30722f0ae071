import { describe, expect, test } from 'vitest';
import type { Journey } from '../../test/support/journey.ts';
import { CAPITAL, createNear, CURRENCY, SAME_WORDS } from '../../test/support/near.ts';

describe('a near hit', () => {
  test('is judged under the policy of its namespace, and told of once', async () => {
    const { say, ports } = createNear();
    await say(CAPITAL);
    expect((await say(SAME_WORDS)).outcome).toBe('SEMANTIC HIT');
    const domain = { owner: 'tenant/alice', namespace: '', jurisdiction: null };
    expect(ports.trust.asked.at(-1)).toEqual({ domain, wish: { delta: 0.01, shadowShare: 0 } });
    expect(ports.trust.notes).toHaveLength(2);
    expect(ports.trust.notes[1]).toMatchObject({
      requestId: 'req_1',
      tier: 'near',
      check: 'none',
      wasSearched: true,
      refusals: [],
      judged: { similarity: expect.closeTo(1, 5), features: expect.any(Array), asked: SAME_WORDS, answered: CAPITAL },
      savedTokens: expect.any(Number),
      savedUsd: expect.closeTo(0.00007, 6),
    });
    expect(ports.origins.calls).toHaveLength(1);
  });

  test.each<[string, string, Partial<Journey['ports']['trust']>]>([
    ['the judge is not sure', 'unsure, at -1.00', { threshold: 2 }],
    ['the verifier fails', 'unverified: no memory', { usesVerifier: true }],
  ])('is none where %s', async (_name, detail, trust) => {
    const { say, ports } = createNear();
    Object.assign(ports.trust, trust);
    ports.verifier.fault = { kind: 'unavailable', detail: 'no memory' };
    await say(CAPITAL);
    const { outcome, trace } = await say(SAME_WORDS);
    expect(outcome).toBe('MISS');
    expect(trace.stages).toContainEqual(expect.objectContaining({ stage: 'near', decision: 'miss', detail }));
  });

  test('is verified where the judge wants it, the question asked first', async () => {
    const { say, ports } = createNear();
    ports.trust.usesVerifier = true;
    await say(CAPITAL);
    expect((await say(SAME_WORDS)).outcome).toBe('SEMANTIC HIT');
    expect(ports.verifier.calls).toEqual([[SAME_WORDS, CAPITAL]]);
  });

  test('is not verified where nothing the verifier could say would have it served, and teaches nothing then', async () => {
    const { say, ports } = createNear();
    Object.assign(ports.trust, { usesVerifier: true, isWorthVerifying: false, threshold: 2, missShare: 1 });
    await say(CAPITAL);
    expect((await say(SAME_WORDS)).outcome).toBe('MISS');
    expect(ports.verifier.calls).toEqual([]);
    expect(ports.trust.notes[1]).toMatchObject({ tier: 'miss', check: 'none', judged: { answered: CAPITAL } });
  });

  test('is none without the word of a verifier that was not asked, whatever the judge makes of it', async () => {
    const { say, ports } = createNear();
    Object.assign(ports.trust, { usesVerifier: true, isWorthVerifying: false });
    await say(CAPITAL);
    expect((await say(SAME_WORDS)).outcome).toBe('MISS');
  });

  test('is none while the thread has no time to verify', async () => {
    const { say, ports } = createNear();
    ports.trust.usesVerifier = true;
    await say(CAPITAL);
    let taken = 0;
    ports.pace.takeThread = () => taken++ === 0;
    expect((await say(SAME_WORDS)).outcome).toBe('MISS');
    expect(ports.verifier.calls).toEqual([]);
  });

  test('falls to the next candidate where a guard refuses the nearest, and counts the refusal', async () => {
    const { say, ports } = createNear();
    await say('Is it safe to eat 3 eggs a day?', { controls: { similarity: 1 } });
    await say('Is it safe to eat eggs each day?', { controls: { similarity: 1 } });
    const { outcome, trace } = await say('Is it safe to eat 5 eggs a day?');
    expect(trace.stages.find(({ stage }) => stage === 'near')).toMatchObject({ decision: 'miss' });
    expect(outcome).toBe('MISS');
    expect(ports.trust.notes.at(-1)?.refusals).toEqual(['numbers', 'numbers']);
  });

  test('lies above the floor that the request names, whatever the judge says', async () => {
    const { say } = createNear();
    await say(CAPITAL);
    expect((await say(CURRENCY, { controls: { similarity: 0.9 } })).outcome).toBe('MISS');
    expect((await say('What is the cuisine of France?', { controls: { similarity: 0.3 } })).outcome).toBe(
      'SEMANTIC HIT',
    );
  });

  test('goes by the cosine alone, unchecked, where the namespace says so', async () => {
    const { say, ports } = createNear();
    ports.namespaces.policy = { ...ports.namespaces.policy, judge: 'similarity' };
    ports.trust.threshold = 2;
    ports.trust.share = 1;
    await say(CAPITAL);
    expect((await say(SAME_WORDS)).outcome).toBe('SEMANTIC HIT');
    expect(ports.trust.notes[1]).toMatchObject({ tier: 'near', judged: null, check: 'none' });
    expect(ports.origins.calls).toHaveLength(1);
  });
});

describe('what is told', () => {
  test('of exact hits, misses and shared answers', async () => {
    const { say, ports } = createNear();
    await say(CAPITAL);
    await say(CAPITAL);
    expect(ports.trust.notes.map(({ tier, wasSearched, judged }) => [tier, wasSearched, judged])).toEqual([
      ['miss', false, null],
      ['exact', false, null],
    ]);
  });

  test('of an answer that another request was given at the time', async () => {
    const { say, ports } = createNear();
    const send = ports.origins.send.bind(ports.origins);
    ports.origins.send = async (...given) => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      return send(...given);
    };
    await Promise.all([say(CAPITAL), say(CAPITAL)]);
    expect(ports.trust.notes.map(({ tier }) => tier).toSorted()).toEqual(['miss', 'shared']);
    expect(ports.trust.notes.find(({ tier }) => tier === 'shared')?.savedUsd).toBeCloseTo(0.00007, 6);
  });

  test('is nothing of a request that bypasses the cache', async () => {
    const { say, ports } = createNear();
    await say(CAPITAL, { controls: { cache: 'bypass' } });
    expect(ports.trust.notes).toEqual([]);
  });

  test('names the jurisdiction that the request is bound to', async () => {
    const { say, ports } = createNear();
    await say(CAPITAL, { controls: { residency: 'eu' } });
    expect(ports.trust.asked.map(({ domain }) => domain.jurisdiction)).toEqual(['eu']);
  });
});
