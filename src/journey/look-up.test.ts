import { describe, expect, test } from 'vitest';
import { createJourney } from '../../test/support/journey.ts';
import { chatRequest, completionRequest, type RequestChanges } from '../../test/support/samples.ts';
import type { GenerationRequest } from '../contract/request.ts';

const CAPITAL = 'What is the capital of France?';
/** The fake embedder sees the same words in it. */
const SAME_WORDS = 'what is the capital of france';
const OTHER_WORDS = 'How do I bake bread?';

describe('lookUp() by the very question', () => {
  test('finds a stored answer without asking an origin or the model', async () => {
    const { ask, ports } = createJourney();
    const first = await ask(asking(CAPITAL));
    const embedded = ports.embedder.calls.length;
    const second = await ask(asking(CAPITAL));
    expect([first.outcome, second.outcome]).toEqual(['MISS', 'HIT']);
    expect(second.text).toBe(first.text);
    expect(ports.origins.calls).toHaveLength(1);
    expect(ports.embedder.calls).toHaveLength(embedded);
  });

  test('finds it in the store where the isolate has forgotten it', async () => {
    const { ask, ports } = createJourney();
    await ask(asking(CAPITAL));
    ports.answers.forget();
    expect((await ask(asking(CAPITAL))).outcome).toBe('HIT');
  });

  test.each<[string, RequestChanges]>([
    ['of another tenant', { tenant: { id: 'bob' } }],
    ['of another namespace', { controls: { namespace: 'b' } }],
  ])('never finds an answer %s, neither by the question nor by its meaning', async (_name, changes) => {
    const { ask, ports } = createJourney();
    await ask(asking(CAPITAL));
    await ask(asking(SAME_WORDS));
    expect((await ask(asking(CAPITAL, changes))).outcome).toBe('MISS');
    expect((await ask(asking(SAME_WORDS, changes))).outcome).toBe('SEMANTIC HIT');
    expect(ports.origins.calls).toHaveLength(2);
  });

  test('tells the age, and no more finds what has expired', async () => {
    const { ask, ports } = createJourney();
    await ask(asking(CAPITAL, { controls: { ttlSeconds: 60 } }));
    ports.clock.advance(59_999);
    expect((await ask(asking(CAPITAL))).result).toMatchObject({ value: { cache: { status: 'HIT', ageSeconds: 59 } } });
    ports.clock.advance(1);
    expect((await ask(asking(CAPITAL))).outcome).toBe('MISS');
  });

  test('passes over what is older than max-age, in the isolate and in the store', async () => {
    const { ask, ports } = createJourney();
    await ask(asking(CAPITAL));
    ports.clock.advance(11_000);
    expect((await ask(asking(CAPITAL, { controls: { maxAgeSeconds: 11 } }))).outcome).toBe('HIT');
    expect((await ask(asking(CAPITAL, { controls: { maxAgeSeconds: 10 } }))).outcome).toBe('MISS');
    expect((await ask(asking(CAPITAL, { controls: { maxAgeSeconds: 10 } }))).outcome).toBe('HIT');
  });

  test.each([
    ['refresh', 'REFRESH'],
    ['bypass', 'BYPASS'],
  ] as const)('is left out for a %s', async (cache, outcome) => {
    const { ask, ports } = createJourney();
    await ask(asking(CAPITAL));
    const reads = ports.answers.reads.length;
    const asked = await ask(asking(CAPITAL, { controls: { cache } }));
    expect(asked.outcome).toBe(outcome);
    expect(asked.trace.stages.map(({ stage }) => stage)).toEqual(['origin']);
    expect(ports.answers.reads).toHaveLength(reads);
  });

  test("finds an answer by the client's own key, whatever the question", async () => {
    const { ask } = createJourney();
    const changes = { controls: { cacheKey: 'k' } };
    await ask(asking(CAPITAL, changes));
    expect((await ask(asking(OTHER_WORDS, changes))).outcome).toBe('HIT');
    expect((await ask(asking(CAPITAL))).outcome).toBe('MISS');
  });
});

