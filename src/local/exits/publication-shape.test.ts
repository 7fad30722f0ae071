import { describe, expect, test } from 'vitest';
import { nothingPublished, type ExitPublication } from './publication.ts';
import { readPublication } from './publication-shape.ts';
import { DEFAULT_SETTINGS } from './settings.ts';

const PUBLISHED: ExitPublication = {
  ...nothingPublished(2, DEFAULT_SETTINGS, { basis: 'any', now: 5 }),
  live: { thresholds: [0.9, null] },
  reference: { id: 3, sentinel: 0, edges: [0.95], bins: [0.5, 0.5], exits: [0.6, 0.2, 0.2] },
};

describe('readPublication()', () => {
  test('takes what was written', () => {
    expect(readPublication(JSON.parse(JSON.stringify(PUBLISHED)), 2)).toEqual(PUBLISHED);
  });

  test.each<[string, unknown]>([
    ['nothing', null],
    ['a text', 'publication'],
    ['a version that is none', { ...PUBLISHED, version: 0 }],
    ['a threshold above 1', { ...PUBLISHED, live: { thresholds: [1.5, null] } }],
    ['a policy of another model', { ...PUBLISHED, live: { thresholds: [0.9] } }],
    ['a guard of another model', { ...PUBLISHED, guard: { thresholds: [] } }],
    ['an unknown caution', { ...PUBLISHED, caution: 'some' }],
    ['a sentinel that is no ramp', { ...PUBLISHED, reference: { ...PUBLISHED.reference, sentinel: 2 } }],
    ['bins that do not fit', { ...PUBLISHED, reference: { ...PUBLISHED.reference, bins: [1] } }],
    ['exits that do not fit', { ...PUBLISHED, reference: { ...PUBLISHED.reference, exits: [1] } }],
  ])('takes %s for none', (_, value) => {
    expect(readPublication(value, 2)).toBeNull();
  });
});
