import { describe, expect, test } from 'vitest';
import {
  answerWith,
  createJourney,
  type Asked,
  type Journey,
  type JourneyOptions,
} from '../../test/support/journey.ts';
import { chatCompletion, chatRequest, type RequestChanges } from '../../test/support/samples.ts';
import type { OriginCall } from '../contract/origin.ts';
import { OriginFault } from '../contract/origin.ts';

const CAPITAL = 'What is the capital of France?';
/** The fake embedder sees the same words in it. */
const SAME_WORDS = 'what is the capital of france';
/** Four of six words are the same. */
const CURRENCY = 'What is the currency of France?';

/** Origins answer by the question's last word but one, so that questions share answers. */
function answerByTopic(call: OriginCall): ReturnType<typeof answerWith> {
  const topic = /capital|currency|bread/.exec(call.body)?.[0] ?? 'none';
  return answerWith(`It is about ${topic}.`, call);
}

function createNear(
  options: JourneyOptions = {},
): Journey & { say: (text: string, changes?: RequestChanges) => Promise<Asked> } {
  const journey = createJourney({ script: answerByTopic, ...options });
  let asked = 0;
  return {
    ...journey,
    say: (text, changes = {}) =>
      journey.ask(chatRequest({ messages: [{ role: 'user', content: text }] }, { id: `req_${asked++}`, ...changes })),
  };
}

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

