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

/** Has `near` answer so often in so many milliseconds that its slowest are known. */
function teach({ ports: { board } }: Journey, ms: number): void {
  for (let call = 0; call < 40; call++) {
    board.note({
      kind: 'first-token',
      origin: 'near',
      model: 'small',
      tokens: 5,
      lateMs: ms,
      serverMs: null,
      isStream: false,
    });
  }
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

describe('hedging', () => {
  const slowNear: Script = (call, index) => (isNear(call) ? SILENCE : answerByNumber(call, index));

  test('asks another origin once the first is slower than nineteen in twenty, and takes what comes first', async () => {
    const journey = createJourney({ script: slowNear });
    const { ask, ports } = journey;
    teach(journey, 100);
    ports.clock.hold();
    const asked = ask(chatRequest());
    await expect.poll(() => ports.clock.waits.length).toBe(1);
    expect(ports.clock.waits[0]).toBeGreaterThanOrEqual(100);
    expect(ports.clock.waits[0]).toBeLessThan(115);
    expect(ports.origins.calls).toHaveLength(1);
    ports.clock.advance(115);
    const { text, trace } = await asked;
    expect(text).toContain('Answer 1');
    expect(trace.origin).toBe('far');
    // The slow call is given up, and frees its place.
    expect(ports.board.events.map(({ origin, kind }) => `${origin} ${kind}`)).toContain('near outrun');
    expect(ports.board.views().get('near')?.inFlight).toBe(0);
  });

  test('the breaker does not blame an origin that was only slower', async () => {
    const journey = createJourney({ script: slowNear });
    teach(journey, 100);
    await journey.ask(chatRequest());
    expect(journey.ports.board.views().get('near')?.breaker.outages).toBe(0);
  });

  test('is no more than one request in twenty, and one at first', async () => {
    const journey = createJourney({ script: answerByNumber });
    let hedged = 0;
    teach(journey, 100);
    for (let request = 0; request < 200; request++) {
      journey.ports.board.earn();
      hedged += journey.ports.board.spend('hedge') ? 1 : 0;
    }
    expect(hedged).toBeLessThanOrEqual(11);
  });

  test('where the other fails, the first is still waited for', async () => {
    const late = Promise.withResolvers<null>();
    const journey = createJourney({ script: (call, index) => (isNear(call) ? answerByNumber(call, index) : REFUSED) });
    const { ask, ports } = journey;
    teach(journey, 100);
    const { origins } = ports;
    const send = origins.send.bind(origins);
    origins.send = async (call, signal) => {
      if (isNear(call)) {
        await late.promise;
      }
      return send(call, signal);
    };
    const asked = ask(chatRequest());
    await expect.poll(() => origins.calls.length).toBe(1);
    late.resolve(null);
    expect((await asked).trace.origin).toBe('near');
  });

  test('a stream that comes too late is cancelled at its origin', async () => {
    const journey = createJourney({ script: answerByNumber });
    const { ask, ports } = journey;
    for (let call = 0; call < 40; call++) {
      ports.board.note({
        kind: 'first-token',
        origin: 'near',
        model: 'small',
        tokens: 5,
        lateMs: 100,
        serverMs: null,
        isStream: true,
      });
    }
    const { origins } = ports;
    const send = origins.send.bind(origins);
    const late = Promise.withResolvers<null>();
    // One that does not notice that it is given up.
    origins.send = async (call, signal) => {
      if (isNear(call)) {
        await late.promise;
        return send(call, new AbortController().signal);
      }
      return send(call, signal);
    };
    const { trace } = await ask(chatRequest({ stream: true }));
    expect(trace.origin).toBe('far');
    late.resolve(null);
    await expect.poll(() => origins.cancelled.filter(isNear).length).toBe(1);
    await expect.poll(() => ports.board.views().get('near')?.inFlight).toBe(0);
  });

  test('nothing is hedged that has begun', async () => {
    const script: Script = (call) =>
      isNear(call)
        ? streamReply('data: {"choices":[{"delta":{"content":"Hi"}}]}\n\n', SILENCE)
        : answerByNumber(call, 1);
    const journey = createJourney({ script });
    teach(journey, 100);
    const caller = new AbortController();
    const asked = journey.ask(chatRequest({ stream: true }, { signal: caller.signal }));
    await expect.poll(() => journey.ports.origins.begun.length).toBe(1);
    journey.ports.clock.advance(100_000);
    caller.abort();
    await asked;
    expect(journey.ports.origins.calls).toHaveLength(1);
  });
});
