import { expect, test } from 'vitest';
import { sampleModel, sampleOrigin } from '../../test/support/origins.ts';
import type { Origin } from '../contract/origin.ts';
import { findMisuse, listModels, priceOf, serves } from './catalogue.ts';

const CHEAP = sampleModel('small', { inputPrice: 0.1, outputPrice: 0.4 });
const DEAR = sampleModel('small', { inputPrice: 1, outputPrice: 4 });
const LARGE = sampleModel('large', { inputPrice: 2.5, outputPrice: 10 });

const FIRST = origin('first', [CHEAP]);
const SECOND = origin('second', [LARGE, DEAR, DEAR]);

test('serves() is true where one origin has the model', () => {
  expect(serves([FIRST, SECOND], 'large')).toBe(true);
  expect(serves([FIRST], 'large')).toBe(false);
  expect(serves([], 'large')).toBe(false);
});

test('listModels() names each model and each of its origins once', () => {
  expect(listModels([FIRST, SECOND])).toEqual([
    { id: 'small', origins: ['first', 'second'], protocols: ['openai'] },
    { id: 'large', origins: ['second'], protocols: ['openai'] },
  ]);
});

test('findMisuse() says what a model takes where no origin serves it by the protocol asked', () => {
  const tensors = sampleOrigin('third', { protocol: 'kserve', models: [sampleModel('net'), LARGE] });
  expect(findMisuse([SECOND, tensors], 'net', ['openai'])).toMatchObject({
    kind: 'invalid',
    message: expect.stringContaining('/v2/models') as string,
  });
  expect(findMisuse([SECOND, tensors], 'net', ['kserve'])).toBeNull();
  expect(findMisuse([SECOND, tensors], 'large', ['openai'])).toBeNull();
  expect(findMisuse([SECOND, tensors], 'none', ['openai'])).toBeNull();
});

test('priceOf() tells what the model costs at this origin', () => {
  expect(priceOf(FIRST, 'small')).toEqual(CHEAP);
  expect(priceOf(SECOND, 'small')).toEqual(DEAR);
  expect(priceOf(FIRST, 'large')).toBeNull();
});

function origin(id: string, models: Origin['models']): Origin {
  return sampleOrigin(id, { models });
}
