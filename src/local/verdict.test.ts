import { describe, expect, it } from 'vitest';
import { toVerdict } from './verdict.ts';

describe('toVerdict()', () => {
  it('gives the likeliest class, its probability, and probabilities that add up to 1', () => {
    const { label, confidence, probabilities } = toVerdict(Float64Array.of(-2, 3, 1));
    expect(label).toBe(1);
    expect(confidence).toBeCloseTo(1 / (1 + Math.exp(-2) + Math.exp(-5)), 12);
    expect(probabilities.reduce((sum, value) => sum + value)).toBeCloseTo(1, 12);
  });

  it('gives the first of equals, also of logits that no power can hold', () => {
    expect(toVerdict(Float64Array.of(900, 900, -900))).toMatchObject({ label: 0, confidence: 0.5 });
  });

  it('throws for logits that are no numbers, rather than leave on them', () => {
    expect(() => toVerdict(Float64Array.of(Number.NaN, 1))).toThrow('expected finite logits, received NaN, 1');
    expect(() => toVerdict(Float64Array.of(Infinity, 1))).toThrow('expected finite logits');
  });
});
