import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createJourney, type Asked, type Journey } from '../../test/support/journey.ts';
import { chatRequest, completionRequest, type RequestChanges } from '../../test/support/samples.ts';
import type { JsonObject } from '../contract/json.ts';
import type { StageNote } from '../contract/trace.ts';

const MINI = { id: 'mini', tier: 'small', input_price: 1, output_price: 10 };
const BIG = { id: 'big', tier: 'large', input_price: 10, output_price: 100 };
const place = { region: 'r', latitude: 0, longitude: 0 };
const ORIGINS = [
  { ...place, id: 'near', url: 'https://near.example.com/v1', jurisdiction: 'eu', models: [MINI, BIG] },
  { ...place, id: 'far', url: 'https://far.example.com/v1', jurisdiction: 'us', models: [BIG] },
];
const ALIASES = { fast: { model: 'mini' }, brief: { small: 'mini', large: 'big', quality: 0 } };
/** At the usual quality the one goes to the small model, the other to the large one. */
const EASY = 'What is the capital of France?';
const HARD = 'A train leaves at 9:40 and travels 210 km at 84 km/h. How many minutes later does it arrive?';

function start(vars: object = {}): Journey {
  return createJourney({ vars: { ORIGINS, ALIASES, ...vars } });
}

function auto(question: string, changes: RequestChanges = {}, fields: JsonObject = {}) {
  return chatRequest({ model: 'auto', messages: [{ role: 'user', content: question }], ...fields }, changes);
}

/** The models that origins were asked for, by what they read. */
function sent({ ports }: Journey): unknown[] {
  return ports.origins.calls.map(({ body }) => (JSON.parse(String(body)) as JsonObject)['model']);
}

function tierOf({ trace }: Asked): StageNote | undefined {
  const stage = trace.stages.find(({ stage }) => stage === 'tier');
  return stage === undefined ? undefined : { decision: stage.decision, detail: stage.detail ?? '' };
}

