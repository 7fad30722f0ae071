import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sampleOrigin } from '../../test/support/origins.ts';
import type { RoutingEvent } from '../contract/routing.ts';
import { addMeasure, isSuspect, measure, NOTHING_MEASURED, toMeasures, type Way } from './measured.ts';
import { toLoad } from './metrics/reading.ts';
import { observeRoundTrip, observeRoundTrips, shareRoundTrip } from './round-trip.ts';

const T0 = 1_800_000_000_000;
const headers = (ms: number | null): RoutingEvent => ({ kind: 'headers', origin: 'a', ms });
const failed = (isWhole: boolean): RoutingEvent => ({ kind: 'failed', origin: 'a', model: 'm', isWhole });
const measuresOf = (events: readonly RoutingEvent[], now = T0) =>
  toMeasures(
    events.reduce((measured, event) => measure(measured, event, T0), NOTHING_MEASURED),
    [sampleOrigin('a')],
    now,
  );

describe('toMeasures()', () => {
  test.each<[string, RoutingEvent[], object[]]>([
    [
      'adds up round trips of calls and probes',
      [headers(40), { kind: 'probed', origin: 'a', ms: 20 }],
      [{ count: 2, meanMs: 30, peakMs: 40, reachedAgeMs: 0, failedAgeMs: null }],
    ],
    ['notes an answer that tells no round trip', [headers(null)], [{ count: 0, reachedAgeMs: 0 }]],
    ['notes a call that met nobody', [failed(true)], [{ count: 0, reachedAgeMs: null, failedAgeMs: 0 }]],
    ['notes a probe that met nobody', [{ kind: 'probed', origin: 'a', ms: null }], [{ failedAgeMs: 0 }]],
    ['says nothing of a model that failed', [failed(false)], []],
    [
      'says nothing of what others told',
      [
        { kind: 'shared', origin: 'a', roundTrip: { meanMs: 1, weight: 1, peakMs: 1, at: T0 } },
        {
          kind: 'reported',
          origin: 'a',
          report: toLoad(null, null, T0),
        },
      ],
      [],
    ],
  ])('%s', (_name, events, expected) => {
    const measures = measuresOf(events);
    expect(measures).toHaveLength(expected.length);
    expect(measures).toMatchObject(expected);
  });

  test('tells times as ages', () => {
    expect(measuresOf([headers(10)], T0 + 3_000)).toMatchObject([{ reachedAgeMs: 3_000 }]);
  });
});

describe('addMeasure()', () => {
  const reach = { name: 'a', count: 0, meanMs: 0, peakMs: 0, reachedAgeMs: null, failedAgeMs: null };

  test('knows who failed and was not reached since', () => {
    const down = addMeasure(undefined, { ...reach, failedAgeMs: 1_000 }, T0);
    expect(isSuspect(down, T0)).toBe(true);
    expect(isSuspect(down, T0 + 60_000)).toBe(false);
    expect(isSuspect(addMeasure(down, { ...reach, reachedAgeMs: 500 }, T0), T0)).toBe(false);
    expect(isSuspect(addMeasure(down, { ...reach, reachedAgeMs: 5_000 }, T0), T0)).toBe(true);
  });

  test('has a measurement at the time it was made, by the clock of the one who adds it', () => {
    const way = addMeasure(undefined, { ...reach, count: 2, meanMs: 30, peakMs: 40, reachedAgeMs: 4_000 }, T0);
    expect(way).toEqual({
      roundTrip: { meanMs: 30, weight: 2, peakMs: 40, at: T0 - 4_000 },
      reachedAt: T0 - 4_000,
      failedAt: null,
    });
  });

  test('counts what isolates told once each, whatever came back to them meanwhile', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 1, maxLength: 4 }), { maxLength: 5 }),
        (batches) => {
          let place: Way | undefined;
          let own = null;
          for (const batch of batches) {
            const events = batch.map(headers);
            for (const ms of batch) {
              own = observeRoundTrip(own, ms, T0);
            }
            for (const one of measuresOf(events)) {
              place = addMeasure(place, one, T0);
            }
            // The echo: the isolate takes the place's figure, and what it tells next is what it measured next.
            own = place?.roundTrip ? shareRoundTrip(own, place.roundTrip, T0) : own;
          }
          const all = batches.flat();
          expect(place?.roundTrip?.weight ?? 0).toBe(Math.min(20, all.length));
          if (all.length > 0) {
            expect(place?.roundTrip?.meanMs).toBeCloseTo(all.reduce((sum, ms) => sum + ms, 0) / all.length, 6);
          }
        },
      ),
    );
  });
});

test('observeRoundTrips() is as observeRoundTrip() for each of equal samples', () => {
  let one = observeRoundTrip(null, 50, T0);
  for (let at = 0; at < 30; at++) {
    one = observeRoundTrip(one, 20, T0 + 60_000);
  }
  const many = observeRoundTrips(observeRoundTrip(null, 50, T0), { count: 30, meanMs: 20, peakMs: 20 }, T0 + 60_000);
  expect(many.weight).toBe(one.weight);
  // One by one the former sample fades geometrically; all at once it is gone with the last that counts.
  expect(Math.abs(many.meanMs - one.meanMs)).toBeLessThan(1);
});
