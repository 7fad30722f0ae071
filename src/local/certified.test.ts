import { describe, expect, it } from 'vitest';
import { certifiedPolicy } from './certified.ts';

const settings = [0.005, 0.02, 0.01].map((bound) => ({
  bound,
  confidence: 0.95,
  thresholds: [bound],
  calibrated: { rows: 300, misses: 0 },
}));

describe('certifiedPolicy()', () => {
  it.each([
    [0.01, [0.01]],
    [1 - 0.99, [0.01]],
    [1 - 0.98, [0.02]],
    [0.015, [0.01]],
    [0.5, [0.02]],
    [0.004, []],
    [0, []],
  ])('takes for the bound %d the loosest setting that keeps it', (bound, thresholds) => {
    expect(certifiedPolicy({ settings }, bound)).toEqual({ thresholds });
  });

  it('leaves exits off where nothing is certified', () => {
    expect(certifiedPolicy({ settings: [] }, 0.5)).toEqual({ thresholds: [] });
  });
});
