import { expect, test } from 'vitest';
import { createFakeClock } from '../../test/support/fake-clock.ts';
import { sampleOrigin } from '../../test/support/origins.ts';
import type { SentEvent } from '../contract/routing.ts';
import { createRoutingBoard } from './routing-board.ts';

const SENT: SentEvent = { kind: 'sent', origin: 'a', model: 'small', tokens: 1, travelMs: 1 };
const BLOCKS = [{ hash: 1, tokens: 10 }];

function create() {
  const clock = createFakeClock();
  return { clock, board: createRoutingBoard({ origins: [sampleOrigin('a')], clock, maxCallMs: 1_000 }) };
}

test('a call counts from its beginning to its first ending', () => {
  const { board } = create();
  const note = board.begin(SENT);
  board.begin(SENT);
  expect(board.views().get('a')?.inFlight).toBe(2);
  note({ kind: 'ended', origin: 'a' });
  note({ kind: 'failed', origin: 'a', model: 'small', isWhole: true });
  expect(board.views().get('a')).toMatchObject({ inFlight: 1, breaker: { outages: 0 } });
});

test('a call that never ends, for its request has died, counts no more after a while', () => {
  const { board, clock } = create();
  const note = board.begin(SENT);
  clock.advance(1_000);
  expect(board.views().get('a')?.inFlight).toBe(0);
  note({ kind: 'ended', origin: 'a' });
  expect(board.views().get('a')?.inFlight).toBe(0);
  board.begin(SENT, 50_000);
  clock.advance(49_999);
  expect(board.views().get('a')?.inFlight).toBe(1);
});

test('an origin that failed altogether is taken to hold no prompts any more', () => {
  const { board } = create();
  board.prefixes.sent('a', BLOCKS);
  board.note({ kind: 'failed', origin: 'a', model: 'small', isWhole: false });
  expect(board.prefixes.warmTokens('a', BLOCKS)).toBe(10);
  board.note({ kind: 'failed', origin: 'a', model: 'small', isWhole: true });
  expect(board.prefixes.warmTokens('a', BLOCKS)).toBe(0);
});

test('with another catalogue, what is known of an origin that is gone goes, and its calls end unheard', () => {
  const { board } = create();
  const note = board.begin(SENT);
  board.prefixes.sent('a', BLOCKS);
  board.replace([sampleOrigin('b')]);
  note({ kind: 'ended', origin: 'a' });
  expect([...board.views().keys()]).toEqual([]);
  expect(board.prefixes.warmTokens('a', BLOCKS)).toBe(0);
  expect(board.origins().map(({ id }) => id)).toEqual(['b']);
});
