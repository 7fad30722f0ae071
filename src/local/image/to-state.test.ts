import { describe, expect, it } from 'vitest';
import { toState } from './to-state.ts';

/** 2 x 3 grey pixels, shown: a b / c d / e f. */
const SHOWN = [
  [10, 20],
  [30, 40],
  [50, 60],
];
const PLAIN = { kind: 'image', width: 2, height: 3, channels: 3 } as const;

/** How the shown image is stored under each orientation, by row: Exif 2.32, section 4.6.4. */
const STORED: readonly [orientation: number, rows: number[][]][] = [
  [
    1,
    [
      [10, 20],
      [30, 40],
      [50, 60],
    ],
  ],
  [
    2,
    [
      [20, 10],
      [40, 30],
      [60, 50],
    ],
  ],
  [
    3,
    [
      [60, 50],
      [40, 30],
      [20, 10],
    ],
  ],
  [
    4,
    [
      [50, 60],
      [30, 40],
      [10, 20],
    ],
  ],
  [
    5,
    [
      [10, 30, 50],
      [20, 40, 60],
    ],
  ],
  [
    6,
    [
      [20, 40, 60],
      [10, 30, 50],
    ],
  ],
  [
    7,
    [
      [60, 40, 20],
      [50, 30, 10],
    ],
  ],
  [
    8,
    [
      [50, 30, 10],
      [60, 40, 20],
    ],
  ],
];

describe('toState()', () => {
  it.each(STORED)('shows orientation %d upright', (orientation, rows) => {
    const data = Uint8Array.from(rows.flat().flatMap((value) => [value, value, value, 255]));
    const pixels = { data, width: rows[0]?.length ?? 0, height: rows.length };
    const { values, tokens, width } = toState(pixels, orientation, { ...PLAIN, mean: [0, 0, 0], std: [1, 1, 1] });
    expect([tokens, width]).toEqual([6, 3]);
    expect([...values].filter((_, at) => at % 3 === 0)).toEqual(SHOWN.flat());
  });

  it('normalises by channel', () => {
    const pixels = { data: Uint8Array.of(10, 20, 30, 255), width: 1, height: 1 };
    const size = { ...PLAIN, width: 1, height: 1 };
    const { values } = toState(pixels, 1, { ...size, mean: [4, 20, 60], std: [2, 5, 10] });
    expect([...values]).toEqual([3, 0, -3]);
  });
});