describe('lookUp() by meaning', () => {
  test('finds the answer to a question that means the same, and tells how near it is', async () => {
    const { ask, ports } = createJourney();
    const first = await ask(asking(CAPITAL));
    const near = await ask(asking(SAME_WORDS));
    expect(near.result).toMatchObject({
      value: { cache: { status: 'SEMANTIC HIT', similarity: expect.closeTo(1, 5) } },
    });
    expect(near.text).toBe(first.text);
    expect(ports.origins.calls).toHaveLength(1);
  });

  test('finds a text that was continued before', async () => {
    const { ask } = createJourney();
    await ask(completionRequest({ prompt: CAPITAL }));
    expect((await ask(completionRequest({ prompt: SAME_WORDS }))).outcome).toBe('SEMANTIC HIT');
  });

  test.each([
    ["the setting's threshold", {}, {}, 'MISS'],
    ["a request's own threshold", {}, { controls: { similarity: 0.3 } }, 'SEMANTIC HIT'],
    ['a lower setting', { CACHE_SIMILARITY: 0.3 }, {}, 'SEMANTIC HIT'],
    ["a request's threshold above the setting", { CACHE_SIMILARITY: 0.3 }, { controls: { similarity: 1 } }, 'MISS'],
  ])('holds a question with other words against %s', async (_name, vars, changes, outcome) => {
    const { ask, ports } = createJourney({ vars });
    ports.namespaces.policy = { ...ports.namespaces.policy, judge: 'similarity' };
    await ask(asking(CAPITAL));
    expect((await ask(asking('What is the currency of France?', changes))).outcome).toBe(outcome);
  });

  test.each([
    [0.95, 'SEMANTIC HIT'],
    [0.9499, 'MISS'],
  ])('takes a cosine of %d against a threshold of 0.95 for a %s', async (similarity, outcome) => {
    const { ask, ports } = createJourney();
    ports.namespaces.policy = { ...ports.namespaces.policy, judge: 'similarity' };
    await ask(asking(CAPITAL));
    const question = ports.answers.writes[0]?.key.question ?? '';
    ports.scopes.nearest = () =>
      Promise.resolve({ ok: true, value: { neighbours: [{ question, similarity, answer: 1 }], fault: null } });
    expect((await ask(asking(SAME_WORDS))).outcome).toBe(outcome);
  });

  test('passes over a near answer that is older than max-age, or gone', async () => {
    const { ask, ports } = createJourney();
    await ask(asking(CAPITAL, { controls: { ttlSeconds: 60 } }));
    ports.clock.advance(11_000);
    expect((await ask(asking(SAME_WORDS, { controls: { maxAgeSeconds: 10 } }))).outcome).toBe('MISS');
    ports.clock.advance(60_000);
    expect((await ask(asking(`${SAME_WORDS}!`, { controls: { maxAgeSeconds: 10 } }))).outcome).toBe('MISS');
  });

  test.each<[string, GenerationRequest]>([
    ['several choices', asking(SAME_WORDS, {}, { n: 2 })],
    ['token ids', completionRequest({ prompt: [1, 2] })],
    ["the client's own key", asking(SAME_WORDS, { controls: { cacheKey: 'k' } })],
  ])('is left out for %s', async (_name, request) => {
    const { ask, ports } = createJourney();
    expect((await ask(request)).outcome).toBe('MISS');
    expect(ports.embedder.calls).toEqual([]);
  });

  test('embeds nothing where the scope has no index', async () => {
    const { ask, ports } = createJourney();
    const { trace } = await ask(asking(CAPITAL));
    expect(trace.stages.map(({ stage }) => stage)).toEqual(['cache', 'origin']);
    expect(ports.scopes.searches).toEqual([]);
  });

  test('embeds nothing while as many texts wait as the setting allows', async () => {
    const { ask, ports } = createJourney({ vars: { CACHE_BACKLOG: 3 } });
    await ask(asking(CAPITAL));
    ports.embedder.waiting = 3;
    const { trace } = await ask(asking(SAME_WORDS));
    expect(trace.stages).toMatchObject([{ stage: 'cache' }, { stage: 'embed', decision: 'busy' }, { stage: 'origin' }]);
    expect(trace.store).toBe('stored without a vector: busy');
    ports.embedder.waiting = 2;
    expect((await ask(asking(`${SAME_WORDS}!`))).outcome).toBe('SEMANTIC HIT');
  });
});

describe('lookUp() by meaning within a jurisdiction', () => {
  const BOUND = { controls: { residency: 'eu' } };

  test('looks in the index of the jurisdiction alone', async () => {
    const { ask, ports } = createJourney();
    await ask(asking(CAPITAL, BOUND));
    expect((await ask(asking(SAME_WORDS, BOUND))).outcome).toBe('SEMANTIC HIT');
    expect([ports.scopes.marks, ports.scopes.appended, ports.scopes.searches]).toEqual([[], [], []]);
    expect(ports.scopes.bound?.appended).toHaveLength(1);
  });

  test('has exact hits alone where the jurisdiction has no index', async () => {
    const { ask, ports } = createJourney();
    ports.scopes.within = () => null;
    const first = await ask(asking(CAPITAL, BOUND));
    expect([first.trace.store, (await ask(asking(CAPITAL, BOUND))).outcome]).toEqual(['stored', 'HIT']);
    expect((await ask(asking(SAME_WORDS, BOUND))).outcome).toBe('MISS');
    expect(ports.embedder.calls).toEqual([]);
  });
});

