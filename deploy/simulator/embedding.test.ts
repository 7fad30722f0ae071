import { expect, test } from 'vitest';
import { embed } from './embedding.ts';

function cosine(a: string, b: string): number {
  const [left, right] = [embed(a, 256, 1), embed(b, 256, 1)];
  return left.reduce((sum, value, at) => sum + value * (right[at] ?? 0), 0);
}

test('embed() gives unit vectors, the same for the same text', () => {
  expect(cosine('the capital of France', 'the capital of France')).toBeCloseTo(1, 5);
  expect(embed('', 8, 1).every(Number.isFinite)).toBe(true);
});

test('embed() puts texts that share words nearer', () => {
  const near = cosine('what is the capital of France', 'tell me the capital of France');
  expect(near).toBeGreaterThan(cosine('what is the capital of France', 'bake bread with yeast') + 0.3);
});
