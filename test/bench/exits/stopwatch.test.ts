import { expect, test } from 'vitest';
import { createStopwatch } from './stopwatch.ts';

/** Each look takes a thousandth of a millisecond; only whole milliseconds show. */
function createClock(): { now: () => number; work: (ms: number) => void } {
  let thousandths = 500;
  return {
    now: () => Math.floor(thousandths++ / 1000),
    work: (ms) => {
      thousandths += ms * 1000;
    },
  };
}

test.each([0.25, 1, 3.5, 17.125])('stop() tells fractions of a tick: %d ms', (ms) => {
  const clock = createClock();
  const stopwatch = createStopwatch(clock.now);
  stopwatch.start();
  clock.work(ms);
  expect(stopwatch.stop()).toBeCloseTo(ms, 2);
});

test('start() begins on a tick that came on time', () => {
  const clock = createClock();
  let looks = 0;
  // Taken off the processor for three milliseconds while it waits for the second tick.
  const stopwatch = createStopwatch(() => {
    if (++looks === 700) {
      clock.work(3);
    }
    return clock.now();
  });
  stopwatch.start();
  clock.work(2);
  expect(stopwatch.stop()).toBeCloseTo(2, 1);
});
