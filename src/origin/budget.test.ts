import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { backOffMs, earn, HEDGES, RETRIES, spend, startBudget } from './budget.ts';

test.each([
  ['retries', RETRIES, 0.1],
  ['hedges', HEDGES, 0.05],
])(
  '%s stay within their share of the requests, and what was there at first, however often they are wanted',
  (_name, settings, share) => {
    fc.assert(
      fc.property(fc.array(fc.nat(3), { minLength: 1, maxLength: 400 }), (wanted) => {
        let budget = startBudget(settings);
        let made = 0;
        for (const calls of wanted) {
          budget = earn(budget, settings);
          for (let call = 0; call < calls; call++) {
            const next = spend(budget);
            made += next === null ? 0 : 1;
            budget = next ?? budget;
          }
        }
        expect(made).toBeLessThanOrEqual(share * wanted.length + settings.start + 1e-6);
      }),
    );
  },
);

test('spend() allows one call for each ten requests once the burst is gone', () => {
  let budget = { left: 0 };
  for (let request = 0; request < 9; request++) {
    budget = earn(budget, RETRIES);
  }
  expect(spend(budget)).toBeNull();
  expect(spend(earn(budget, RETRIES))?.left).toBeCloseTo(0, 9);
});

test('backOffMs() draws from nothing up to twice as long each time, within a bound', () => {
  expect(backOffMs(3, () => 0)).toBe(0);
  expect([1, 2, 3, 9].map((attempt) => backOffMs(attempt, () => 0.5))).toEqual([25, 50, 100, 500]);
});
