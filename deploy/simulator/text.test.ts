import { expect, test } from 'vitest';
import { createRandom } from './random.ts';
import { compose, toOpening } from './text.ts';
import { splitTokens } from './tokens.ts';

const opening = toOpening('us-east', 'What is the capital of France?');

test('toOpening() names the simulator, the region and the question', () => {
  expect(opening).toBe('This is the Perigee simulator in us-east answering "What is the capital of France?".');
});

test('toOpening() repeats the beginning of a long question on one line', () => {
  expect(toOpening('r', `a\n\n b ${'x'.repeat(1000)}`)).toContain(`"a b ${'x'.repeat(76)}…"`);
});

test('compose() fills any budget exactly, in tokens as they are counted', () => {
  for (let budget = 1; budget < 60; budget++) {
    const { tokens, isCut } = compose(opening, budget, createRandom(1));
    expect(splitTokens(tokens.join(''))).toEqual(tokens);
    expect(tokens).toHaveLength(budget);
    expect(isCut).toBe(budget < splitTokens(opening).length);
  }
});

test('compose() says the same for the same seed and something else for another', () => {
  expect(say(1)).toBe(say(1));
  expect(say(1)).not.toBe(say(2));
});

function say(seed: number): string {
  return compose(opening, 50, createRandom(seed)).tokens.join('');
}
