import { describe, expect, test } from 'vitest';
import { SILENCE, type Script, type ScriptedReply } from '../../test/support/fake-origin-client.ts';
import { answerByNumber, createJourney, streamReply, type Journey } from '../../test/support/journey.ts';
import { chatRequest } from '../../test/support/samples.ts';
import { OriginFault } from '../contract/origin.ts';
import { CLOSED } from '../origin/breaker.ts';

const REFUSED = new OriginFault('unreachable', 'refused');
const NEAR = 'https://near.example.com/v1/chat/completions';

function isNear({ url }: { url: string }): boolean {
  return url === NEAR;
}

async function askOften({ ask }: Journey, times: number): Promise<string[]> {
  const outcomes: string[] = [];
  for (let seed = 0; seed < times; seed++) {
    outcomes.push((await ask(chatRequest({ seed }))).outcome);
  }
  return outcomes;
}

describe('failOver()', () => {
  test('no client sees it when one of two origins cannot be reached', async () => {
    const journey = createJourney({ script: (call, index) => (isNear(call) ? REFUSED : answerByNumber(call, index)) });
    expect(new Set(await askOften(journey, 50))).toEqual(new Set(['MISS']));
    // The breaker keeps requests away: it is tried once.
    expect(journey.ports.origins.calls.filter(isNear)).toHaveLength(1);
  });

  test('retries are budgeted where origins had the request: a tenth of the traffic, and ten at first', async () => {
    const journey = createJourney({ script: () => ({ status: 500 }), vars: { ORIGIN_COOL_DOWN_MS: 0 } });
    await askOften(journey, 100);
    const { length } = journey.ports.origins.calls;
    expect(length - 100).toBeGreaterThan(10);
    expect(length - 100).toBeLessThanOrEqual(20);
  });

  test.each([false, true])(
    'no client sees it when an origin dies with a hundred requests, stream %s',
    async (stream) => {
      const died = Promise.withResolvers<null>();
      const journey = createJourney({ script: answerByNumber });
      const { origins } = journey.ports;
      const send = origins.send.bind(origins);
      let waiting = 0;
      origins.send = async (call, signal) => {
        if (isNear(call)) {
          waiting++;
          await died.promise;
          throw new OriginFault('cut', 'reset');
        }
        return send(call, signal);
      };
      const asked = Array.from({ length: 100 }, (_, seed) => journey.ask(chatRequest({ seed, stream })));
      await expect.poll(() => waiting).toBe(100);
      died.resolve(null);
      expect(new Set((await Promise.all(asked)).map(({ outcome }) => outcome))).toEqual(new Set(['MISS']));
    },
  );

  test.each<[string, boolean, ScriptedReply]>([
    ['an error', false, { status: 500 }],
    ['nonsense', false, { parts: ['?'] }],
    ['an error', true, { status: 500 }],
    ['a stream of nothing', true, streamReply()],
  ])('what all origins answer with %s is held against none, stream %s', async (_name, stream, reply) => {
    const journey = createJourney({
      script: (call, index) => (call.body?.toString().includes('poison') ? reply : answerByNumber(call, index)),
    });
    const messages = [{ role: 'user', content: 'poison' }];
    expect((await journey.ask(chatRequest({ stream, messages }))).outcome).toBe('origin-failed');
    const views = [...journey.ports.board.views().values()];
    expect(views.map(({ breaker, breakers, inFlight }) => [breaker, breakers.get('small'), inFlight])).toEqual(
      views.map(() => [CLOSED, CLOSED, 0]),
    );
    expect((await journey.ask(chatRequest({ stream }))).trace.origin).toBe('near');
  });

  test('what another origin answers is held against the one that did not', async () => {
    const journey = createJourney({
      script: (call, index) => (isNear(call) ? { status: 500 } : answerByNumber(call, index)),
    });
    expect((await journey.ask(chatRequest())).trace.origin).toBe('far');
    expect(journey.ports.board.views().get('near')).toMatchObject({ inFlight: 0 });
    await journey.ask(chatRequest({ seed: 1 }));
    expect(journey.ports.origins.calls.filter(isNear)).toHaveLength(1);
  });

  test('sends a request again that a closing connection lost, and blames nobody', async () => {
    const journey = createJourney({
      script: (call, index) => (index === 1 ? REFUSED : answerByNumber(call, index)),
    });
    await journey.ask(chatRequest());
    const { text, trace } = await journey.ask(chatRequest({ seed: 1 }));
    expect([text.includes('Answer 2'), trace.origin]).toEqual([true, 'near']);
    expect(journey.ports.board.views().get('near')).toMatchObject({ breaker: CLOSED, inFlight: 0 });
  });

  test('a connection that is lost after a round trip was not closed before', async () => {
    const journey = createJourney({ script: answerByNumber });
    await journey.ask(chatRequest());
    const { origins, clock } = journey.ports;
    const send = origins.send.bind(origins);
    origins.send = async (call, signal) => {
      if (isNear(call)) {
        clock.advance(1_000);
        throw REFUSED;
      }
      return send(call, signal);
    };
    expect((await journey.ask(chatRequest({ seed: 1 }))).trace.origin).toBe('far');
    expect(journey.ports.board.views().get('near')?.breaker.outages).toBe(1);
  });

  test('a request that kills each origin it is sent to is not sent on for ever', async () => {
    const models = [{ id: 'small' }];
    const place = { region: 'r', latitude: 0, longitude: 0, jurisdiction: 'eu', models };
    const ORIGINS = Array.from({ length: 20 }, (_, at) => ({
      ...place,
      id: `o${at}`,
      url: `https://o${at}.example.com`,
    }));
    const journey = createJourney({ script: () => new OriginFault('cut', 'reset'), vars: { ORIGINS } });
    await askOften(journey, 100);
    // One more call each, and twenty out of the budget.
    expect(journey.ports.origins.calls.length).toBeLessThanOrEqual(220);
  });

  test('waits before a retry, longer the second time, with full jitter', async () => {
    const { ask, ports } = createJourney({ script: () => REFUSED });
    await ask(chatRequest());
    const [first = -1, second = -1] = ports.clock.waits;
    expect(first).toBeGreaterThanOrEqual(0);
    expect(first).toBeLessThanOrEqual(50);
    expect(second).toBeLessThanOrEqual(100);
  });

  test('asks the only origin again, once the connection failed, and refuses without asking where it is dead', async () => {
    const journey = createJourney({ script: () => REFUSED });
    const { ask, ports } = journey;
    const controls = { residency: 'eu' };
    expect((await ask(chatRequest({}, { controls }))).outcome).toBe('origin-failed');
    expect(ports.origins.calls.length).toBeGreaterThan(1);
    for (let outage = 0; outage < 3; outage++) {
      ports.clock.advance(60_000);
      ports.board.note({ kind: 'probed', origin: 'near', ms: null });
    }
    const before = ports.origins.calls.length;
    expect((await ask(chatRequest({ seed: 1 }, { controls }))).outcome).toBe('no-origin');
    expect(ports.origins.calls).toHaveLength(before);
  });

  test('obeys an origin that asks to wait, and asks another meanwhile', async () => {
    const journey = createJourney({
      script: (call, index) => (index === 0 ? { status: 429, retryAfter: '7' } : answerByNumber(call, index)),
    });
    const { ask, ports } = journey;
    expect((await ask(chatRequest())).trace.origin).toBe('far');
    ports.clock.advance(6_999);
    expect((await ask(chatRequest({ seed: 1 }))).trace.origin).toBe('far');
    ports.clock.advance(1);
    expect((await ask(chatRequest({ seed: 2 }))).trace.origin).toBe('near');
  });

  test('tells a client to come back, where origins lack room alone', async () => {
    const { ask, ports } = createJourney({ script: () => ({ status: 429, retryAfter: '7' }) });
    await ask(chatRequest());
    const { result } = await ask(chatRequest({ seed: 1 }));
    expect(result).toMatchObject({ problem: { kind: 'overloaded', retryAfterSeconds: 7 } });
    expect(ports.origins.calls).toHaveLength(2);
  });

  test('a batch request is refused while an interactive one is still let in', async () => {
    const models = [{ id: 'small' }];
    const one = { id: 'near', url: 'https://near.example.com/v1', region: 'r', latitude: 0, longitude: 0, models };
    const ORIGINS = [{ ...one, jurisdiction: 'eu', capacity: 5 }];
    const journey = createJourney({ script: () => SILENCE, vars: { ORIGINS } });
    const caller = new AbortController();
    const open = [0, 1, 2, 3].map((seed) => journey.ask(chatRequest({ seed }, { signal: caller.signal })));
    await expect.poll(() => journey.ports.origins.calls.length).toBe(4);
    const batch = await journey.ask(chatRequest({ seed: 9 }, { controls: { priority: 'batch' } }));
    expect(batch.result).toMatchObject({ problem: { kind: 'overloaded', retryAfterSeconds: 1 } });
    open.push(journey.ask(chatRequest({ seed: 5 }, { signal: caller.signal })));
    await expect.poll(() => journey.ports.origins.calls.length).toBe(5);
    expect((await journey.ask(chatRequest({ seed: 6 }))).outcome).toBe('overloaded');
    caller.abort();
    await Promise.all(open);
    // What was given up makes room.
    expect(journey.ports.board.views().get('near')?.inFlight).toBe(0);
  });
});

