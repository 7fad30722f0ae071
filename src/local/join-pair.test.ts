import { describe, expect, it } from 'vitest';
import { joinPair } from './join-pair.ts';

const [CLS, SEP] = [101, 102];
const limits = { maxTokens: 8 };

describe('joinPair()', () => {
  it('puts both in one sequence, and says where the second begins', () => {
    expect(joinPair([CLS, 7, 8, SEP], [CLS, 9, SEP], limits)).toEqual({
      ok: true,
      value: { ids: [CLS, 7, 8, SEP, 9, SEP], from: 4 },
    });
  });

  it('takes a pair as long as the limit, and refuses a longer one', () => {
    const four = [CLS, 1, 2, 3, SEP];
    expect(joinPair(four, [CLS, 4, 5, SEP], limits).ok).toBe(true);
    expect(joinPair(four, four, limits)).toEqual({ ok: false, problem: { kind: 'too-long', tokens: 9, maxTokens: 8 } });
  });

  it.each([
    [
      [CLS, SEP],
      [CLS, 1, SEP],
    ],
    [
      [CLS, 1, SEP],
      [CLS, SEP],
    ],
  ])('refuses a side without a token of its own', (first, second) => {
    expect(joinPair(first, second, limits)).toEqual({ ok: false, problem: { kind: 'empty' } });
  });
});
