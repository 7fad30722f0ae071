import { describe, expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from './local/exits/settings.ts';
import { parseExits } from './settings-exits.ts';

describe('parseExits()', () => {
  test('gives the values of its own where nothing is set', () => {
    expect(parseExits(undefined)).toEqual({ default: DEFAULT_SETTINGS });
  });

  test('takes a task from its own table, then from the default', () => {
    const { default: common, sst2 } = parseExits({
      default: { share: 0.2 },
      sst2: { constraint: 0.02, max_rows: 2000 },
    });
    expect(common).toEqual({ ...DEFAULT_SETTINGS, share: 0.2 });
    expect(sst2).toEqual({ ...DEFAULT_SETTINGS, share: 0.2, constraint: 0.02, maxRows: 2000 });
  });

  test('takes the JSON text of a table', () => {
    expect(parseExits('{"sst2": {"alpha": 0.1}}')['sst2']?.alpha).toBe(0.1);
  });

  test.each<[string, unknown, string]>([
    ['a list', [], 'EXITS: expected a table of tasks, received []'],
    ['a text', 'off', 'EXITS: expected a table of tasks, or the JSON text of one'],
    ['a number for a task', { sst2: 1 }, 'EXITS.sst2: expected a table, received 1'],
    [
      'a misspelt field',
      { sst2: { rampBudget: 1 } },
      'EXITS.sst2.rampBudget: expected a field that exists: constraint',
    ],
    [
      'a constraint of nothing',
      { sst2: { constraint: 0 } },
      'EXITS.sst2.constraint: expected a number from 0.0001 to 0.25',
    ],
    ['a text for a number', { sst2: { alpha: '5 %' } }, 'EXITS.sst2.alpha: expected a number from 0.0001 to 0.25'],
    ['half a row', { sst2: { max_rows: 1000.5 } }, 'EXITS.sst2.max_rows: expected a whole number from 1000 to 8000'],
    ['a share above the largest', { sst2: { share: 0.6 } }, 'EXITS.sst2.share: expected at most max_share, 0.5'],
  ])('refuses %s', (_, value, message) => {
    expect(() => parseExits(value)).toThrow(message);
  });
});
