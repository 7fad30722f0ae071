import { expect, test } from 'vitest';
import { distanceKm } from './distance.ts';

const LONDON = { latitude: 51.5074, longitude: -0.1278 };
const PARIS = { latitude: 48.8566, longitude: 2.3522 };

test.each([
  ['a point and itself', LONDON, LONDON, 0],
  ['London and Paris', LONDON, PARIS, 344],
  ['two points beside the date line', { latitude: 0, longitude: 179.5 }, { latitude: 0, longitude: -179.5 }, 111],
  ['the poles', { latitude: 90, longitude: 12 }, { latitude: -90, longitude: 77 }, 20_015],
  ['antipodes', { latitude: 40.1, longitude: 10.3 }, { latitude: -40.1, longitude: -169.7 }, 20_015],
])('distanceKm() between %s', (_name, from, to, km) => {
  expect(Math.round(distanceKm(from, to))).toBe(km);
  expect(Math.round(distanceKm(to, from))).toBe(km);
});
