/** Classification as a client sees it, whatever the weights say: what holds for any model under any policy. */
import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, test } from 'vitest';
import { compose } from '../../src/compose.ts';
import type { ExitSample, ServedPolicy } from '../../src/contract/exits.ts';
import { createApp } from '../../src/http/app.ts';
import { parseSettings } from '../../src/settings.ts';
import { createKey, errorOf, post, send, type Sent } from '../support/worker/gateway.ts';

const PATH = '/v1/classify';
const TEXTS = ['a warm and funny film', 'a dull mess', 'the plot is as thin as the paper it was written on'];

let key = '';
beforeAll(async () => {
  key = await createKey({ tenant: 'classify' });
});

interface Item {
  index: number;
  label: string;
  score: number;
  probs: number[];
  num_classes: number;
  scores?: { label: string; score: number }[];
  perigee: { exit: number | 'full'; confidence: number; truncated: boolean };
}

const itemsOf = ({ json }: Sent): Item[] => json['data'] as Item[];
const ask = (body: Record<string, unknown>, headers: Record<string, string> = {}): Promise<Sent> =>
  send(PATH, post(key, { model: 'sst2', ...body }, headers));

describe('POST /v1/classify', () => {
  test.each(['sst2', 'banking77', 'clinc150', 'trec'])(
    'answers %s with a label and its probabilities',
    async (model) => {
      const sent = await ask({ model, input: 'what is my card limit ?', return_all_scores: true });
      expect([sent.status, sent.json['model']]).toEqual([200, model]);
      const [item] = itemsOf(sent);
      expect(item?.probs).toHaveLength(item?.num_classes ?? 0);
      expect(item?.probs.reduce((sum, value) => sum + value)).toBeCloseTo(1, 9);
      expect(item?.score).toBe(Math.max(...(item?.probs ?? [])));
      expect(item?.scores?.[0]).toEqual({ label: item?.label, score: item?.score });
      expect(sent.headers.get('x-perigee-model-version')).toMatch(/^[0-9a-f]{12}$/);
    },
  );

  test('answers a batch as it answers each alone', async () => {
    const batch = await ask({ input: TEXTS });
    const alone = await Promise.all(TEXTS.map((input) => ask({ input })));
    expect(itemsOf(batch)).toEqual(alone.map((sent, index) => ({ ...itemsOf(sent)[0], index })));
    expect(batch.headers.get('x-perigee-exit')).toBe(
      alone.map(({ headers }) => headers.get('x-perigee-exit')).join(', '),
    );
    expect(batch.headers.get('x-perigee-exit')?.split(', ')).toEqual(
      itemsOf(batch).map(({ perigee }) => String(perigee.exit)),
    );
  });

  test('runs to the end where exits are off, or nothing less keeps the accuracy asked for', async () => {
    const off = await ask({ input: TEXTS }, { 'x-perigee-exit': 'off' });
    const exact = await ask({ input: TEXTS }, { 'x-perigee-accuracy': '1' });
    expect(off.headers.get('x-perigee-exit')).toBe('full, full, full');
    expect(itemsOf(exact)).toEqual(itemsOf(off));
  });

  test('cuts what is over the length of the model, and flags it', async () => {
    const [item] = itemsOf(await ask({ input: 'film '.repeat(500) }));
    expect(item?.perigee.truncated).toBe(true);
  });

  test.each<[string, Record<string, unknown>, Record<string, string>, number, string | null]>([
    ['an empty text', { input: '' }, {}, 400, 'input'],
    ['blanks in a list', { input: ['fine', '  \n '] }, {}, 400, 'input[1]'],
    ['a strange token', { input: [40_000] }, {}, 400, 'input[0]'],
    [
      'too long a text where it may not be cut so',
      { input: 'a', truncate_prompt_tokens: 1 },
      {},
      400,
      'truncate_prompt_tokens',
    ],
    ['too many texts', { input: Array.from({ length: 17 }, () => 'a') }, {}, 413, 'input'],
    ['an unknown task', { model: 'mnli', input: 'a' }, {}, 404, 'model'],
    ['an accuracy out of bounds', { input: 'a' }, { 'x-perigee-accuracy': '2' }, 400, 'x-perigee-accuracy'],
    ['a ramp of choice', { input: 'a' }, { 'x-perigee-exit': '3' }, 400, 'x-perigee-exit'],
  ])('refuses %s', async (_, body, headers, status, param) => {
    const sent = await ask(body, headers);
    expect([sent.status, errorOf(sent).param]).toEqual([status, param]);
  });

  test('/v1/models shows the tasks', async () => {
    const { json } = await send('/v1/models/sst2', { headers: { authorization: `Bearer ${key}` } });
    expect(json).toMatchObject({
      id: 'sst2',
      perigee: { task: 'classification', model: 'text', is_loaded: true, execution_provider: 'wasm' },
    });
  });
});

describe('POST /v1/moderations', () => {
  test('is a clear 501', async () => {
    const sent = await send('/v1/moderations', post(key, { input: 'a' }));
    expect([sent.status, errorOf(sent).code]).toEqual([501, 'not_implemented']);
  });
});

describe('early exits', () => {
  test('answer first, and give their feedback after', async () => {
    const order: string[] = [];
    const samples: ExitSample[] = [];
    const { app, work } = createGateway({
      policy: { thresholds: [0] },
      share: 1,
      sentinel: null,
      version: 'test',
      note: () => undefined,
      report: (sample) => {
        order.push('feedback');
        samples.push(sample);
      },
    });
    const response = await app(post(key, { model: 'sst2', input: TEXTS[0] }));
    expect(response.headers.get('x-perigee-exit')).toBe('1');
    const [item] = (await response.json<{ data: Item[] }>()).data;
    order.push('answer');
    await Promise.all(work);
    expect(order).toEqual(['answer', 'feedback']);

    const [full] = itemsOf(await ask({ input: TEXTS[0] }, { 'x-perigee-exit': 'off' }));
    expect(samples[0]?.confidences[0]).toBe(item?.score);
    expect(samples[0]?.confidences.length).toBe(samples[0]?.agrees.length);
    expect(samples[0]?.agrees[0]).toBe(item?.label === full?.label);
  });
});

/** The Worker with exit policies of the test's own. */
function createGateway(served: ServedPolicy): {
  app: (init: RequestInit) => Promise<Response>;
  work: Promise<unknown>[];
} {
  const gateway = compose(env, parseSettings({ ...env }));
  const work: Promise<unknown>[] = [];
  const app = createApp({
    ...gateway,
    portsFor: (context) => ({
      ...gateway.portsFor(context),
      exits: { serve: () => Promise.resolve(served) },
    }),
  });
  const context = {
    waitUntil: (promise: Promise<unknown>) => void work.push(promise),
    passThroughOnException: () => undefined,
    props: {},
  } as unknown as ExecutionContext;
  return { app: async (init) => app.fetch(new Request(`https://gateway.test${PATH}`, init), env, context), work };
}
