import { assert, integer, property, record } from 'fast-check';
import { expect, test } from 'vitest';
import { planLines, type Line } from './plan-lines.ts';

const levels = record({
  connections: integer({ min: 1, max: 600 }),
  msPerToken: integer({ min: 1, max: 40 }),
  tokens: integer({ min: 100, max: 1000 }),
  streams: integer({ min: 1, max: 3 }),
  openMs: integer({ min: 100, max: 10_000 }),
  beginMs: integer({ min: 100, max: 10_000 }),
});

/** When a line's measured streams run, were every token on time. */
function timesOf(
  { startMs, streams }: Line,
  msPerToken: number,
): { open: number; from: number; to: number; end: number } {
  const msOf = (isWanted: (place: number) => boolean): number =>
    streams.reduce((sum, { tokens }, place) => sum + (isWanted(place) ? tokens * msPerToken : 0), 0);
  const last = streams.findLastIndex(({ isMeasured }) => isMeasured);
  return {
    open: startMs,
    from: startMs + msOf((place) => place === 0),
    to: startMs + msOf((place) => place <= last),
    end: startMs + msOf(() => true),
  };
}

test('planLines() has every connection open while any measured stream runs', () => {
  assert(
    property(levels, (level) => {
      const times = planLines(level).map((line) => timesOf(line, level.msPerToken));
      const tolerance = 3 * level.msPerToken;
      expect(Math.max(...times.map(({ open }) => open))).toBeLessThanOrEqual(
        Math.min(...times.map(({ from }) => from)) + tolerance,
      );
      expect(Math.min(...times.map(({ end }) => end))).toBeGreaterThanOrEqual(
        Math.max(...times.map(({ to }) => to)) - tolerance,
      );
    }),
  );
});

test('planLines() measures as many streams of as many tokens as asked for', () => {
  const lines = planLines({ connections: 64, msPerToken: 10, tokens: 1000, streams: 2, openMs: 1000, beginMs: 2000 });
  expect(lines).toHaveLength(64);
  for (const { streams } of lines) {
    expect(streams.filter(({ isMeasured }) => isMeasured).map(({ tokens }) => tokens)).toEqual([1000, 1000]);
  }
});

test('planLines() spreads the tokens of all connections over the time between two of one', () => {
  const msPerToken = 40;
  const lines = planLines({ connections: 500, msPerToken, tokens: 1000, streams: 1, openMs: 5000, beginMs: 8000 });
  const perTenth = Array.from({ length: 10 }, () => 0);
  for (const { startMs } of lines) {
    const tenth = Math.floor(((startMs % msPerToken) / msPerToken) * 10);
    perTenth[tenth] = (perTenth[tenth] ?? 0) + 1;
  }
  expect(Math.min(...perTenth)).toBeGreaterThan(35);
  expect(Math.max(...perTenth)).toBeLessThan(65);
});

test('planLines() without a pace begins at once, with a stream of one token that opens the connection', () => {
  const [line] = planLines({ connections: 1, msPerToken: 0, tokens: 1000, streams: 2, openMs: 0, beginMs: 0 });
  expect(line?.streams.map(({ tokens }) => tokens)).toEqual([1, 1000, 1000]);
});