describe('an alias of two models', () => {
  test.each([
    [EASY, 'mini', /^small 0\.\d{3}$/],
    [HARD, 'big', /^large 0\.\d{3}$/],
  ])('asks one by the question: %s', async (question, model, decision) => {
    const journey = start();
    const asked = await journey.ask(auto(question));
    expect(asked.result).toMatchObject({ ok: true, value: { model } });
    expect(sent(journey)).toEqual([model]);
    expect(asked.trace).toMatchObject({ model, alias: 'auto', cost_usd: model === 'mini' ? 0.00007 : 0.0007 });
    expect(tierOf(asked)).toEqual({
      decision: expect.stringMatching(decision) as string,
      detail: 'auto, quality 0.95: large from 0.147636',
    });
  });

  test.each<[string, Partial<{ model: string; quality: number; question: string }>, string, string]>([
    ['1 asks for the large one', { quality: 1 }, 'large', 'auto, quality 1 asks for it'],
    ['0 asks for the small one', { quality: 0, question: HARD }, 'small', 'auto, quality 0 asks for it'],
    ['of the alias', { model: 'brief', question: HARD }, 'small', 'brief, quality 0 asks for it'],
    ['of the request goes before it', { model: 'brief', quality: 1 }, 'large', 'brief, quality 1 asks for it'],
    ['that is never reached', { quality: 0.999 }, 'large', 'auto, quality 0.999 asks for it'],
  ])('a quality %s, and no words are counted', async (_name, wish, decision, detail) => {
    const { model = 'auto', quality = null, question = EASY } = wish;
    const { ask, ports } = start();
    expect(tierOf(await ask(auto(question, { controls: { quality } }, { model })))).toEqual({ decision, detail });
    expect(ports.tokenizer.calls).toEqual([]);
  });

  test.each<[string, JsonObject, string]>([
    ['tools', { tools: [{ type: 'function', function: { name: 'look' } }] }, 'it has tools'],
    ['a format', { response_format: { type: 'json_object' } }, 'its answer has a format'],
    [
      'an image',
      {
        messages: [
          {
            role: 'user',
            content: [
              { type: 'text', text: EASY },
              { type: 'image_url', image_url: {} },
            ],
          },
        ],
      },
      'it holds more than text',
    ],
    ['a long text', { messages: [{ role: 'user', content: 'What? '.repeat(3000) }] }, 'its text is long'],
  ])('takes the large one for what cannot be judged: %s', async (_name, fields, reason) => {
    const { ask } = start();
    expect(tierOf(await ask(auto(EASY, {}, fields)))).toEqual({
      decision: 'large',
      detail: `auto, not judged: ${reason}`,
    });
  });

  test('judges a conversation by the hardest of its last questions', async () => {
    const { ask, ports } = start();
    const messages = [
      { role: 'user', content: HARD },
      { role: 'assistant', content: '150' },
      { role: 'user', content: 'And why?' },
    ];
    expect(tierOf(await ask(auto('', {}, { messages })))?.decision).toMatch(/^large/);
    expect(ports.tokenizer.calls).toEqual(['And why?', HARD]);
    expect(tierOf(await ask(auto('And why?')))?.decision).toMatch(/^small/);
  });

  test('judges a prompt', async () => {
    const journey = start();
    await journey.ask(completionRequest({ model: 'auto', prompt: EASY }));
    await journey.ask(completionRequest({ model: 'auto', prompt: [EASY] }));
    expect(sent(journey)).toEqual(['mini', 'big']);
  });

  test('takes the large one where words cannot be counted, and says why', async () => {
    const journey = start();
    journey.ports.tokenizer.fault = { kind: 'unavailable', detail: 'file tokenizer.json: 404' };
    const asked = await journey.ask(auto(EASY));
    expect([asked.outcome, sent(journey)]).toEqual(['MISS', ['big']]);
    expect(tierOf(asked)).toEqual({ decision: 'large', detail: 'auto, not judged: file tokenizer.json: 404' });
  });

  test('takes the large one where words are of another model than the router’s', async () => {
    const { ask, ports } = start();
    ports.tokenizer.vocabulary = 'other 1';
    expect(tierOf(await ask(auto(EASY)))?.detail).toMatch(/^auto, not judged: the router knows the words of minilm/);
  });

  test.each<[string, string | null, RequestChanges]>([
    ['a key’s residency', 'big', { tenant: { residency: 'us' } }],
    ['a request’s residency', 'big', { controls: { residency: 'us' } }],
    ['a residency where both are', 'mini', { controls: { residency: 'eu' } }],
  ])('takes the one that an origin may answer with: %s', async (_name, model, changes) => {
    const journey = start();
    await journey.ask(auto(EASY, changes));
    expect(sent(journey)).toEqual([model]);
  });

  test.each([
    ['a prompt that the small one has no room for', { context_tokens: 100 }, {}, 'What? '.repeat(120)],
    ['an answer that it has no room for', { context_tokens: 100 }, { max_tokens: 100 }, EASY],
  ])('takes the one that can answer: %s', async (_name, model, fields, question) => {
    const [near, far] = ORIGINS;
    const journey = start({ ORIGINS: [{ ...near, models: [{ ...MINI, ...model }, BIG] }, far] });
    const asked = await journey.ask(auto(question, {}, { messages: [{ role: 'user', content: question }], ...fields }));
    expect(tierOf(asked)).toEqual({ decision: 'large', detail: 'auto, the other may not or cannot answer' });
  });

  test('takes the one that can answer now, and the usual one later', async () => {
    const journey = start();
    journey.ports.board.note({ kind: 'busy', origin: 'near', model: 'mini', waitMs: 10_000 });
    await journey.ask(auto(EASY));
    journey.ports.clock.advance(10_000);
    await journey.ask(auto(EASY));
    expect(sent(journey)).toEqual(['big', 'mini']);
  });

  test('where no origin may answer with either, says so of the one that was chosen', async () => {
    const { ask } = start();
    expect((await ask(auto(EASY, { controls: { residency: 'moon' } }))).result).toMatchObject({
      problem: { kind: 'no-origin', model: 'mini' },
    });
  });
});

