import { describe, expect, test } from 'vitest';
import { SILENCE, type Script } from '../../test/support/fake-origin-client.ts';
import { answerByNumber, createJourney, streamReply, type Journey } from '../../test/support/journey.ts';
import { chatRequest, type RequestChanges } from '../../test/support/samples.ts';
import { OriginFault } from '../contract/origin.ts';

const REFUSED = new OriginFault('unreachable', 'refused');

function isNear({ url }: { url: string }): boolean {
  return url === 'https://near.example.com/v1/chat/completions';
}

/** Has `near` answer so often in so many milliseconds that its slowest are known. */
function teach({ ports: { board } }: Journey, ms: number, isStream = true): void {
  for (let call = 0; call < 40; call++) {
    board.note({
      kind: 'first-token',
      origin: 'near',
      model: 'small',
      tokens: 5,
      lateMs: ms,
      serverMs: null,
      isStream,
    });
  }
}

describe('hedging', () => {
  const slowNear: Script = (call, index) => (isNear(call) ? SILENCE : answerByNumber(call, index));
  const streamed = (seed = 0, changes: RequestChanges = {}) => chatRequest({ seed, stream: true }, changes);

  test('asks another origin once the first is slower than nineteen in twenty, and takes what comes first', async () => {
    const journey = createJourney({ script: slowNear });
    const { ask, ports } = journey;
    teach(journey, 100);
    ports.clock.hold();
    const asked = ask(streamed());
    await expect.poll(() => ports.clock.waits.length).toBe(1);
    expect(ports.clock.waits[0]).toBeGreaterThanOrEqual(100);
    expect(ports.clock.waits[0]).toBeLessThan(115);
    expect(ports.origins.calls).toHaveLength(1);
    ports.clock.advance(115);
    const { text, trace } = await asked;
    expect(text).toContain('[DONE]');
    expect(trace.origin).toBe('far');
    // The slow call is given up, and frees its place.
    expect(ports.board.events.map(({ origin, kind }) => `${origin} ${kind}`)).toContain('near outrun');
    expect(ports.board.views().get('near')?.inFlight).toBe(0);
  });

  test('the breaker does not blame an origin that was slower once, and does one of which three calls in a row show nothing', async () => {
    const journey = createJourney({ script: slowNear });
    teach(journey, 100);
    for (const [seed, outages] of [
      [0, 0],
      [1, 0],
      [2, 1],
    ] as const) {
      // A hedge for each twenty requests, and one at first.
      for (let request = 0; request < 20; request++) {
        journey.ports.board.earn();
      }
      await journey.ask(streamed(seed));
      expect(journey.ports.board.views().get('near')?.breaker.outages).toBe(outages);
    }
    expect((await journey.ask(streamed(3))).trace.stages.filter(({ stage }) => stage === 'origin')).toHaveLength(1);
  });

  test('is of one request in twenty, and one at first: others wait for the slow one', async () => {
    const late = Promise.withResolvers<null>();
    const journey = createJourney({ script: answerByNumber });
    const { origins } = journey.ports;
    const send = origins.send.bind(origins);
    origins.send = async (call, signal) => {
      if (isNear(call)) {
        await Promise.race([late.promise, new Promise((resolve) => signal.addEventListener('abort', resolve))]);
      }
      return send(call, signal);
    };
    teach(journey, 100);
    const asked = Array.from({ length: 60 }, (_, seed) => journey.ask(streamed(seed)));
    await expect.poll(() => origins.calls.length).toBeGreaterThan(0);
    await new Promise((resolve) => setTimeout(resolve, 20));
    late.resolve(null);
    const calls = (await Promise.all(asked)).map(
      ({ trace }) => trace.stages.filter(({ stage }) => stage === 'origin').length,
    );
    const hedged = calls.filter((count) => count > 1).length;
    expect(hedged).toBeGreaterThan(0);
    expect(hedged).toBeLessThanOrEqual(4);
  });

  test('an answer that is not streamed is not hedged: it may be long, and would be paid for twice', async () => {
    const journey = createJourney({ script: slowNear });
    teach(journey, 100, false);
    const caller = new AbortController();
    const asked = journey.ask(chatRequest({}, { signal: caller.signal }));
    await expect.poll(() => journey.ports.origins.calls.length).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 5));
    caller.abort();
    await asked;
    expect(journey.ports.origins.calls).toHaveLength(1);
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
    const asked = ask(streamed());
    await expect.poll(() => origins.calls.length).toBe(1);
    late.resolve(null);
    expect((await asked).trace.origin).toBe('near');
  });

  test('what one of them refuses for good is told at once, and asked of nobody else', async () => {
    const late = Promise.withResolvers<null>();
    const script: Script = (call) => (isNear(call) ? { status: 400, parts: ['{"error":{"message":"No."}}'] } : SILENCE);
    const journey = createJourney({ script });
    const { origins } = journey.ports;
    const send = origins.send.bind(origins);
    teach(journey, 100);
    origins.send = async (call, signal) => {
      if (isNear(call)) {
        await late.promise;
      }
      return send(call, signal);
    };
    const asked = journey.ask(streamed());
    await expect.poll(() => origins.calls.length).toBe(1);
    late.resolve(null);
    expect((await asked).outcome).toBe('origin-rejected');
    expect(origins.calls).toHaveLength(2);
  });

  test('a stream that comes too late is cancelled at its origin', async () => {
    const journey = createJourney({ script: answerByNumber });
    const { ask, ports } = journey;
    teach(journey, 100);
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
    const { trace } = await ask(streamed());
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
    journey.ports.clock.hold();
    const caller = new AbortController();
    const asked = journey.ask(streamed(0, { signal: caller.signal }));
    await expect.poll(() => journey.ports.board.events.some(({ kind }) => kind === 'first-token')).toBe(true);
    journey.ports.clock.advance(100_000);
    await new Promise((resolve) => setTimeout(resolve, 5));
    caller.abort();
    await asked;
    expect(journey.ports.clock.waits).toHaveLength(1);
    expect(journey.ports.origins.calls).toHaveLength(1);
  });
});
