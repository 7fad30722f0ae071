import { describe, expect, test } from 'vitest';
import { sampleModel, sampleOrigin } from '../test/support/origins.ts';
import { parseAliases, refuseNamesOf } from './settings-aliases.ts';

const origins = [
  sampleOrigin('one', { models: [sampleModel('mini', { tier: 'small' }), sampleModel('plain')] }),
  sampleOrigin('two', { models: [sampleModel('big', { tier: 'large' })] }),
];
const PAIR = { small: 'mini', large: 'big', quality: 0.9 };

describe('parseAliases()', () => {
  test('there are none where none are set', () => {
    expect(parseAliases(undefined, origins)).toEqual([]);
  });

  test.each<[string, object, object]>([
    ['a model', { model: 'plain' }, { kind: 'model', model: 'plain' }],
    ['two models and a quality', PAIR, { kind: 'tiers', ...PAIR }],
    ['two models', { small: 'plain', large: 'big' }, { kind: 'tiers', small: 'plain', large: 'big', quality: 0.95 }],
    ['a quality alone', { quality: 0.8 }, { kind: 'tiers', small: null, large: null, quality: 0.8 }],
    ['nothing', {}, { kind: 'tiers', small: null, large: null, quality: 0.95 }],
    ['quality 0', { ...PAIR, quality: 0 }, { kind: 'tiers', ...PAIR, quality: 0 }],
  ])('reads an alias of %s', (_name, table, expected) => {
    const rule = [{ name: 'auto', ...expected }];
    expect(parseAliases({ auto: table }, origins)).toEqual(rule);
    expect(parseAliases(JSON.stringify({ auto: table }), origins)).toEqual(rule);
  });

  test.each<[unknown, string]>([
    ['{', 'ALIASES: expected a table of aliases, or the JSON text of one, received a text that is no JSON'],
    [['auto'], 'ALIASES: expected a table of aliases, received ["auto"]'],
    [{ auto: 'mini' }, 'ALIASES.auto: expected a table, received "mini"'],
    [{ 'a b': PAIR }, 'ALIASES: expected names of 1 to 128 letters, digits, ".", "_", "-", "/" or ":", received "a b"'],
    [{ plain: PAIR }, 'ALIASES.plain: expected a name that no model has, received "plain"'],
    [
      { fast: { model: 'nobody' } },
      'ALIASES.fast.model: expected a model of ORIGINS: mini, plain, big, received "nobody"',
    ],
    [{ fast: { model: 7 } }, 'ALIASES.fast.model: expected a model of ORIGINS: mini, plain, big, received 7'],
    [{ fast: { model: 'mini', quality: 1 } }, 'ALIASES.fast.quality: expected one of model, received "quality"'],
    [{ fast: { ...PAIR, tier: 1 } }, 'ALIASES.fast.tier: expected one of small, large, quality, received "tier"'],
    [
      { fast: { ...PAIR, small: 'auto' } },
      'ALIASES.fast.small: expected a model of ORIGINS: mini, plain, big, received "auto"',
    ],
    [{ fast: { ...PAIR, large: 'mini' } }, 'ALIASES.fast.large: expected another model than small, received "mini"'],
    [{ fast: { small: 'big' } }, 'ALIASES.fast.large: expected another model than small, received "big"'],
    [{ fast: { ...PAIR, quality: 1.5 } }, 'ALIASES.fast.quality: expected a number from 0 to 1, received 1.5'],
    [{ fast: { ...PAIR, quality: '1' } }, 'ALIASES.fast.quality: expected a number from 0 to 1, received "1"'],
  ])('refuses %j', (given, message) => {
    expect(() => parseAliases(given, origins)).toThrow(`Perigee cannot start: ${message}`);
  });

  test('refuses an alias by tiers where a tier has no model', () => {
    expect(() => parseAliases({ auto: {} }, origins.slice(0, 1))).toThrow(
      "ALIASES.auto.large: expected a model's id, or a model of tier large in ORIGINS, received neither",
    );
  });
});

test('refuseNamesOf() refuses the name of a local model', () => {
  expect(() => refuseNamesOf(['auto', 'minilm'], ['minilm', 'sst2'])).toThrow(
    'ALIASES.minilm: expected a name that no model has, received "minilm"',
  );
  expect(() => refuseNamesOf(['auto'], ['minilm'])).not.toThrow();
});