describe('an alias of one model', () => {
  test('is that model, and no tier is chosen', async () => {
    const journey = start();
    const asked = await journey.ask(auto(HARD, {}, { model: 'fast' }));
    expect([sent(journey), tierOf(asked)]).toEqual([['mini'], undefined]);
    expect(asked.trace).toMatchObject({ model: 'mini', alias: 'fast' });
  });
});

describe('resolveModel()', () => {
  test.each<[string, string[] | null, string, string | null]>([
    ['the alias', ['auto'], 'auto', 'mini'],
    ['the small model alone', ['mini'], 'auto', 'mini'],
    ['the large model alone', ['big'], 'auto', 'big'],
    ['neither', ['other'], 'auto', null],
    ['an alias of another name', ['fast'], 'auto', null],
    ['an alias of one model', ['fast'], 'fast', 'mini'],
    ['the model of an alias', ['mini'], 'fast', 'mini'],
    ['another model', ['big'], 'fast', null],
    ['an alias, not its model by name', ['fast'], 'mini', null],
  ])('lets a key on that may use %s', async (_name, models, model, expected) => {
    const journey = start();
    const { outcome, result } = await journey.ask(auto(EASY, { tenant: { models } }, { model }));
    expect([outcome, sent(journey)]).toEqual(expected === null ? ['forbidden', []] : ['MISS', [expected]]);
    expect(JSON.stringify(result)).toContain(expected ?? `This key may not use the model ${model}.`);
  });

  test('tells a key that may use one of two models that the other was left out', async () => {
    const { ask } = start();
    expect(tierOf(await ask(auto(EASY, { tenant: { models: ['big'] } })))).toEqual({
      decision: 'large',
      detail: 'auto, the other may not or cannot answer',
    });
  });

  test('whatever is asked for, an origin is asked for a model that the key may use', async () => {
    const names = ['auto', 'fast', 'brief', 'mini', 'big'];
    const wish = fc.record({
      model: fc.constantFrom(...names),
      models: fc.subarray(names),
      quality: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
      residency: fc.constantFrom(null, 'eu', 'us'),
      question: fc.constantFrom(EASY, HARD, ' '),
    });
    await fc.assert(
      fc.asyncProperty(wish, async ({ model, models, quality, residency, question }) => {
        const journey = start();
        await journey.ask(auto(question, { tenant: { models, residency }, controls: { quality } }, { model }));
        const allowed = models.includes(model) ? names : models;
        expect(allowed).toEqual(expect.arrayContaining(sent(journey)));
      }),
    );
  });

  test('an alias and its model share answers', async () => {
    const journey = start();
    const { ask } = journey;
    expect((await ask(auto(EASY))).outcome).toBe('MISS');
    for (const [model, quality] of [
      ['mini', null],
      ['fast', null],
      ['auto', 0],
      ['auto', null],
    ] as const) {
      const asked = await ask(auto(EASY, { controls: { quality } }, { model }));
      expect([asked.outcome, asked.result]).toMatchObject(['HIT', { value: { model: 'mini' } }]);
    }
    expect((await ask(auto(EASY, { controls: { quality: 1 } }))).outcome).toBe('MISS');
    expect(sent(journey)).toEqual(['mini', 'big']);
  });

  test('nothing else of the body changes on its way to the origin', async () => {
    const journey = start();
    const raw = `{ "seed":12345678901234567890, "model" :"auto","messages":[{"role":"user","content":"${EASY}"}]}`;
    await journey.ask(auto(EASY, { raw, body: JSON.parse(raw) as JsonObject }));
    expect(journey.ports.origins.calls[0]?.body).toBe(raw.replace('"auto"', '"mini"'));
  });

  test('a name that is no alias goes on as it is', async () => {
    const journey = start({ ORIGINS: ORIGINS.slice(1), ALIASES: {} });
    const asked = await journey.ask(auto(EASY));
    expect([asked.outcome, asked.trace.alias, sent(journey)]).toEqual(['model-not-found', null, []]);
  });
});
