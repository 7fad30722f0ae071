import { describe, expect, test } from 'vitest';
import { sampleModel, sampleOrigin } from '../../test/support/origins.ts';
import type { Origin } from '../contract/origin.ts';
import type { Board, RoutingEvent } from '../contract/routing.ts';
import { stepBoard } from './board.ts';
import { filter, type Needs } from './filter.ts';
import { toLoad } from './metrics/reading.ts';

const NEEDS: Needs = {
  model: 'small',
  protocols: ['openai'],
  tokens: 1_000,
  modalities: ['text'],
  residencies: [null, null],
  priority: 'interactive',
};
const NOW = 1_000_000;
const REPORT = toLoad(null, null, NOW);

function boardOf(...events: readonly RoutingEvent[]): Board {
  return events.reduce<Board>((board, event) => stepBoard(board, event, NOW), new Map());
}

function reasonsOf(origin: Origin, needs: Partial<Needs> = {}, board: Board = new Map(), now = NOW): readonly string[] {
  const { kept, dropped } = filter([origin], { ...NEEDS, ...needs }, board, now);
  expect(kept.length + dropped.length).toBe(1);
  return dropped[0]?.reasons ?? [];
}

describe('filter()', () => {
  test('keeps what serves the model and is not known to be ill', () => {
    expect(filter([sampleOrigin('a')], NEEDS, new Map(), NOW)).toMatchObject({
      kept: [{ origin: { id: 'a' }, model: { id: 'small' } }],
      dropped: [],
    });
  });

  test.each<[string, Partial<Origin>, Partial<Needs>, string[]]>([
    ['another model', {}, { model: 'large' }, ['does not serve the model']],
    ["the tenant's residency", {}, { residencies: ['US', null] }, ['lies in jurisdiction eu, not us']],
    ["the request's residency", {}, { residencies: ['eu', 'us'] }, ['lies in jurisdiction eu, not us']],
    ['two equal ones once', {}, { residencies: ['us', 'US'] }, ['lies in jurisdiction eu, not us']],
    ['another protocol', { protocol: 'kserve' }, {}, ['speaks kserve, not openai']],
    [
      'a context that is too short',
      { models: [sampleModel('small', { contextTokens: 999 })] },
      {},
      ['takes 999 tokens of the model, not about 1000'],
    ],
    [
      'what it cannot read',
      { models: [sampleModel('small', { modalities: ['text'] })] },
      { modalities: ['text', 'image', 'audio'] },
      ['takes no image', 'takes no audio'],
    ],
    ['a drain', { isDraining: true }, {}, ['is being drained']],
    [
      'all reasons at once',
      { isDraining: true, protocol: 'workers-ai' },
      { residencies: [null, 'us'] },
      ['lies in jurisdiction eu, not us', 'speaks workers-ai, not openai', 'is being drained'],
    ],
  ])('drops for %s', (_name, origin, needs, reasons) => {
    expect(reasonsOf(sampleOrigin('a', origin), needs)).toEqual(reasons);
  });

  test('keeps a residency whatever its case, and a context that is not known', () => {
    expect(reasonsOf(sampleOrigin('a', { jurisdiction: 'EU' }), { residencies: ['eu', 'Eu'], tokens: 1e9 })).toEqual(
      [],
    );
  });

  test('drops a connection that failed, for all models, until it is to be tried', () => {
    const board = boardOf({ kind: 'failed', origin: 'a', model: 'other', isWhole: true });
    expect(reasonsOf(sampleOrigin('a'), {}, board)).toEqual(['does not answer']);
    expect(reasonsOf(sampleOrigin('a'), {}, board, NOW + 60_000)).toEqual([]);
  });

  test('drops a model that failed, or is busy, and not the others', () => {
    const origin = sampleOrigin('a', { models: [sampleModel('small'), sampleModel('large')] });
    const board = boardOf(
      { kind: 'failed', origin: 'a', model: 'small', isWhole: false },
      { kind: 'busy', origin: 'a', model: 'other', waitMs: 9_000 },
    );
    expect(reasonsOf(origin, {}, board)).toEqual(['fails on the model']);
    expect(reasonsOf(origin, { model: 'large' }, board)).toEqual([]);
  });

  test('drops what is reported down, while the report is current', () => {
    const board = boardOf({ kind: 'reported', origin: 'a', report: { ...REPORT, isUp: false } });
    expect(reasonsOf(sampleOrigin('a'), {}, board)).toEqual(['is reported down']);
    expect(reasonsOf(sampleOrigin('a'), {}, board, NOW + 60_001)).toEqual([]);
  });

  test('leaves room for interactive requests, and lets one batch request in where there is room for one', () => {
    const sent: RoutingEvent = { kind: 'sent', origin: 'a', model: 'small', tokens: 1, travelMs: 1 };
    const batch = { priority: 'batch' } as const;
    const four = sampleOrigin('a', { capacity: 4 });
    expect(reasonsOf(four, batch, boardOf(sent, sent))).toEqual([]);
    expect(reasonsOf(four, batch, boardOf(sent, sent, sent))).toHaveLength(1);
    expect(reasonsOf(four, {}, boardOf(sent, sent, sent))).toEqual([]);
    expect(reasonsOf(sampleOrigin('a', { capacity: 1 }), batch)).toEqual([]);
  });

  test('believes what it heard from an origin since more than what others tell', () => {
    const down: RoutingEvent = { kind: 'reported', origin: 'a', report: { ...REPORT, isUp: false, at: NOW - 5_000 } };
    const heard: RoutingEvent = { kind: 'probed', origin: 'a', ms: 20 };
    expect(reasonsOf(sampleOrigin('a'), {}, boardOf(down))).toEqual(['is reported down']);
    expect(reasonsOf(sampleOrigin('a'), {}, boardOf(down, heard))).toEqual([]);
    const { doubtful } = filter([sampleOrigin('a')], NEEDS, boardOf(down), NOW);
    expect(doubtful).toHaveLength(1);
  });

  test('drops what has no room, by its own requests and by what was reported', () => {
    const sent: RoutingEvent = { kind: 'sent', origin: 'a', model: 'small', tokens: 1, travelMs: 1 };
    const full = ['has no room for more than 2 requests'];
    const origin = sampleOrigin('a', { capacity: 2 });
    expect(reasonsOf(origin, {}, boardOf(sent))).toEqual([]);
    expect(reasonsOf(origin, {}, boardOf(sent, sent))).toEqual(full);
    const reported: RoutingEvent = { kind: 'reported', origin: 'a', report: { ...REPORT, running: 1 } };
    expect(reasonsOf(origin, {}, boardOf(reported, sent))).toEqual(full);
    // The report may have counted it.
    expect(reasonsOf(origin, {}, boardOf(sent, reported))).toEqual([]);
    expect(reasonsOf(origin, {}, boardOf(sent, sent, { kind: 'ended', origin: 'a' }))).toEqual([]);
  });
});