describe('lookUp() where an embedding cannot pay', () => {
  const COSTS = [{ tokens: 8, ms: 10 }];
  const free = { id: 'small', input_price: 0, output_price: 0 };
  const origin = { id: 'free', url: 'https://free.example.com/v1', region: 'r', latitude: 0, longitude: 0 };
  const FREE = { ORIGINS: [{ ...origin, jurisdiction: 'eu', models: [free] }] };

  test('goes straight on where the queue is too long, and embeds afterwards', async () => {
    const { ask, ports } = createJourney({ vars: { CACHE_QUEUE_MS: 20 } });
    await ask(asking(CAPITAL));
    Object.assign(ports.embedder.model, { costs: COSTS });
    ports.embedder.waiting = 3;
    const { outcome, trace } = await ask(asking(SAME_WORDS));
    expect([outcome, trace.store]).toEqual(['MISS', 'stored']);
    expect(trace.stages[1]).toMatchObject({ stage: 'embed', decision: 'skipped', detail: 'the queue takes 30 ms' });
    expect(ports.scopes.appended.at(-1)?.question).toBe(ports.answers.writes.at(-1)?.key.question);
  });

  test('goes straight on where the origin is as fast and costs nothing', async () => {
    const { ask, ports } = createJourney({ vars: FREE });
    await ask(asking(CAPITAL));
    Object.assign(ports.embedder.model, { costs: COSTS });
    expect((await ask(asking(SAME_WORDS))).trace.stages[1]).toMatchObject({ decision: 'skipped' });
    ports.pace.noteOrigin('small', false, 1_000);
    expect((await ask(asking(`${SAME_WORDS}!`))).outcome).toBe('SEMANTIC HIT');
  });

  test('leaves the model alone where it has had its share of the thread', async () => {
    const { ask, ports } = createJourney();
    await ask(asking(CAPITAL));
    Object.assign(ports.embedder.model, { costs: COSTS });
    while (ports.pace.takeThread(10)) {
      // Until nothing is left.
    }
    const { trace } = await ask(asking(SAME_WORDS));
    expect([trace.stages[1]?.decision, trace.store]).toEqual(['busy', 'stored without a vector: busy']);
    ports.clock.advance(1_000);
    expect((await ask(asking(`${SAME_WORDS}!`))).outcome).toBe('SEMANTIC HIT');
    while (ports.pace.takeThread(10)) {
      // Nor is there anything to take for a vector that is known.
    }
    expect((await ask(asking(`${SAME_WORDS}!`))).outcome).toBe('SEMANTIC HIT');
  });
});

describe('lookUp() on faults', () => {
  test('takes an answer that cannot be read for a miss, and notes why', async () => {
    const { ask, ports } = createJourney();
    await ask(asking(CAPITAL));
    ports.answers.forget();
    ports.answers.readFault = 'KV GET failed: 500';
    const { outcome, trace } = await ask(asking(CAPITAL));
    expect(outcome).toBe('MISS');
    expect(trace.stages[0]).toMatchObject({ stage: 'cache', decision: 'miss', detail: 'KV GET failed: 500' });
  });

  test('takes a scope that cannot be read for one without an index, and notes why', async () => {
    const { ask, ports } = createJourney();
    ports.scopes.fault = 'KV GET failed: 500';
    const { outcome, trace } = await ask(asking(CAPITAL));
    expect(outcome).toBe('MISS');
    expect(trace.stages[0]).toMatchObject({ decision: 'miss', detail: 'KV GET failed: 500' });
  });

  test('takes vectors that cannot be read for a miss, and notes why', async () => {
    const { ask, ports } = createJourney();
    await ask(asking(CAPITAL));
    ports.scopes.nearest = () => Promise.resolve({ ok: false, problem: { kind: 'store', detail: 'KV LIST failed' } });
    const { outcome, trace } = await ask(asking(SAME_WORDS));
    expect(outcome).toBe('MISS');
    expect(trace.stages[2]).toMatchObject({ stage: 'near', decision: 'miss', detail: 'KV LIST failed' });
  });

  test('answers without the embedding model', async () => {
    const { ask, ports } = createJourney();
    await ask(asking(CAPITAL));
    ports.embedder.fault = { kind: 'unavailable', detail: 'no model' };
    const { outcome, trace } = await ask(asking(SAME_WORDS));
    expect(outcome).toBe('MISS');
    expect(trace.stages[1]).toMatchObject({ stage: 'embed', decision: 'unavailable' });
    expect(trace.store).toBe('stored without a vector: unavailable');
  });

  test('answers a question that is too long for the model', async () => {
    const { ask } = createJourney();
    await ask(asking(CAPITAL));
    const long = asking('word '.repeat(1000));
    expect((await ask(long)).trace.stages[1]).toMatchObject({ stage: 'embed', decision: 'too-long' });
    expect((await ask(long)).outcome).toBe('HIT');
  });
});

function asking(content: string, changes: RequestChanges = {}, fields: { n?: number } = {}): GenerationRequest {
  return chatRequest({ messages: [{ role: 'user', content }], ...fields }, changes);
}
