import { describe, expect, test } from 'vitest';
import { createFakeGateway } from '../../test/support/fake-gateway.ts';
import type { CacheStats, LabelledPair, TrustNote } from '../contract/trust.ts';

const FEEDBACK = '/v1/cache/feedback';
const WISH = { delta: 0.01, shadowShare: 0.02 };

const HIT: TrustNote = {
  requestId: 'req_1',
  tier: 'near',
  wasSearched: true,
  refusals: [],
  judged: { entry: 'e', similarity: 0.9, score: 3, features: [1], asked: 'a', answered: 'b' },
  check: 'none',
  savedTokens: 0,
  savedUsd: 0,
};

const STATS: CacheStats = {
  requests: 10,
  exactHits: 1,
  nearHits: 2,
  sharedAnswers: 3,
  misses: 4,
  refusals: { numbers: 5 },
  savedTokens: 60,
  savedUsd: 0.7,
  lostReports: 0,
  trust: {
    delta: 0.01,
    searched: 6,
    mostWrong: 25.5,
    checkedHits: 2,
    wrongHits: 1,
    wrongShare: { low: 0.01, high: 0.99 },
    failedChecks: 7,
    expectedWrongShare: null,
    labels: 3,
    threshold: null,
    share: 0.3,
    hasOwnHead: false,
    barredEntries: 1,
    isUnsettled: false,
    isLost: false,
  },
};

const PAIRS = Array.from({ length: 3 }, (_, at): LabelledPair => ({
  number: at + 1,
  asked: 'How do I bake "bread"?',
  answered: 'How can I\nbake bread?',
  isRight: at !== 1,
  similarity: 0.9,
  source: 'hit',
  at: 1000 + at,
}));

async function setUp() {
  const gateway = createFakeGateway();
  const authorization = `Bearer ${await gateway.createKey()}`;
  const served = await gateway.ports.trust.serve({ owner: 'tenant/alice', namespace: '', jurisdiction: null }, WISH);
  served.note(HIT);
  return {
    ...gateway,
    get: (path: string, headers: Record<string, string> = {}) =>
      gateway.send(path, { headers: { authorization, ...headers } }),
  };
}

describe('POST /v1/cache/feedback', () => {
  test('says of a near hit whether it was right, in the domain of the key and the namespace', async () => {
    const { post, ports } = await setUp();
    const said = { request_id: 'req_1', correct: false };
    expect(await post(FEEDBACK, said, { 'x-perigee-namespace': 'faq' })).toMatchObject({
      status: 200,
      json: { heard: true },
    });
    expect(ports.trust.fedBack).toEqual([
      {
        domain: { owner: 'tenant/alice', namespace: 'faq', jurisdiction: null },
        requestId: 'req_1',
        isRight: false,
      },
    ]);
    await post(FEEDBACK, said, { 'x-perigee-residency': 'eu' });
    expect(ports.trust.fedBack[1]?.domain).toMatchObject({ namespace: '', jurisdiction: 'eu' });
  });

  test.each([
    ['of a request that was no near hit', { request_id: 'req_2', correct: true }, {}, 404],
    ['where nothing is cached', { request_id: 'req_1', correct: true }, { 'x-perigee-residency': 'sg' }, 404],
    ['without a word', { request_id: 'req_1' }, {}, 400],
    ['with other words', { request_id: 'req_1', correct: 'no' }, {}, 400],
    ['with more', { request_id: 'req_1', correct: true, why: 'so' }, {}, 400],
    ['of a long name', { request_id: 'r'.repeat(129), correct: true }, {}, 400],
  ])('%s is a clear problem', async (_name, body, headers, status) => {
    const { post } = await setUp();
    expect((await post(FEEDBACK, body, headers)).status).toBe(status);
  });

  test('says so where the keeper is away', async () => {
    const { post, ports } = await setUp();
    ports.trust.fault = 'the object is away';
    const { status, json, text } = await post(FEEDBACK, { request_id: 'req_1', correct: true });
    expect([status, json]).toMatchObject([503, { error: { code: 'cache_unavailable' } }]);
    expect(text).not.toContain('object');
  });

  test('lets nobody on without a key', async () => {
    const { send } = await setUp();
    expect((await send(FEEDBACK, { method: 'POST' })).status).toBe(401);
    expect((await send('/v1/cache/stats')).status).toBe(401);
    expect((await send('/v1/cache/labels')).status).toBe(401);
  });
});

describe('GET /v1/cache/stats', () => {
  test('shows what is known of the namespace', async () => {
    const { get, ports } = await setUp();
    ports.trust.kept = STATS;
    const { status, json } = await get('/v1/cache/stats', { 'x-perigee-namespace': 'faq' });
    expect([status, json]).toEqual([
      200,
      {
        requests: 10,
        exact_hits: 1,
        near_hits: 2,
        shared_answers: 3,
        misses: 4,
        refusals: { numbers: 5 },
        saved_tokens: 60,
        saved_usd: 0.7,
        lost_reports: 0,
        trust: {
          delta: 0.01,
          searched: 6,
          most_wrong: 25.5,
          checked_hits: 2,
          wrong_hits: 1,
          wrong_share: { low: 0.01, high: 0.99 },
          failed_checks: 7,
          expected_wrong_share: null,
          labels: 3,
          threshold: null,
          share: 0.3,
          has_own_head: false,
          barred_entries: 1,
          is_unsettled: false,
          is_lost: false,
        },
      },
    ]);
    expect(ports.trust.asked.at(-1)).toMatchObject({ domain: { namespace: 'faq' } });
  });

  test('says so where the keeper is away, and where nothing is cached', async () => {
    const { get } = await setUp();
    expect((await get('/v1/cache/stats')).status).toBe(503);
    expect((await get('/v1/cache/stats', { 'x-perigee-residency': 'sg' })).status).toBe(404);
  });
});

describe('GET /v1/cache/labels', () => {
  test('exports pairs as JSON lines, page by page', async () => {
    const { get, ports } = await setUp();
    ports.trust.pairs = PAIRS;
    const first = await get('/v1/cache/labels?limit=2');
    expect(first.headers.get('content-type')).toBe('application/x-ndjson');
    const lines = first.text.trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      {
        number: 1,
        text_a: 'How do I bake "bread"?',
        text_b: 'How can I\nbake bread?',
        label: 1,
        similarity: 0.9,
        source: 'hit',
        at: 1000,
      },
      expect.objectContaining({ number: 2, label: 0 }),
    ]);
    expect((await get('/v1/cache/labels?after=2')).text.split('\n')).toHaveLength(2);
    expect(await get('/v1/cache/labels?after=3')).toMatchObject({ status: 200, text: '' });
  });

  test('exports nothing of what tenants share', async () => {
    const { get, ports } = await setUp();
    ports.trust.pairs = PAIRS;
    const faq = { tenant: 'alice', namespace: 'faq' };
    await ports.namespaces.set(faq, { audience: 'shared' });
    const { status, text } = await get('/v1/cache/labels', { 'x-perigee-namespace': 'faq' });
    expect([status, text.includes('bread')]).toEqual([403, false]);
  });

  test.each(['after=-1', 'after=x', 'limit=0', 'limit=1001', 'limit=1.5'])('refuses %s', async (query) => {
    const { get } = await setUp();
    const { status, json } = await get(`/v1/cache/labels?${query}`);
    expect([status, json]).toMatchObject([400, { error: { param: query.split('=')[0] } }]);
  });
});