describe('budgets', () => {
  test('an origin that refuses the gateway costs neither waits nor retries where nobody else is left', async () => {
    const journey = createJourney({ script: () => ({ status: 403 }) });
    const asked = Array.from({ length: 20 }, (_, seed) =>
      journey.ask(chatRequest({ seed }, { controls: { residency: 'eu' } })),
    );
    expect(new Set((await Promise.all(asked)).map(({ outcome }) => outcome))).toEqual(new Set(['origin-failed']));
    expect(journey.ports.clock.waits).toEqual([]);
    expect(journey.ports.board.spend('retry')).toBe(true);
  });

  test('a lone origin that died is asked again out of the budget alone', async () => {
    const journey = createJourney({
      script: () => REFUSED,
      vars: { ORIGIN_COOL_DOWN_MS: 0, ORIGIN_MAX_COOL_DOWN_MS: 0 },
    });
    for (let seed = 0; seed < 100; seed++) {
      await journey.ask(chatRequest({ seed }, { controls: { residency: 'eu' } }));
    }
    expect(journey.ports.origins.calls.length).toBeLessThanOrEqual(120);
  });

  test('one that failed by chance is asked where the other one does not know the gateway', async () => {
    const journey = createJourney({
      script: (call, index) => (isNear(call) ? { status: 401 } : answerByNumber(call, index)),
    });
    journey.ports.board.note({ kind: 'failed', origin: 'far', model: 'small', isWhole: true });
    expect((await journey.ask(chatRequest())).trace.origin).toBe('far');
  });

  test('one that asks to wait after a failure is left alone for so long', async () => {
    const script: Script = (_call, index) => (index === 0 ? { status: 500 } : { status: 429, retryAfter: '60' });
    const { ask, ports } = createJourney({ script });
    const controls = { residency: 'eu' };
    await ask(chatRequest({ seed: 0 }, { controls }));
    await ask(chatRequest({ seed: 1 }, { controls }));
    const { length } = ports.origins.calls;
    const { result } = await ask(chatRequest({ seed: 2 }, { controls }));
    expect(result).toMatchObject({ problem: { kind: 'overloaded', retryAfterSeconds: 60 } });
    expect(ports.origins.calls).toHaveLength(length);
  });
});
