import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { toSettings } from './options.ts';
import { createPace } from './pace.ts';
import { createRandom } from './random.ts';

const times = { region: 'r', networkDelayMs: 40, ttftMs: 200, prefillMsPerToken: 0.5, msPerToken: 20 };

test('createPace() gives the times of the settings, multiplied by the slowness', () => {
  const pace = createPace(toSettings(times), 3, () => 0);
  expect([pace.networkMs(), pace.prefillMs(100), pace.tokenMs()]).toEqual([120, 750, 60]);
});

test('createPace() varies each time within the jitter', () => {
  fc.assert(
    fc.property(fc.integer(), fc.double({ min: 0, max: 1, noNaN: true }), (seed, jitter) => {
      const pace = createPace(toSettings({ ...times, jitter }), 1, createRandom(seed));
      for (let nth = 0; nth < 10; nth++) {
        expect(Math.abs(pace.tokenMs() - 20)).toBeLessThanOrEqual(20 * jitter + 1e-9);
      }
    }),
  );
});
