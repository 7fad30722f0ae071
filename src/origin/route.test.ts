import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sampleModel, sampleOrigin } from '../../test/support/origins.ts';
import { MODALITIES, PROTOCOLS } from '../contract/origin.ts';
import { PRIORITIES } from '../contract/request.ts';
import type { Board, RoutingEvent } from '../contract/routing.ts';
import { breakerOf, loadOf, stepBoard, UNSEEN } from './board.ts';
import { filter } from './filter.ts';
import { DEFAULT_PICK } from './pick.ts';
import { toBounds } from './rendezvous.ts';
import { route, type Route } from './route.ts';

/** `PERIGEE_PROPERTY_RUNS=100000 npx vitest run --project unit src/origin/route.test.ts` for the long run. */
const RUNS = Number(process.env['PERIGEE_PROPERTY_RUNS'] ?? 2_000);

const NOW = 1_000_000;

const ROUTE: Route = {
  origins: [sampleOrigin('near'), sampleOrigin('far', { latitude: 40, longitude: 100 })],
  needs: {
    model: 'small',
    protocols: ['openai'],
    tokens: 10,
    modalities: ['text'],
    residencies: [],
    priority: 'interactive',
  },
  job: {
    place: { latitude: 0, longitude: 0 },
    policy: 'latency',
    promptTokens: 10,
    answerTokens: 10,
    warmTokens: () => 0,
  },
  board: new Map(),
  key: null,
  tried: [],
  now: NOW,
  random: () => 0.5,
};

describe('route()', () => {
  test('names the best origin, and another one for what it has tried', () => {
    expect(route(ROUTE)).toMatchObject({ ok: true, value: { score: { candidate: { origin: { id: 'near' } } } } });
    expect(route({ ...ROUTE, tried: ['near'] })).toMatchObject({
      ok: true,
      value: { score: { candidate: { origin: { id: 'far' } } } },
    });
  });

  test('says that nobody serves a model', () => {
    const needs = { ...ROUTE.needs, model: 'none' };
    expect(route({ ...ROUTE, needs })).toEqual({ ok: false, problem: { kind: 'model-not-found', model: 'none' } });
  });

  test('says why each origin was dropped, where none is left', () => {
    const origins = [sampleOrigin('near', { jurisdiction: 'us' }), sampleOrigin('far')];
    const needs = { ...ROUTE.needs, residencies: ['eu'] };
    expect(route({ ...ROUTE, origins, needs, tried: ['far'] })).toEqual({
      ok: false,
      problem: {
        kind: 'no-origin',
        model: 'small',
        dropped: [
          { origin: 'near', reasons: ['lies in jurisdiction us, not eu'], waitMs: null },
          { origin: 'far', reasons: ['failed this request'], waitMs: null },
        ],
      },
    });
  });

  test('tries what one or two failures stand against, where nothing else is left', () => {
    const failed = (times: number): Board =>
      Array.from({ length: times }).reduce<Board>(
        (board, _, outage) =>
          stepBoard(
            board,
            { kind: 'failed', origin: 'near', model: 'small', isWhole: true },
            NOW - 600_000 + outage * 100_000,
          ),
        new Map(),
      );
    const origins = [sampleOrigin('near')];
    const asked = (times: number): Route => ({
      ...ROUTE,
      origins,
      board: failed(times),
      now: NOW - 600_000 + (times - 1) * 100_000 + 1,
    });
    expect(route(asked(2))).toMatchObject({ ok: true, value: { score: { candidate: { origin: { id: 'near' } } } } });
    expect(route(asked(3))).toMatchObject({ ok: false, problem: { kind: 'no-origin' } });
  });

  test('says for how long to wait, where room is all that is missing', () => {
    const board = stepBoard(new Map(), { kind: 'busy', origin: 'near', model: 'small', waitMs: 2_500 }, NOW);
    const origins = [sampleOrigin('near'), sampleOrigin('far', { isDraining: true })];
    expect(route({ ...ROUTE, origins, board })).toMatchObject({
      ok: false,
      problem: { kind: 'overloaded', retryAfterSeconds: 3, dropped: [{ reasons: ['asked to wait'] }, {}] },
    });
  });

  test('keeps the law, goes to no dropped origin, and holds the bound, whatever the catalogue, request and failures', () => {
    fc.assert(fc.property(routes(), check), { numRuns: RUNS });
  }, 1_200_000);
});

function check(given: Route): void {
  const result = route(given);
  const { kept, doubtful } = filter(given.origins, given.needs, given.board, given.now);
  for (const { view, model } of doubtful) {
    expect(Math.max(view.breaker.outages, breakerOf(view, model.id).outages)).toBeLessThanOrEqual(2);
  }
  const open = (kept.length > 0 ? kept : doubtful).filter(({ origin }) => !given.tried.includes(origin.id));
  if (!result.ok) {
    expect(open).toEqual([]);
    return;
  }
  const { by, from, score } = result.value;
  const { origin, view } = score.candidate;
  expect(open.map(({ origin: { id } }) => id)).toContain(origin.id);
  for (const residency of given.needs.residencies) {
    expect([null, origin.jurisdiction]).toContain(residency === null ? null : residency.toLowerCase());
  }
  expect(origin.isDraining).toBe(false);
  expect(Number.isFinite(score.totalMs)).toBe(true);
  if (by === 'key') {
    const seats = from.map(({ candidate: { origin: seated, view: seen } }) => ({
      id: seated.id,
      weight: seated.capacity ?? 1,
      load: loadOf(seen, given.now),
    }));
    const place = seats.findIndex(({ id }) => id === origin.id);
    expect(loadOf(view, given.now) + 1).toBeLessThanOrEqual(toBounds(seats, DEFAULT_PICK.loadFactor)[place] ?? 0);
  }
}

