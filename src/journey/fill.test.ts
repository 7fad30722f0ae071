import { describe, expect, test } from 'vitest';
import { OriginFault } from '../contract/origin.ts';
import { createJourney, type Journey, type JourneyOptions } from '../../test/support/journey.ts';
import { chatRequest } from '../../test/support/samples.ts';

/** Origins take their time, so that requests meet. */
function createSlowJourney(options: JourneyOptions = {}): Journey {
  const journey = createJourney(options);
  const { origins } = journey.ports;
  const send = origins.send.bind(origins);
  origins.send = async (...given) => {
    await new Promise((resolve) => setTimeout(resolve, 50));
    return send(...given);
  };
  return journey;
}

describe('fill()', () => {
  test.each([false, true])('asks the origin once for identical questions at one time (stream: %s)', async (stream) => {
    const { ask, ports } = createSlowJourney();
    const asked = await Promise.all(Array.from({ length: 5 }, () => ask(chatRequest({ stream }))));
    expect(ports.origins.calls).toHaveLength(1);
    expect(new Set(asked.map(({ text }) => text)).size).toBe(1);
    expect(asked[0]?.text).toContain('Answer');
    expect(asked.map(({ outcome }) => outcome)).toEqual(['MISS', 'MISS', 'MISS', 'MISS', 'MISS']);
    expect(ports.answers.writes).toHaveLength(1);
  });

  test('tells in the trace who shared, and what that saved', async () => {
    const { ask, entered, release } = createHeldJourney();
    const asked = [ask(chatRequest())];
    await entered('lead');
    asked.push(ask(chatRequest()));
    await entered('lead', 'follower');
    release();
    const [first, other] = await Promise.all(asked);
    expect(first?.trace).toMatchObject({ cost_usd: 0.00007, saved_usd: 0, store: 'stored, scope open' });
    expect(other?.trace).toMatchObject({
      cost_usd: 0,
      saved_usd: 0.00007,
      store: 'not stored: shared',
      origin: 'near',
    });
    expect(other?.trace.stages.map(({ stage, decision }) => `${stage} ${decision}`)).toContain('fill shared');
  });

  test('fails each with the problem of the one call', async () => {
    const { ask, ports } = createSlowJourney({ script: () => new OriginFault('unreachable', 'refused') });
    const asked = await Promise.all([1, 2, 3].map(() => ask(chatRequest())));
    expect(asked.map(({ outcome }) => outcome)).toEqual(['origin-failed', 'origin-failed', 'origin-failed']);
    // As often as one request alone would have.
    expect(ports.origins.calls).toHaveLength(3);
  });

  test.each([
    ['another question', { messages: [{ role: 'user', content: 'Other' }] }, {}],
    ['a stream and none', { stream: true }, {}],
    ['another tenant', {}, { tenant: { id: 'bob' } }],
    ['another jurisdiction', {}, { controls: { residency: 'us' } }],
    ['a refresh', {}, { controls: { cache: 'refresh' as const } }],
    ['a bypass', {}, { controls: { cache: 'bypass' as const } }],
  ])('shares nothing with %s', async (_name, fields, changes) => {
    const { ask, ports } = createSlowJourney();
    await Promise.all([ask(chatRequest()), ask(chatRequest(fields, changes))]);
    expect(ports.origins.calls).toHaveLength(2);
  });

  test('goes on with its one call for the others where the one that began leaves before its answer', async () => {
    const { ask, ports, wereWanted, entered, release } = createHeldJourney();
    const caller = new AbortController();
    const first = ask(chatRequest({}, { signal: caller.signal }));
    await entered('lead');
    const other = ask(chatRequest());
    await entered('lead', 'follower');
    caller.abort();
    release();
    expect(await other).toMatchObject({ outcome: 'MISS', text: expect.stringContaining('Answer 0') });
    await first;
    expect([ports.origins.calls.length, ports.answers.writes.length]).toEqual([1, 1]);
    // As the origin answered: once all have left, the call is given up in any case.
    expect(wereWanted).toEqual([true]);
  });

  test('ends its call where the last one leaves before the answer, and who comes then calls anew', async () => {
    const { ask, signals, entered, release } = createHeldJourney();
    const [leading, following] = [new AbortController(), new AbortController()];
    const first = ask(chatRequest({}, { signal: leading.signal }));
    await entered('lead');
    const other = ask(chatRequest({}, { signal: following.signal }));
    await entered('lead', 'follower');
    leading.abort();
    following.abort();
    await until(() => signals[0]?.aborted === true);
    const last = ask(chatRequest());
    await entered('lead', 'follower', 'lead');
    release();
    expect((await last).text).toContain('Answer');
    await Promise.all([first, other]);
  });
});

/** Origins answer once they are released; until then it can be waited for who has entered the fill, and as what. */
function createHeldJourney() {
  const journey = createJourney();
  const { origins, fills } = journey.ports;
  const { promise: released, resolve: release } = Promise.withResolvers<null>();
  const signals: AbortSignal[] = [];
  const wereWanted: boolean[] = [];
  const send = origins.send.bind(origins);
  origins.send = async (call, signal) => {
    signals.push(signal);
    await released;
    wereWanted.push(!signal.aborted);
    return send(call, signal);
  };
  const roles: string[] = [];
  const enter = fills.enter.bind(fills);
  fills.enter = (key, signal) => {
    const place = enter(key, signal);
    roles.push(place.role);
    return place;
  };
  const entered = async (...expected: string[]): Promise<void> => {
    await until(() => roles.length >= expected.length && signals.length > 0);
    expect(roles).toEqual(expected);
  };
  return { ...journey, signals, wereWanted, entered, release: () => release(null) };
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) {
    await new Promise((resolve) => setTimeout(resolve));
  }
}
