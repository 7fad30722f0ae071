import { describe, expect, test } from 'vitest';
import { atThreshold, averagePrecision, bestThreshold, precisionAt, toFigures } from './metrics.ts';
import { clustersOf, parseStream, setName } from './read-sets.ts';
import { replay, type StreamPolicy } from './replay.ts';
import { createPerfect, createStatic } from './fixed-policies.ts';
import { createSimilarities } from './similarities.ts';
import { createVcache } from './vcache.ts';

const pairs = [
  { score: 0.9, isSame: true },
  { score: 0.8, isSame: false },
  { score: 0.7, isSame: true },
  { score: 0.6, isSame: true },
  { score: 0.1, isSame: false },
];

describe('pairs', () => {
  test('average precision is what scikit-learn gives', () => {
    expect(averagePrecision(pairs)).toBeCloseTo((1 + 2 / 3 + 3 / 4) / 3, 12);
  });

  test('average precision does not depend on the order of equal scores', () => {
    const ties = [true, false, true, false].map((isSame) => ({ score: 1, isSame }));
    expect(averagePrecision(ties)).toBe(0.5);
    expect(averagePrecision(ties.toReversed())).toBe(0.5);
  });

  test('thresholds, precision and recall', () => {
    expect(bestThreshold(pairs)).toBe(0.6);
    expect(atThreshold(pairs, 0.6)).toEqual({ precision: 0.75, recall: 1, f1: 6 / 7 });
    expect(atThreshold(pairs, 2)).toEqual({ precision: 0, recall: 0, f1: 0 });
    expect(precisionAt(pairs, 0.6)).toBeCloseTo(2 / 3, 12);
  });
});

describe('sets', () => {
  test.each([
    ['/data/qqp/test.jsonl.gz', 'qqp_test'],
    ['/data/pawsx/dev-en.jsonl', 'pawsx_dev_en'],
  ])('setName(%s)', (file, expected) => {
    expect(setName(file)).toBe(expected);
  });

  test('clustersOf() joins what pairs join, and leaves out what nothing joins', () => {
    const pair = (textA: string, textB: string, isSame = true): Parameters<typeof clustersOf>[0][number] => ({
      textA,
      textB,
      isSame,
    });
    const rows = clustersOf([
      pair('a', 'b'),
      pair('c', 'd'),
      pair('b', 'e'),
      pair('a', 'c', false),
      pair('f', 'g', false),
    ]);
    const labels = Object.fromEntries(rows.map(({ text, label }) => [text, label]));
    expect(Object.keys(labels).toSorted()).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect([
      labels['a'] === labels['b'],
      labels['b'] === labels['e'],
      labels['c'] === labels['d'],
      labels['a'] === labels['c'],
    ]).toEqual([true, true, true, false]);
  });

  test.each(['{"text":1,"label":2}', 'no json', ''])('parseStream() refuses %s', (line) => {
    expect(() => parseStream(line, 'here')).toThrow('here');
  });
});

describe('replay()', () => {
  // Two groups, at right angles but for a little.
  const rows = Array.from({ length: 40 }, (_, i) => ({ text: String(i), label: String(i % 2) }));
  const similarities = createSimilarities(
    rows.map((_, i) => {
      const angle = (i % 2) * 1.3 + 0.01 * i;
      return Float32Array.of(Math.cos(angle), Math.sin(angle));
    }),
  );
  const stream = { name: 'two', rows, similarities };

  test('a judge that is always right misses once a label', async () => {
    expect(await replay(stream, 1, createPerfect(stream))).toEqual({ requests: 40, hits: 38, wrong: 0, checked: 0 });
  });

  test('a threshold that accepts everything is wrong as often as the nearest entry is', async () => {
    const { hits, wrong } = await replay(stream, 1, createStatic(-1));
    expect([hits, wrong > 0]).toEqual([39, true]);
  });

  test('tells a policy the answer only where the origin was asked', async () => {
    const told: boolean[] = [];
    const policy: StreamPolicy = {
      decide: (row, near) => ({ served: near[0] ?? null, isChecked: row % 3 === 0 }),
      learn: (answer) => told.push(answer !== null),
    };
    const { hits, checked, requests } = await replay(stream, 2, policy);
    expect(told.filter(Boolean).length).toBe(requests - hits + checked);
  });

  test('the nearest are the nearest among those that are cached', () => {
    const isCached = Uint8Array.from(rows, (_, i) => Number(i % 5 === 0));
    const near = similarities.nearest(1, isCached, 3).map(({ row }) => row);
    expect(near).toEqual([5, 15, 25]);
  });

  test('vCache explores until an entry has observations of its own, and is rarely wrong', async () => {
    const many = Array.from({ length: 600 }, (_, i) => ({ text: String(i), label: String(i % 2) }));
    const vectors = many.map((_, i) => {
      const angle = (i % 2) * 1.3 + 0.0005 * i;
      return Float32Array.of(Math.cos(angle), Math.sin(angle));
    });
    const counts = await replay(
      { name: 'many', rows: many, similarities: createSimilarities(vectors) },
      3,
      createVcache(0.02, 3),
    );
    expect(counts.hits).toBeGreaterThan(30);
    expect(counts.wrong / counts.requests).toBeLessThan(0.02);
  });
});

test('toFigures() bounds the error over all requests', () => {
  const { hitRate, error, errorUpper } = toFigures({ requests: 1000, hits: 400, wrong: 3, checked: 40 });
  expect([hitRate, error]).toEqual([0.4, 0.003]);
  expect(errorUpper).toBeCloseTo(0.007735, 5);
});
