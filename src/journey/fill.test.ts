import { describe, expect, test } from 'vitest';
import { OriginFault } from '../contract/origin.ts';
import { answerByNumber, createJourney, type Journey, type JourneyOptions } from '../../test/support/journey.ts';
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
    const { ask } = createSlowJourney();
    const [first, other] = await Promise.all([ask(chatRequest()), ask(chatRequest())]);
    expect(first.trace).toMatchObject({ cost_usd: 0.00007, saved_usd: 0, store: 'stored, scope open' });
    expect(other.trace).toMatchObject({ cost_usd: 0, saved_usd: 0.00007, store: 'not stored: shared', origin: 'near' });
    expect(other.trace.stages.map(({ stage, decision }) => `${stage} ${decision}`)).toContain('fill shared');
  });

  test('fails each with the problem of the one call', async () => {
    const { ask, ports } = createSlowJourney({ script: () => new OriginFault('unreachable', 'refused') });
    const asked = await Promise.all([1, 2, 3].map(() => ask(chatRequest())));
    expect(asked.map(({ outcome }) => outcome)).toEqual(['origin-failed', 'origin-failed', 'origin-failed']);
    expect(ports.origins.calls).toHaveLength(2);
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

  test('goes on for the others where the one that began leaves', async () => {
    const { ask, ports } = createSlowJourney({
      script: (call, index) => answerByNumber(call, index),
    });
    const caller = new AbortController();
    const first = ask(chatRequest({}, { signal: caller.signal }));
    const other = ask(chatRequest());
    caller.abort();
    expect((await other).text).toContain('Answer');
    await first;
    expect(ports.origins.calls.length).toBeLessThanOrEqual(2);
  });
});
