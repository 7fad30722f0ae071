import { describe, expect, test } from 'vitest';
import { createJourney } from '../../test/support/journey.ts';
import { ALICE, chatRequest, CONTROLS, sampleSettings } from '../../test/support/samples.ts';
import { answer, startRecord } from '../gateway.ts';
import { preload } from './preload.ts';
import { purge } from './purge.ts';

const ask = (content: string, changes = {}) => chatRequest({ messages: [{ role: 'user', content }] }, changes);

describe('the policy of a namespace', () => {
  test('cache-aside: each of several identical requests asks the origin', async () => {
    const { ask: send, ports } = createJourney();
    ports.namespaces.policy.read = 'cache-aside';
    const origin = ports.origins.send.bind(ports.origins);
    ports.origins.send = async (...given) => {
      await new Promise((resolve) => setTimeout(resolve, 50));
      return origin(...given);
    };
    await Promise.all([send(chatRequest()), send(chatRequest())]);
    expect(ports.origins.calls).toHaveLength(2);
  });

  test.each([false, true])(
    'write-through: the answer is stored when it has been read whole (stream: %s)',
    async (stream) => {
      const { ports, ask: send } = createJourney();
      ports.namespaces.policy.write = 'write-through';
      let writesAtEnd = -1;
      const put = ports.answers.put.bind(ports.answers);
      ports.answers.put = async (...given) => {
        const done = await put(...given);
        writesAtEnd = ports.answers.writes.length;
        return done;
      };
      const { result } = await send(chatRequest({ stream }));
      expect([result.ok, writesAtEnd]).toEqual([true, 1]);
      expect((await send(chatRequest({ stream }))).outcome).toBe('HIT');
      expect(ports.answers.writes).toHaveLength(1);
    },
  );

  test('write-through: nobody waits for what is learnt from the answer', async () => {
    const { ports, ask: send } = createJourney();
    ports.namespaces.policy.write = 'write-through';
    Object.assign(ports.trust, { missShare: 1, threshold: 2 });
    const learnt = Promise.withResolvers<boolean>();
    ports.pace.waitForThread = () => learnt.promise;
    await send(ask('What is the capital of France?'));
    const near = ask('what is the capital of france');
    const recorder = startRecord({ request_id: near.id, route: '', colo: null }, ports);
    const result = await answer(near, ports, sampleSettings(), recorder);
    expect(result.ok && (await new Response(result.value.body).text())).toContain('Answer');
    expect(ports.answers.writes).toHaveLength(2);
    learnt.resolve(false);
    await recorder.finish();
    expect(recorder.trace.store).toMatch(/^stored/);
  });

  test('write-through: an answer that cannot be stored is given all the same', async () => {
    const { ports, ask: send } = createJourney();
    ports.namespaces.policy.write = 'write-through';
    ports.answers.writeFault = 'KV PUT failed: 429';
    const { outcome, trace } = await send(chatRequest());
    expect([outcome, trace.store]).toEqual(['MISS', 'not stored: KV PUT failed: 429']);
  });

  test('write-around: answers of requests are not stored, preloaded ones are found', async () => {
    const { ports, ask: send } = createJourney();
    ports.namespaces.policy.write = 'write-around';
    const first = await send(ask('What is your address?'));
    expect(first.trace.store).toBe('not stored: the namespace stores no answers of requests');
    const rows = [
      {
        body: { model: 'small', messages: [{ role: 'user', content: 'What is your address?' }] },
        answer: '1 Main Street',
      },
    ];
    const by = { ...chatRequest(), tenant: ALICE, controls: CONTROLS };
    expect(await preload(rows, by, ports, sampleSettings())).toEqual([null]);
    const second = await send(ask('What is your address?'));
    expect([second.outcome, second.text.includes('1 Main Street')]).toEqual(['HIT', true]);
    expect((await send(ask('your address, what is it?', { controls: { similarity: 0.5 } }))).outcome).toBe(
      'SEMANTIC HIT',
    );
  });

  test('audience: a key, a tenant, or all', async () => {
    const outcomes: string[] = [];
    for (const audience of ['key', 'tenant', 'shared'] as const) {
      const { ports, ask: send } = createJourney();
      ports.namespaces.policy.audience = audience;
      await send(chatRequest());
      const colleague = await send(chatRequest({}, { tenant: { keyId: 'other' } }));
      const stranger = await send(chatRequest({}, { tenant: { id: 'bob', keyId: 'third' } }));
      outcomes.push(`${audience}: ${colleague.outcome} ${stranger.outcome}`);
    }
    expect(outcomes).toEqual(['key: MISS MISS', 'tenant: HIT MISS', 'shared: HIT HIT']);
  });

  test('stale-while-revalidate: gives what has ended, and asks anew in the background, once', async () => {
    const { ports, ask: send } = createJourney();
    Object.assign(ports.namespaces.policy, { ttlSeconds: 60, staleSeconds: 60 });
    await send(chatRequest());
    ports.clock.advance(60_000);
    expect((await send(chatRequest({}, { controls: { maxAgeSeconds: 100 } }))).outcome).toBe('MISS');
    ports.clock.advance(60_000);
    const stale = await send(chatRequest({ stream: true }));
    expect([stale.outcome, stale.text.includes('Answer 1')]).toEqual(['HIT', true]);
    expect(stale.trace.store).toMatch(/^stale, refreshed: stored/);
    const fresh = await send(chatRequest());
    expect([fresh.outcome, fresh.text.includes('Answer 2')]).toEqual(['HIT', true]);
    ports.clock.advance(120_000);
    expect((await send(chatRequest())).outcome).toBe('MISS');
  });

  test('a namespace that cannot be read is not cached: what was purged must not come back', async () => {
    const { ports, ask: send } = createJourney();
    await send(chatRequest());
    ports.namespaces.fault = 'KV GET failed: 500';
    const { outcome, trace } = await send(chatRequest());
    expect([outcome, trace.store]).toEqual(['BYPASS', 'not stored: its namespace is not known: KV GET failed: 500']);
  });
});

