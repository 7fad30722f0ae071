import { expect, test } from 'vitest';
import type { Board, CallEvent, RoutingEvent } from '../contract/routing.ts';
import { breakerOf, stepBoard, UNSEEN } from './board.ts';
import { admits } from './breaker.ts';
import { toLoad } from './metrics/reading.ts';

const NOW = 1_000_000;
const SENT: RoutingEvent = { kind: 'sent', origin: 'a', model: 'small', tokens: 5, travelMs: 1 };
const FAILED: RoutingEvent = { kind: 'failed', origin: 'a', model: 'small', isWhole: true };

function play(events: readonly RoutingEvent[], now = NOW, from: Board = new Map()): Board {
  return events.reduce((board, event) => stepBoard(board, event, now), from);
}

test.each<[string, CallEvent]>([
  ['ended without a word', { kind: 'ended', origin: 'a' }],
  ['was outrun', { kind: 'outrun', origin: 'a', model: 'small', lateMs: 5, isStream: true, isSilent: true }],
  ['was asked to wait', { kind: 'busy', origin: 'a', model: 'small', waitMs: 0 }],
])('a trial that %s does not keep the next one away', (_name, event) => {
  const later = NOW + 60_000;
  const board = play([SENT, event], later, play([FAILED]));
  const view = board.get('a') ?? UNSEEN;
  expect(view.breaker.outages).toBe(1);
  expect([admits(view.breaker, later), admits(breakerOf(view, 'small'), later)]).toEqual([true, true]);
});

test('a head closes the connection, whatever it says', () => {
  const board = play([SENT, { kind: 'headers', origin: 'a', ms: null }], NOW + 60_000, play([FAILED]));
  expect(board.get('a')).toMatchObject({ breaker: { outages: 0 }, roundTrip: null, headAt: NOW + 60_000 });
});

test('a report from before a failure does not end its cool-down', () => {
  const board = play([FAILED]);
  const told = (at: number): RoutingEvent => ({ kind: 'reported', origin: 'a', report: toLoad(null, null, at) });
  expect(play([told(NOW - 1)], NOW + 1, board).get('a')?.breaker.openUntil).toBe(NOW + 5_000);
  expect(play([told(NOW + 1)], NOW + 2, board).get('a')?.breaker.openUntil).toBe(NOW + 2);
});

test('three calls in a row without a head are an outage of the connection, and a head begins anew', () => {
  const silent: RoutingEvent = { ...FAILED, isWhole: false, isSilent: true };
  const heard: RoutingEvent = { kind: 'headers', origin: 'a', ms: null };
  expect(play([silent, silent, heard, silent, silent]).get('a')?.breaker.outages).toBe(0);
  expect(play([silent, silent, silent]).get('a')?.breaker.outages).toBe(1);
});

test('how late answers are is known of each model for itself', () => {
  const answer: RoutingEvent = {
    kind: 'first-token',
    origin: 'a',
    model: 'small',
    tokens: 5,
    lateMs: 100,
    serverMs: null,
    isStream: true,
  };
  const { tails } = play([answer, { ...answer, model: 'large' }]).get('a') ?? UNSEEN;
  expect([[...tails.stream.keys()], [...tails.whole.keys()]]).toEqual([['small', 'large'], []]);
});
