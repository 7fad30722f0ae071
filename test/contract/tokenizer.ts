/** What every Tokenizer must do. Runs on the fake and, in workerd, on the real one. */
import { describe, expect, it } from 'vitest';
import type { Tokenizer } from '../../src/contract/tokenizer.ts';
import { GENERAL_ROUTER } from '../../src/origin/tiers/general-router.ts';
import { MAX_WORDS } from '../../src/origin/tiers/router.ts';

export function describeTokenizer(name: string, create: () => Tokenizer): void {
  const encode = async (text: string): Promise<readonly number[]> => {
    const ids = await create().encode(text);
    if (!ids.ok) {
      throw new Error(`expected ids, received ${ids.problem.detail}`);
    }
    return ids.value;
  };

  describe(`${name}: encode()`, () => {
    it('gives the words that the router has learnt', () => {
      expect(create().vocabulary).toBe(GENERAL_ROUTER.vocabulary);
    });

    it('gives ids of the table, the same for the same text', async () => {
      const ids = await encode('What is the capital of France?');
      expect(ids).toHaveLength(7);
      for (const id of ids) {
        expect(GENERAL_ROUTER.words[id]).toBeTypeOf('number');
      }
      expect(await encode('What is the capital of France?')).toEqual(ids);
    });

    it('has nothing to give of nothing', async () => {
      expect(await encode(' \n')).toEqual([]);
    });

    it('gives the beginning of a long text', async () => {
      const ids = await encode('one two '.repeat(1_000));
      expect(ids).toHaveLength(MAX_WORDS);
      expect(ids.slice(0, 4)).toEqual(await encode('one two one two'));
    });
  });
}