function routes(): fc.Arbitrary<Route> {
  const law = fc.constantFrom('eu', 'us', 'sg');
  const degrees = (max: number) => fc.double({ min: -max, max, noNaN: true });
  const model = fc.record({
    id: fc.constantFrom('small', 'large'),
    contextTokens: fc.option(fc.integer({ min: 1, max: 5_000 })),
    modalities: fc.constantFrom(MODALITIES, ['text'] as const),
    inputPrice: fc.double({ min: 0, max: 100, noNaN: true }),
  });
  const origin = fc.record({
    latitude: degrees(90),
    longitude: degrees(180),
    jurisdiction: law,
    capacity: fc.option(fc.integer({ min: 1, max: 8 })),
    isDraining: fc.boolean(),
    protocol: fc.constantFrom(...PROTOCOLS),
    models: fc.array(
      model.map(({ id, ...changes }) => sampleModel(id, changes)),
      { maxLength: 2 },
    ),
  });
  const origins = fc
    .array(origin, { maxLength: 8 })
    .map((drafts) => drafts.map((draft, at) => sampleOrigin(String(at), draft)));
  const request = fc.record({
    model: fc.constantFrom('small', 'large'),
    tokens: fc.nat(6_000),
    residencies: fc.tuple(fc.option(law), fc.option(fc.constantFrom('eu', 'EU', 'us'))),
    priority: fc.constantFrom(...PRIORITIES),
    modalities: fc.constantFrom(['text'] as const, ['text', 'image'] as const),
  });
  const place = fc.oneof(
    fc.constant({ latitude: null, longitude: null }),
    fc.record({ latitude: degrees(90), longitude: degrees(180) }),
  );
  return fc
    .record({
      origins,
      request,
      place,
      board: fc.array(fc.tuple(event(), fc.nat(120_000)), { maxLength: 30 }),
      policy: fc.constantFrom('latency', 'balanced', 'cost'),
      key: fc.option(fc.record({ text: fc.string({ maxLength: 4 }), isContinued: fc.boolean() })),
      tried: fc.array(fc.nat(7).map(String), { maxLength: 2 }),
      seed: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    })
    .map((draft): Route => ({
      origins: draft.origins,
      needs: { ...draft.request, protocols: ['openai'] },
      job: {
        place: draft.place,
        policy: draft.policy,
        promptTokens: draft.request.tokens,
        answerTokens: 100,
        warmTokens: (id) => Number(id) * 100,
      },
      board: toBoard(draft.board),
      key: draft.key,
      tried: draft.tried,
      now: NOW,
      random: () => draft.seed,
    }));
}

/** Events of the last two minutes. */
function toBoard(events: readonly (readonly [RoutingEvent, number])[]): Board {
  return events
    .toSorted((a, b) => b[1] - a[1])
    .reduce<Board>((board, [one, ago]) => stepBoard(board, one, NOW - ago), new Map());
}

function event(): fc.Arbitrary<RoutingEvent> {
  const origin = fc.nat(7).map(String);
  const model = fc.constantFrom('small', 'large');
  const ms = fc.double({ min: 0, max: 5_000, noNaN: true });
  const tokens = fc.nat(10_000);
  const share = fc.double({ min: 0, max: 2, noNaN: true });
  const report = fc.record({
    isUp: fc.boolean(),
    waiting: fc.nat(4),
    running: fc.nat(4),
    prefillMs: fc.option(ms),
    prefillMsPerToken: fc.option(share),
    busy: fc.option(share),
    readers: fc.integer({ min: 1, max: 4 }),
    at: fc.integer({ min: NOW - 120_000, max: NOW }),
  });
  return fc.oneof(
    fc.record({ kind: fc.constant('sent' as const), origin, model, tokens, travelMs: ms }),
    fc.record({ kind: fc.constant('headers' as const), origin, ms: fc.option(ms) }),
    fc.record({
      kind: fc.constant('first-token' as const),
      origin,
      model,
      tokens,
      lateMs: ms,
      serverMs: fc.option(ms),
      isStream: fc.boolean(),
    }),
    fc.record({
      kind: fc.constant('outrun' as const),
      origin,
      model,
      lateMs: ms,
      isStream: fc.boolean(),
      isSilent: fc.boolean(),
    }),
    fc.record({ kind: fc.constant('ended' as const), origin }),
    fc.record({ kind: fc.constant('failed' as const), origin, model, isWhole: fc.boolean() }),
    fc.record({ kind: fc.constant('busy' as const), origin, model, waitMs: ms }),
    fc.record({ kind: fc.constant('probed' as const), origin, ms: fc.option(ms) }),
    fc.record({ kind: fc.constant('reported' as const), origin, report }),
    fc.constant({ kind: 'ended' as const, origin: '0' }),
  );
}

test('an origin that was never seen has no load', () => {
  expect(loadOf(UNSEEN, NOW)).toBe(0);
});
