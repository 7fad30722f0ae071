import { describe, expect, it } from 'vitest';
import { chooseVariant } from './choose.ts';
import type { Measured } from './measure.ts';

function measured(latencyMs: number, leastCosine = 1, top1: number | null = null): Measured {
  const fidelity = { y: { maxAbs: 0, meanAbs: 0, leastCosine, top1 } };
  return { ok: true, value: { latencyMs, fidelity, heapBytes: 1, maxElements: 1 } };
}

const fp32 = measured(10);
const broken: Measured = { ok: false, fault: 'no kernel' };

describe('chooseVariant()', () => {
  it.each<[string, Record<string, Measured>, 'auto' | 'int8' | 'none', string | null, string]>([
    ['a fast and near int8', { fp32, a: measured(9, 0.999) }, 'auto', 'a', 'no slower than fp32'],
    ['the nearer of two', { fp32, a: measured(5, 0.995), b: measured(9, 0.999) }, 'auto', 'b', 'near enough'],
    [
      'the faster where the nearer is slow',
      { fp32, a: measured(5, 0.995), b: measured(12, 0.999) },
      'auto',
      'a',
      'near',
    ],
    [
      'fp32 where int8 is slower',
      { fp32, a: measured(11, 0.999) },
      'auto',
      'fp32',
      'int8 is slower (11.00 against 10.00 ms)',
    ],
    [
      'fp32 where int8 strays',
      { fp32, a: measured(5, 0.9) },
      'auto',
      'fp32',
      'int8 strays too far (least cosine 0.9000',
    ],
    ['fp32 where int8 says other things', { fp32, a: measured(5, 0.999, 0.9) }, 'auto', 'fp32', 'top-1 0.900'],
    ['fp32 where no int8 runs', { fp32, a: broken }, 'auto', 'fp32', 'no int8 runs'],
    ['int8 where fp32 does not fit', { fp32: broken, a: measured(5) }, 'auto', 'a', 'fp32 cannot be served'],
    ['nothing where int8 alone fits, and strays', { fp32: broken, a: measured(5, 0.5) }, 'auto', null, ''],
    ['int8 where it is asked for', { fp32, a: measured(50, 0.5) }, 'int8', 'a', 'as asked for'],
    ['nothing where the int8 asked for cannot run', { fp32, a: broken }, 'int8', null, ''],
    ['nothing where nothing runs', { fp32: broken }, 'auto', null, ''],
  ])('keeps %s', (_, variants, wish, variant, reason) => {
    const choice = chooseVariant(variants, wish);
    expect(choice?.variant ?? null).toBe(variant);
    expect(choice?.reason ?? '').toContain(reason);
  });
});
