import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tokenizerConfig, tokenizerOf } from '../../test/support/tiny-tokenizer.ts';
import { isSurelyTooLong, tokenise, tokenLimit } from './tokenise.ts';
import { createWordPieces } from './word-pieces.ts';

const vocabulary = ['[UNK]', '[CLS]', '[SEP]', 'a', 'b', '##b', '.'];
const wordPieces = createWordPieces(JSON.stringify(tokenizerOf(vocabulary)), tokenizerConfig);
const limits = { maxTokens: 8, clsId: 1, sepId: 2, vocabulary: vocabulary.length };
const ofText = (text: string, truncateTo: number | null = null, more = limits) =>
  tokenise({ kind: 'text', text }, { truncateTo }, more, wordPieces);
const ofIds = (ids: number[], truncateTo: number | null = null) =>
  tokenise({ kind: 'tokens', ids }, { truncateTo }, limits, wordPieces);

describe('tokenise()', () => {
  it('puts the special tokens round texts and ids', () => {
    expect(ofText('ab a.')).toEqual({ ok: true, value: { ids: [1, 3, 5, 3, 6, 2], wasCut: false } });
    expect(ofIds([3, 5])).toEqual({ ok: true, value: { ids: [1, 3, 5, 2], wasCut: false } });
    expect(ofText('')).toEqual({ ok: true, value: { ids: [1, 2], wasCut: false } });
  });

  it.each([
    { truncateTo: -1, ids: [1, 3, 3, 3, 3, 3, 3, 2] },
    { truncateTo: 99, ids: [1, 3, 3, 3, 3, 3, 3, 2] },
    { truncateTo: 4, ids: [1, 3, 3, 2] },
    { truncateTo: 1, ids: [1, 2] },
  ])('cuts to $truncateTo, the separator last', ({ truncateTo, ids }) => {
    expect(ofText('a '.repeat(20), truncateTo)).toEqual({ ok: true, value: { ids, wasCut: true } });
    expect(
      ofIds(
        Array.from({ length: 20 }, () => 3),
        truncateTo,
      ),
    ).toEqual({ ok: true, value: { ids, wasCut: true } });
  });

  it('refuses what is too long, and says how long', () => {
    expect(ofText('a '.repeat(6)).ok).toBe(true);
    expect(ofText('a '.repeat(7))).toEqual({ ok: false, problem: { kind: 'too-long', tokens: 9, maxTokens: 8 } });
    expect(ofIds([3, 3, 3, 3, 3, 3, 3])).toEqual({ ok: false, problem: { kind: 'too-long', tokens: 9, maxTokens: 8 } });
  });

  it.each([-1, 7, 1.5, Number.NaN])('refuses the id %d', (id) => {
    expect(ofIds([3, id])).toEqual({ ok: false, problem: { kind: 'bad-token', id, vocabulary: 7 } });
  });

  it.each([
    ['one long word', 'a'.repeat(10_000_000)],
    ['marks that vanish', '\u0301'.repeat(10_000_000)],
    ['many words', 'ab '.repeat(3_000_000)],
  ])('does not read ten megabytes of %s to the end', (_, text) => {
    expect(ofText(text)).toEqual({ ok: false, problem: { kind: 'too-long', tokens: null, maxTokens: 8 } });
    expect(ofText(text, -1)).toMatchObject({ ok: true });
  });

  it('stops early where nobody wants the tokens counted', () => {
    const text = 'ab '.repeat(10_000);
    let units = 0;
    const counting = (piece: string) => {
      units += piece.length;
      return wordPieces(piece);
    };
    expect(tokenise({ kind: 'text', text }, { truncateTo: null, counts: false }, limits, counting)).toEqual({
      ok: false,
      problem: { kind: 'too-long', tokens: null, maxTokens: 8 },
    });
    expect(units).toBeLessThan(2_100);
  });

  it('finds nothing in ten megabytes of blanks', () => {
    expect(ofText(' \n'.repeat(5_000_000))).toEqual({ ok: true, value: { ids: [1, 2], wasCut: false } });
  });

  it('gives the same taken in pieces as taken whole', () => {
    const word = fc.string({
      unit: fc.constantFrom('a', 'b', 'B', '.', 'é', '中', '\u0301', '\u200b'),
      minLength: 1,
      maxLength: 12,
    });
    const blank = fc.constantFrom(' ', '\n', '\t', '\u00a0', '\u3000', '   ');
    fc.assert(
      fc.property(fc.array(fc.tuple(word, blank), { minLength: 400, maxLength: 900 }), (words) => {
        const text = words.flat().join('');
        const whole = [1, ...wordPieces(text), 2];
        expect(ofText(text, null, { ...limits, maxTokens: 1_000_000 })).toEqual({
          ok: true,
          value: { ids: whole, wasCut: false },
        });
      }),
      { numRuns: 30 },
    );
  });

  it('never gives more than the limit', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: -1, max: 12 }), (text, truncateTo) => {
        const result = ofText(text, truncateTo);
        expect(result.ok && result.value.ids.length <= tokenLimit(truncateTo, limits.maxTokens)).toBe(true);
      }),
    );
  });
});

describe('isSurelyTooLong()', () => {
  it.each([
    { text: 'a '.repeat(7), is: true },
    { text: 'a '.repeat(6), is: false },
    { text: 'aaa'.repeat(1_000), is: false },
    { text: '\u0301 \u200b '.repeat(100), is: false },
    { text: 'до свидания '.repeat(4), is: true },
    { text: '数据库'.repeat(2), is: false },
    { text: '数据库'.repeat(5), is: true },
  ])('is $is for $text', ({ text, is }) => {
    expect(isSurelyTooLong({ kind: 'text', text }, 8)).toBe(is);
  });

  it('holds for no text that is within the limit', () => {
    const part = fc.oneof(
      fc.constantFrom(' ', '\n', '\t', 'a', 'b.', '中', '\u0301', '\u200b'),
      fc.string({ unit: 'binary' }),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 40 }), (parts) => {
        const text = parts.join('');
        expect(isSurelyTooLong({ kind: 'text', text }, 8) && ofText(text).ok).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });
});
