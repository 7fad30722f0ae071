import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seat, toBounds, type Seat } from './rendezvous.ts';

const KEYS = Array.from({ length: 2_000 }, (_, at) => `key ${at}`);

function idle(...ids: readonly string[]): Seat[] {
  return ids.map((id) => ({ id, weight: 1, load: 0 }));
}

function seatsOf(seats: readonly Seat[]): (string | undefined)[] {
  return KEYS.map((key) => seats[seat(key, seats, 1.25)]?.id);
}

describe('seat()', () => {
  test('does not depend on the order of the origins', () => {
    expect(seatsOf(idle('a', 'b', 'c'))).toEqual(seatsOf(idle('c', 'a', 'b')));
  });

  test('moves the keys of an origin that leaves, and no others', () => {
    const before = seatsOf(idle('a', 'b', 'c', 'd'));
    const after = seatsOf(idle('a', 'b', 'c'));
    expect(after.filter((id, at) => before[at] !== 'd' && id !== before[at])).toEqual([]);
  });

  test('gives each its share by weight', () => {
    const seats = [
      { id: 'a', weight: 3, load: 0 },
      { id: 'b', weight: 1, load: 0 },
    ];
    const share = seatsOf(seats).filter((id) => id === 'a').length / KEYS.length;
    expect(share).toBeGreaterThan(0.72);
    expect(share).toBeLessThan(0.78);
  });

  test('passes over an origin that has its bound, and comes back to it', () => {
    const free = idle('a', 'b', 'c');
    const home = seat('key', free, 1.25);
    const full = free.map((one, place) => ({ ...one, load: place === home ? 9 : 5 }));
    expect(seat('key', full, 1.25)).not.toBe(home);
    expect(seat('key', full, 100)).toBe(home);
  });

  test('never carries an origin past its bound, and always finds one', () => {
    const seats = fc.array(fc.record({ weight: fc.integer({ min: 1, max: 64 }), load: fc.nat(50) }), { minLength: 1 });
    fc.assert(
      fc.property(seats, fc.string(), fc.double({ min: 1, max: 3, noNaN: true }), (drafts, key, factor) => {
        const given = drafts.map((draft, at) => ({ ...draft, id: String(at) }));
        const place = seat(key, given, factor);
        const bound = toBounds(given, factor)[place] ?? 0;
        expect((given[place]?.load ?? Infinity) + 1).toBeLessThanOrEqual(bound);
      }),
    );
  });
});
