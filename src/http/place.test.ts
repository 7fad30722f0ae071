import { describe, expect, test } from 'vitest';
import { toPlace } from './place.ts';

const NOWHERE = { colo: null, country: null, latitude: null, longitude: null };

describe('toPlace()', () => {
  test.each([
    [
      'what the platform says',
      { colo: 'FRA', country: 'DE', latitude: '50.11', longitude: '-8.68' },
      { colo: 'FRA', country: 'DE', latitude: 50.11, longitude: -8.68 },
    ],
    ['numbers', { latitude: 0, longitude: 180 }, { ...NOWHERE, latitude: 0, longitude: 180 }],
    ['nothing of what makes no sense', { colo: 7, latitude: '91', longitude: 'east' }, NOWHERE],
    ['nothing of an empty text', { latitude: '', longitude: '-181' }, NOWHERE],
    ['nothing where the platform says nothing', undefined, NOWHERE],
  ])('reads %s', (_name, cf, expected) => {
    expect(toPlace(Object.assign(new Request('https://gateway.test/'), { cf }))).toEqual(expected);
  });
});