describe('a check', () => {
  test('holds a near hit against the origin after it has left, and stores the answer for the question itself', async () => {
    const { say, ports } = createNear();
    await say(CAPITAL);
    ports.trust.share = 1;
    const { outcome, trace } = await say(SAME_WORDS);
    expect(outcome).toBe('SEMANTIC HIT');
    expect(ports.trust.notes[1]).toMatchObject({ tier: 'near', check: 'right' });
    expect(trace).toMatchObject({ store: 'checked, refreshed: stored', cost_usd: 0.00007, saved_usd: 0.00007 });
    expect(trace.stages).toContainEqual(expect.objectContaining({ stage: 'check', decision: 'right' }));
    expect((await say(SAME_WORDS)).outcome).toBe('HIT');
  });

  test('finds a wrong answer wrong', async () => {
    const { say, ports } = createNear();
    await say(CAPITAL);
    ports.trust.share = 1;
    expect((await say(CURRENCY, { controls: { similarity: 0.3 } })).outcome).toBe('SEMANTIC HIT');
    expect(ports.trust.notes[1]).toMatchObject({ tier: 'near', check: 'wrong' });
  });

  test('of a stream asks for a whole answer', async () => {
    const { ask, ports } = createNear();
    const request = (content: string) => chatRequest({ messages: [{ role: 'user', content }], stream: true });
    await ask(request(CAPITAL));
    ports.trust.share = 1;
    expect((await ask(request(SAME_WORDS))).outcome).toBe('SEMANTIC HIT');
    expect(JSON.parse(ports.origins.calls[1]?.body ?? '{}')).not.toHaveProperty('stream');
    expect(ports.trust.notes[1]).toMatchObject({ check: 'right' });
  });

  test.each([
    ['refuses', { message: { role: 'assistant', content: null, refusal: 'I cannot say.' } }],
    [
      'calls a tool',
      { message: { role: 'assistant', content: null, tool_calls: [{ id: 'a' }] }, finish_reason: 'tool_calls' },
    ],
  ])('finds an answer wrong where the origin %s', async (_name, choice) => {
    let calls = 0;
    const { say, ports } = createNear({
      script: (call) => (calls++ === 0 ? answerByTopic(call) : { parts: [JSON.stringify(chatCompletion('', choice))] }),
    });
    await say(CAPITAL);
    ports.trust.share = 1;
    const { outcome, trace } = await say(SAME_WORDS);
    expect([outcome, ports.trust.notes[1]?.check]).toEqual(['SEMANTIC HIT', 'wrong']);
    expect(trace.store).toContain('not stored');
  });

  test('is made where the namespace stores no answers of requests', async () => {
    const { say, ports } = createNear();
    await say(CAPITAL);
    ports.namespaces.policy = { ...ports.namespaces.policy, write: 'write-around' };
    Object.assign(ports.trust, { share: 1, missShare: 1 });
    expect((await say(SAME_WORDS)).outcome).toBe('SEMANTIC HIT');
    ports.trust.threshold = 2;
    expect((await say(CURRENCY)).outcome).toBe('MISS');
    expect(ports.trust.notes.slice(1).map(({ tier, check }) => [tier, check])).toEqual([
      ['near', 'right'],
      ['miss', 'wrong'],
    ]);
  });

  test('gives its answer to a client that asks the same meanwhile, and makes it wait for nothing else', async () => {
    const { ask, ports } = createNear();
    const request = (id: string, changes: RequestChanges = {}) =>
      chatRequest({ messages: [{ role: 'user', content: SAME_WORDS }] }, { id, ...changes });
    await ask(chatRequest({ messages: [{ role: 'user', content: CAPITAL }] }));
    ports.trust.share = 1;
    const [released, reached] = [Promise.withResolvers<boolean>(), Promise.withResolvers<null>()];
    ports.pace.waitForThread = () => {
      reached.resolve(null);
      return released.promise;
    };
    const other = 'The capital, well, it is Paris.';
    const send = ports.origins.send.bind(ports.origins);
    ports.origins.send = async (call, ...rest) => {
      const reply = await send(call, ...rest);
      return { ...reply, text: () => Promise.resolve(JSON.stringify(chatCompletion(other))) };
    };
    const hit = ask(request('req_a'));
    await reached.promise;
    const follower = await ask(request('req_b', { controls: { similarity: 1 } }));
    expect([follower.outcome, follower.text.includes(other)]).toEqual(['HIT', true]);
    released.resolve(false);
    expect((await hit).outcome).toBe('SEMANTIC HIT');
    expect(ports.trust.notes.find(({ requestId }) => requestId === 'req_a')?.check).toBe('failed');
  });

  test('that the origin does not answer fails nobody who asks the same meanwhile with more than its own fault', async () => {
    let calls = 0;
    const release = Promise.withResolvers<null>();
    const { ask, ports } = createNear({
      script: (call) => (calls++ === 0 ? answerByTopic(call) : new OriginFault('unreachable', 'refused')),
    });
    const request = (id: string, changes: RequestChanges = {}) =>
      chatRequest({ messages: [{ role: 'user', content: SAME_WORDS }] }, { id, ...changes });
    await ask(chatRequest({ messages: [{ role: 'user', content: CAPITAL }] }));
    ports.trust.share = 1;
    const send = ports.origins.send.bind(ports.origins);
    ports.origins.send = async (...given) => {
      await release.promise;
      return send(...given);
    };
    const hit = ask(request('req_a'));
    const follower = ask(request('req_b', { controls: { similarity: 1 } }));
    setTimeout(() => release.resolve(null), 20);
    expect((await hit).outcome).toBe('SEMANTIC HIT');
    expect((await follower).outcome).toBe('origin-failed');
  });

  test('that the origin does not answer has failed, and the hit has not', async () => {
    let calls = 0;
    const script = (call: OriginCall): ReturnType<typeof answerWith> | OriginFault =>
      calls++ === 0 ? answerByTopic(call) : new OriginFault('unreachable', 'refused');
    const { say, ports } = createNear({ script });
    await say(CAPITAL);
    ports.trust.share = 1;
    const { outcome, text } = await say(SAME_WORDS);
    expect([outcome, text.includes('capital')]).toEqual(['SEMANTIC HIT', true]);
    expect(ports.trust.notes[1]).toMatchObject({ tier: 'near', check: 'failed' });
  });

  test('of so many near hits as the share says, by a coin of the request alone', async () => {
    const { say, ports } = createNear();
    ports.trust.share = 0.25;
    await say(CAPITAL);
    for (let at = 0; at < 200; at++) {
      await say(`what is the capital of france${'?'.repeat(at + 1)}`, { controls: { similarity: 0.9 } });
    }
    const checked = ports.trust.notes.filter(({ check }) => check !== 'none').length;
    // Three standard deviations round 50.
    expect(Math.abs(checked - 50)).toBeLessThan(19);
  });

  test.each([
    ['of a near miss too, by its own share', 1, 'wrong'],
    ['is not made where its share is 0', 0, 'none'],
  ])('%s', async (_name, missShare, check) => {
    const { say, ports } = createNear();
    Object.assign(ports.trust, { missShare, threshold: 2 });
    await say(CAPITAL);
    expect((await say(CURRENCY)).outcome).toBe('MISS');
    expect(ports.trust.notes[1]).toMatchObject({ tier: 'miss', check, judged: { answered: CAPITAL } });
  });

  test('lets entries with equal answers be known for that, and those that a check found equal', async () => {
    const { say, ports } = createNear({
      script: (call) =>
        answerWith(/capital/.test(call.body) ? 'Paris.' : /town/.test(call.body) ? '**Paris**' : 'Euro.', call),
    });
    ports.trust.threshold = 2;
    ports.trust.missShare = 1;
    await say(CAPITAL);
    await say('What is the capital town of France?');
    await say(CURRENCY);
    const [first, second, third] = ports.scopes.appended.map(({ answer }) => answer);
    expect(second).toBe(first);
    expect(third).not.toBe(first);
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
