import { describe, expect, test } from 'vitest';
import { createFakeClock } from '../../test/support/fake-clock.ts';
import { sampleSettings } from '../../test/support/samples.ts';
import type { Origin } from '../contract/origin.ts';
import { createRoutingBoard, type IsolateBoard } from './routing-board.ts';

const [NEAR, FAR] = sampleSettings().origins as [Origin, Origin];

function createBoard(): IsolateBoard {
  return createRoutingBoard({ origins: [NEAR, FAR], clock: createFakeClock() });
}

function begin(board: IsolateBoard): ReturnType<IsolateBoard['begin']> {
  return board.begin({ kind: 'sent', origin: 'near', model: 'small', tokens: 1, travelMs: 1 });
}

const FAILED = { kind: 'failed', origin: 'near', model: 'small', isWhole: true } as const;

describe('replace()', () => {
  test('keeps what is known of origins that stay, drained ones too', () => {
    const board = createBoard();
    const note = begin(board);
    board.replace([{ ...NEAR, isDraining: true }]);
    expect(board.views().get('near')?.inFlight).toBe(1);
    note({ kind: 'ended', origin: 'near' });
    expect(board.views().get('near')?.inFlight).toBe(0);
  });

  test.each<[string, readonly Origin[]]>([
    ['is gone', [FAR]],
    ['lies elsewhere', [{ ...NEAR, url: 'https://new.example.com/v1' }, FAR]],
  ])('forgets an origin that %s, and what its calls under way still show', (_name, next) => {
    const board = createBoard();
    board.prefixes.sent('near', [{ hash: 1, tokens: 16 }]);
    const note = begin(board);
    board.replace(next);
    board.replace([NEAR, FAR]);
    note(FAILED);
    expect(board.views().has('near')).toBe(false);
    expect(board.prefixes.warmTokens('near', [{ hash: 1, tokens: 16 }])).toBe(0);
  });

  test('takes up an origin that is new', () => {
    const board = createBoard();
    board.replace([NEAR, FAR, { ...NEAR, id: 'new' }]);
    board.begin({ kind: 'sent', origin: 'new', model: 'small', tokens: 1, travelMs: 1 });
    expect(board.views().get('new')?.inFlight).toBe(1);
  });
});
