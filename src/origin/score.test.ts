import { describe, expect, test } from 'vitest';
import { sampleModel, sampleOrigin } from '../../test/support/origins.ts';
import type { Board, RoutingEvent } from '../contract/routing.ts';
import { stepBoard, UNSEEN } from './board.ts';
import { priorRoundTripMs } from './round-trip.ts';
import { score, type Job, type Score } from './score.ts';

const PARIS = { latitude: 48.86, longitude: 2.35 };
const JOB: Job = { place: PARIS, policy: 'latency', promptTokens: 1_000, answerTokens: 200, warmTokens: () => 0 };
const FRANKFURT = sampleOrigin('frankfurt', { latitude: 50.03, longitude: 8.57 });
const VIRGINIA = sampleOrigin('virginia', { latitude: 38.94, longitude: -77.45 });

function scoresOf(job: Partial<Job> = {}, board: Board = new Map(), now = 0): Score[] {
  const candidates = [FRANKFURT, VIRGINIA].map((origin) => ({
    origin,
    model: sampleModel('small', origin === VIRGINIA ? { inputPrice: 0.1, outputPrice: 0.1 } : {}),
    view: board.get(origin.id) ?? UNSEEN,
  }));
  return [...score(candidates, { ...JOB, ...job }, now, () => 0.5)];
}

function totals(scores: readonly Score[]): number[] {
  return scores.map(({ totalMs }) => Math.round(totalMs));
}

function boardOf(...events: readonly RoutingEvent[]): Board {
  return events.reduce<Board>((board, event) => stepBoard(board, event, 0), new Map());
}

describe('score()', () => {
  test('goes by geography where nothing is known', () => {
    const [near, far] = scoresOf();
    expect(near?.roundTripMs).toBeCloseTo(priorRoundTripMs(479), 0);
    expect(near?.totalMs).toBeLessThan(far?.totalMs ?? 0);
    expect(near?.prefillMs).toBeCloseTo(100, 6);
  });

  test('takes all origins for equally far from an unknown place', () => {
    const [near, far] = scoresOf({ place: { latitude: null, longitude: null } });
    expect(near?.totalMs).toBe(far?.totalMs);
  });

  test('goes by what was measured rather than by geography', () => {
    const board = boardOf(
      { kind: 'probed', origin: 'frankfurt', ms: 300 },
      { kind: 'headers', origin: 'virginia', ms: 80 },
    );
    const [near, far] = scoresOf({}, board);
    expect(near?.totalMs).toBeGreaterThan(far?.totalMs ?? 0);
  });

  test('counts the prompts that this isolate has sent there, until they are answered', () => {
    const sent = boardOf({ kind: 'sent', origin: 'frankfurt', model: 'small', tokens: 2_000, travelMs: 20 });
    expect(scoresOf({}, sent)[0]?.aheadMs).toBeGreaterThan(150);
    expect(scoresOf({}, sent, 300)[0]?.aheadMs).toBe(0);
    expect(scoresOf({}, stepBoard(sent, { kind: 'ended', origin: 'frankfurt' }, 1), 1)[0]?.aheadMs).toBe(0);
  });

  test('saves what the origin is likely to hold, and no more than there is', () => {
    const [cold] = scoresOf();
    const [warm] = scoresOf({ warmTokens: (origin) => (origin === 'frankfurt' ? 600 : 0) });
    const [all] = scoresOf({ warmTokens: () => 5_000 });
    expect((cold?.totalMs ?? 0) - (warm?.totalMs ?? 0)).toBeCloseTo(60, 6);
    expect(all?.savedMs).toBe(all?.prefillMs);
  });

  test('lets the price count as the policy says', () => {
    const latency = scoresOf({ policy: 'latency' });
    const balanced = scoresOf({ policy: 'balanced' });
    const cost = scoresOf({ policy: 'cost' });
    expect(latency.map(({ costMs }) => costMs)).toEqual([0, 0]);
    expect(balanced.map(({ costMs }) => Math.round(costMs))).toEqual([140, 12]);
    expect(totals(cost).toSorted((a, b) => a - b)).toEqual(totals(cost).toReversed());
    expect(totals(latency).toSorted((a, b) => a - b)).toEqual(totals(latency));
  });

  test('draws the wait of an origin as busy as it says, exponentially', () => {
    const report = {
      isUp: true,
      waiting: 0,
      running: 3,
      prefillMs: 100,
      prefillMsPerToken: 0.1,
      busy: 0.5,
      readers: 1,
      at: 0,
    };
    const view = stepBoard(new Map(), { kind: 'reported', origin: 'frankfurt', report }, 0).get('frankfurt') ?? UNSEEN;
    const candidate = { origin: FRANKFURT, model: sampleModel('small'), view };
    const waits = [0.01, 1 - Math.exp(-1), 1 - Math.exp(-2)].map(
      (draw) => score([candidate], JOB, 0, () => draw)[0]?.waitMs,
    );
    expect(waits.map((ms) => Math.round(ms ?? 0))).toEqual([1, 100, 200]);
  });
});
