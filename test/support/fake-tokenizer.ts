/** A Tokenizer of one token a word, which is the same for all words. Records its calls; a fault can be set. */
import { fail, succeed } from '../../src/contract/problem.ts';
import type { Tokenizer, TokenizerFault } from '../../src/contract/tokenizer.ts';
import { GENERAL_ROUTER } from '../../src/origin/tiers/general-router.ts';

export interface FakeTokenizer extends Tokenizer {
  readonly calls: readonly string[];
  vocabulary: string;
  fault: TokenizerFault | null;
}

/** A word that says nothing to the router: what it decides is then a matter of signs. */
const NEUTRAL = GENERAL_ROUTER.words.indexOf(0);
const MAX_WORDS = 254;

export function createFakeTokenizer(): FakeTokenizer {
  const calls: string[] = [];
  const fake: FakeTokenizer = {
    calls,
    vocabulary: GENERAL_ROUTER.vocabulary,
    fault: null,
    encode: (text) => {
      calls.push(text);
      const words = text.toLowerCase().match(/[\p{L}\p{N}]+|\p{P}/gu) ?? [];
      const ids = words.slice(0, MAX_WORDS).map(() => NEUTRAL);
      return Promise.resolve(fake.fault === null ? succeed(ids) : fail(fake.fault));
    },
  };
  return fake;
}
