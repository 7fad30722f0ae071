/** `auto` and aliases, through the whole Worker: the real tokenizer and router, simulated origins. */
import { beforeEach, expect, test } from 'vitest';
import {
  chat,
  createClient,
  createKey,
  eventually,
  ONLY_STORED,
  post,
  resetOrigins,
  send,
  statsOf,
  untilStored,
  type Sent,
} from '../support/worker/gateway.ts';

beforeEach(resetOrigins);

const CHAT = '/v1/chat/completions';
const EASY = 'What is the capital of France?';
const HARD = 'If x^2 + y^2 = 25 and x*y = 12, what is (x + y)^2? Show each step.';
const auto = (question: string, more = {}): Record<string, unknown> => chat(question, { model: 'auto', ...more });
const modelOf = ({ headers }: Sent): string | null => headers.get('x-perigee-model');

test('auto takes the small model for an easy question, and the large one for a hard one', async () => {
  const ask = await createClient('tiers');
  const hard = await ask(CHAT, auto(HARD));
  expect([hard.status, modelOf(hard)]).toEqual([200, 'sim-large']);
  // The tokenizer may have been late for the first request.
  const easy = await eventually(
    () => ask(CHAT, auto(EASY), { 'cache-control': 'no-store' }),
    (answer) => modelOf(answer) === 'sim-small',
  );
  expect(modelOf(easy)).toBe('sim-small');
  expect(easy.headers.get('server-timing')).toMatch(/tier;dur=[\d.]+;desc="small 0\.\d{3}"/);
  const { lastRequest } = await statsOf(easy.headers.get('x-perigee-origin') ?? '');
  expect(JSON.parse(lastRequest?.body ?? '{}')).toEqual({ ...auto(EASY), model: 'sim-small' });
});

test.each([
  ['0', HARD, 'sim-small'],
  ['1', EASY, 'sim-large'],
])(
  'with quality %s the question makes no difference, streaming or not, from the cache or not',
  async (quality, question, model) => {
    const ask = await createClient(`tiers-${quality}`);
    const wish = { 'x-perigee-quality': quality };
    const first = await ask(CHAT, auto(question, { stream: true }), wish);
    expect([first.headers.get('x-perigee-cache'), modelOf(first)]).toEqual(['MISS', model]);
    const again = await untilStored(() => ask(CHAT, auto(question), { ...wish, ...ONLY_STORED }));
    expect([again.headers.get('x-perigee-cache'), modelOf(again)]).toEqual(['HIT', model]);
    const direct = await ask(CHAT, chat(question, { model }));
    expect([direct.headers.get('x-perigee-cache'), modelOf(direct)]).toEqual(['HIT', model]);
  },
);

test('a quality that is no share is refused, and names its header', async () => {
  const ask = await createClient('tiers-bad');
  const { status, json } = await ask(CHAT, auto(EASY), { 'x-perigee-quality': '95' });
  expect([status, json]).toMatchObject([400, { error: { param: 'x-perigee-quality' } }]);
});

test('a key may use what its aliases choose, and of an alias what it may use', async () => {
  const byAlias = await createKey({ tenant: 'tiers-alias', models: ['auto'] });
  const bySmall = await createKey({ tenant: 'tiers-small', models: ['sim-small'] });
  const byOther = await createKey({ tenant: 'tiers-other', models: ['minilm'] });
  expect(modelOf(await send(CHAT, post(byAlias, auto(HARD))))).toBe('sim-large');
  expect((await send(CHAT, post(byAlias, auto(HARD, { model: 'sim-large' })))).status).toBe(403);
  expect(modelOf(await send(CHAT, post(bySmall, auto(HARD))))).toBe('sim-small');
  expect((await send(CHAT, post(byOther, auto(HARD)))).status).toBe(403);
});

test('/v1/models shows what auto chooses from', async () => {
  const key = await createKey({ tenant: 'tiers-models' });
  const { json } = await send('/v1/models/auto', { headers: { authorization: `Bearer ${key}` } });
  expect(json).toEqual({
    id: 'auto',
    object: 'model',
    created: 0,
    owned_by: 'perigee',
    perigee: { runs: 'an alias', small: 'sim-small', large: 'sim-large', quality: 0.95 },
  });
});
