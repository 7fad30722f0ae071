import { describe, expect, test } from 'vitest';
import { answerWith } from '../../test/support/journey.ts';
import { answerByTopic, CAPITAL, createNear, CURRENCY, SAME_WORDS } from '../../test/support/near.ts';
import { chatCompletion, chatRequest, type RequestChanges } from '../../test/support/samples.ts';
import { OriginFault, type OriginCall } from '../contract/origin.ts';

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
    expect(JSON.parse(String(ports.origins.calls[1]?.body ?? '{}'))).not.toHaveProperty('stream');
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
        answerWith(
          /capital/.test(String(call.body)) ? 'Paris.' : /town/.test(String(call.body)) ? '**Paris**' : 'Euro.',
          call,
        ),
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
