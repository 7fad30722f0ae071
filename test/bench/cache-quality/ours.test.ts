import { createRandom } from '../../../deploy/simulator/random.ts';
import { expect, test } from 'vitest';
import { FEATURES } from '../../../src/cache/trust/features.ts';
import type { GeneralHead } from '../../../src/cache/trust/head.ts';
import { DEFAULT_TRUST } from '../../../src/cache/trust/settings.ts';
import { createOurs } from './ours.ts';

const HEAD: GeneralHead = {
  weights: FEATURES.map((name) => (name === 'similarity' ? 8 : name === 'logit' ? 1 : 0)),
  usesVerifier: true,
  mostLogit: 2,
  cold: { delta: 0.01, threshold: 9 },
};

test('createOurs() asks the verifier where its best word reaches the threshold, and labels a share of what is left once it has 1,000 labels', async () => {
  const random = createRandom(3);
  const asked: number[] = [];
  let similarity = 0;
  const ours = createOurs({
    settings: DEFAULT_TRUST,
    head: HEAD,
    seed: 1,
    found: {
      factsOf: () => ({ logit: null, hints: 0, lengths: [5, 5] }),
      logitOf: () => {
        asked.push(similarity);
        return Promise.resolve(1);
      },
    },
  });
  const ask = async (count: number): Promise<void> => {
    for (let row = 0; row < count; row++) {
      similarity = 0.7 + 0.3 * random();
      const { served, isChecked } = await ours.decide(row, [{ row: row + 1e6, similarity, label: 'a' }]);
      ours.learn(served === null || isChecked ? 'a' : null);
    }
  };
  await ask(40);
  // 8 * .875 + 2 = 9.
  expect(asked.length).toBeGreaterThan(5);
  expect(Math.min(...asked)).toBeGreaterThanOrEqual(0.875);
  await ask(4000);
  const { labels, requests } = ours.state();
  expect(labels).toBeGreaterThan(1000);
  expect(labels).toBeLessThan(0.6 * requests);
});
