import { describe, expect, it } from 'vitest';
import { tokenizerConfig, tokenizerOf } from '../../test/support/tiny-tokenizer.ts';
import { createWordPieces } from './word-pieces.ts';

const vocabulary = ['[UNK]', '[CLS]', '[SEP]', 'un', '##aff', '##able', 'a', 'b', 'α', '##σ', '𠀀', '.'];
const wordPieces = createWordPieces(JSON.stringify(tokenizerOf(vocabulary)), tokenizerConfig);
const tokensOf = (text: string) => wordPieces(text).map((id) => vocabulary[id]);

describe('createWordPieces()', () => {
  it.each([
    ['Unaffable.', ['un', '##aff', '##able', '.']],
    ['unaffordable', ['[UNK]']],
    ['[SEP] a', ['[SEP]', 'a']],
    ['ΑΣ', ['α', '##σ']],
    ['a𠀀b', ['a', '𠀀', 'b']],
    ['a\u0301 \u200bb', ['a', 'b']],
    [`${'a'.repeat(101)} b`, ['[UNK]', 'b']],
    ['', []],
  ])('splits %j as the Rust implementation does', (text, tokens) => {
    expect(tokensOf(text)).toEqual(tokens);
  });

  it('throws for a tokenizer of another kind', () => {
    const bpe = { ...tokenizerOf(vocabulary), model: { type: 'BPE', vocab: { a: 0 }, merges: [] } };
    expect(() => createWordPieces(JSON.stringify(bpe), tokenizerConfig)).toThrow(
      'model.type: expected WordPiece, received "BPE"',
    );
  });
});
