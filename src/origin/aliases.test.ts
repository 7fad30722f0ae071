import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sampleModel, sampleOrigin } from '../../test/support/origins.ts';
import type { AliasRule } from '../contract/alias.ts';
import type { Origin, OriginModel } from '../contract/origin.ts';
import { cheapestOf, findAlias, listAliases } from './aliases.ts';

const small = (id: string, price = 1): OriginModel => sampleModel(id, { tier: 'small', inputPrice: price });
const large = (id: string, price = 9): OriginModel => sampleModel(id, { tier: 'large', inputPrice: price });
const at = (id: string, ...models: OriginModel[]): Origin => sampleOrigin(id, { models });
const AUTO = { kind: 'tiers', name: 'auto', small: 'mini', large: 'big', quality: 0.95 };
const both = [at('one', small('mini')), at('two', large('big'))];

describe('cheapestOf()', () => {
  test.each<[string, Origin[], string | null]>([
    ['the one', [at('a', small('mini'))], 'mini'],
    ['the cheapest, wherever it is so', [at('a', small('x', 2), small('y', 3)), at('b', small('y', 1))], 'y'],
    ['by both prices', [at('a', small('x', 2), { ...small('y', 1), outputPrice: 9 })], 'x'],
    ['the first of equal ones', [at('a', small('x')), at('b', small('y'))], 'x'],
    ['none of another tier', [at('a', large('big', 0), sampleModel('plain', { inputPrice: 0 }))], null],
    ['none that takes tensors alone', [sampleOrigin('a', { protocol: 'kserve', models: [small('mini')] })], null],
    ['none where nobody serves any', [], null],
  ])('is %s', (_name, origins, expected) => {
    expect(cheapestOf('small', origins)).toBe(expected);
  });

  test('no other model of the tier costs less', () => {
    const price = fc.nat(3);
    const model = fc.record({ id: fc.constantFrom('a', 'b', 'c'), inputPrice: price, outputPrice: price });
    fc.assert(
      fc.property(fc.array(fc.array(model)), (lists) => {
        const origins = lists.map((models, place) =>
          at(`o${place}`, ...models.map((one) => ({ ...small(one.id), ...one }))),
        );
        const offers = lists.flat().map((one) => one.inputPrice + one.outputPrice);
        const chosen = cheapestOf('small', origins);
        const own = lists.flat().filter(({ id }) => id === chosen);
        expect(Math.min(...own.map((one) => one.inputPrice + one.outputPrice))).toBe(Math.min(...offers));
      }),
    );
  });
});

describe('findAlias()', () => {
  test('auto is there where both tiers are served', () => {
    expect(findAlias([], both, 'auto')).toEqual(AUTO);
    expect(listAliases([], both)).toEqual([AUTO]);
  });

  test.each<[string, Origin[]]>([
    ['nobody serves a large one', [at('one', small('mini'))]],
    ['nobody serves a small one', [at('two', large('big'))]],
    ['one model is of both tiers', [at('one', small('same')), at('two', large('same'))]],
    ['a model has its name', [...both, at('three', sampleModel('auto'))]],
  ])('auto is not there where %s', (_name, origins) => {
    expect([findAlias([], origins, 'auto'), listAliases([], origins)]).toEqual([null, []]);
  });

  test('auto follows the catalogue as it changes, an alias with names of its own does not', () => {
    const pinned: AliasRule = { kind: 'tiers', name: 'pinned', small: 'mini', large: 'big', quality: 0.9 };
    const changed = [...both, at('three', small('tiny', 0))];
    expect(findAlias([pinned], changed, 'auto')).toMatchObject({ small: 'tiny', large: 'big' });
    expect(findAlias([pinned], changed, 'pinned')).toEqual(pinned);
  });

  test('auto can be set otherwise', () => {
    const rule: AliasRule = { kind: 'tiers', name: 'auto', small: null, large: 'huge', quality: 0.9 };
    expect(listAliases([rule], both)).toEqual([{ ...rule, small: 'mini' }]);
    const plain: AliasRule = { kind: 'model', name: 'auto', model: 'mini' };
    expect(listAliases([plain], [])).toEqual([plain]);
  });

  test('a name that nobody gave is none', () => {
    expect(findAlias([], both, 'mini')).toBeNull();
    expect(findAlias([], both, 'automatic')).toBeNull();
  });
});
