import { describe, expect, test } from 'vitest';
import { sampleSettings, storedAnswer } from '../../test/support/samples.ts';
import { meterGenerated, meterHit } from './meter.ts';

const SETTINGS = sampleSettings();
const TOKENS = { prompt_tokens: 20, completion_tokens: 5 };

describe('meterHit()', () => {
  test.each([
    ['at the origin that answered first', {}, { ...TOKENS, tokens_from: 'cache', saved_usd: 0.00007 }],
    [
      "at another's price where it is gone",
      { origin: 'gone' },
      { ...TOKENS, tokens_from: 'cache', saved_usd: 0.00007 },
    ],
    [
      'as nothing where none has the model any more',
      { model: 'old' },
      { ...TOKENS, tokens_from: 'cache', saved_usd: 0 },
    ],
    ['as nothing where the usage is not known', { usage: null }, { tokens_from: 'cache' }],
  ])('counts what was saved %s', (_name, changes, expected) => {
    expect(meterHit(storedAnswer(changes), SETTINGS.origins)).toEqual(expected);
  });
});

test('meterGenerated() counts tokens, where they are from, and the cost', () => {
  const [origin] = SETTINGS.origins;
  const usage = { promptTokens: 20, completionTokens: 5, source: 'estimate', reported: null } as const;
  expect(origin && meterGenerated(usage, 'small', origin)).toEqual({
    ...TOKENS,
    tokens_from: 'estimate',
    cost_usd: 0.00007,
  });
});