describe('purge()', () => {
  const mine = { tenant: ALICE, controls: { namespace: '', residency: null } };

  test.each([
    ['a namespace', { kind: 'namespace' as const }, ['MISS', 'HIT', 'HIT']],
    ['a tenant', { kind: 'tenant' as const }, ['MISS', 'MISS', 'HIT']],
  ])('takes away all answers of %s, and no other', async (_name, wish, expected) => {
    const { ports, ask: send } = createJourney();
    const requests = [{}, { controls: { namespace: 'b' } }, { tenant: { id: 'bob' } }];
    for (const changes of requests) {
      await send(chatRequest({}, changes));
    }
    expect(await purge(wish, mine, ports)).toEqual({ ok: true, value: true });
    const outcomes: string[] = [];
    for (const changes of requests) {
      outcomes.push((await send(chatRequest({}, changes))).outcome);
    }
    expect(outcomes).toEqual(expected);
  });

  test('takes away one entry, by the name that its answer told, for its own tenant alone', async () => {
    const { ports, ask: send } = createJourney();
    const { result } = await send(chatRequest());
    const entry = (result.ok ? result.value.cache.entry : null) ?? expect.fail();
    const bob = { ...mine, tenant: { ...ALICE, id: 'bob' } };
    expect(await purge({ kind: 'entry', entry }, bob, ports)).toEqual({ ok: true, value: false });
    expect((await send(chatRequest())).outcome).toBe('HIT');
    expect(await purge({ kind: 'entry', entry }, mine, ports)).toEqual({ ok: true, value: true });
    expect(await purge({ kind: 'entry', entry }, mine, ports)).toEqual({ ok: true, value: false });
    expect(await purge({ kind: 'entry', entry: 'e:x' }, mine, ports)).toEqual({ ok: true, value: false });
    const { vector = new Float32Array(), scope = '' } = ports.scopes.appended[0] ?? {};
    expect(await ports.scopes.nearest(scope, vector, 1)).toMatchObject({ value: { neighbours: [] } });
    expect((await send(chatRequest())).outcome).toBe('MISS');
  });
});
