/** A BERT tokenizer of a few words, in the format of tokenizer.json; ids are the places in `vocabulary`. For tests. */
export function tokenizerOf(vocabulary: readonly string[]): object {
  const special = ['[UNK]', '[CLS]', '[SEP]'].map((content) => ({
    id: vocabulary.indexOf(content),
    content,
    special: true,
    normalized: false,
  }));
  return {
    added_tokens: special,
    normalizer: {
      type: 'BertNormalizer',
      clean_text: true,
      handle_chinese_chars: true,
      strip_accents: null,
      lowercase: true,
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: null,
    decoder: null,
    model: {
      type: 'WordPiece',
      unk_token: '[UNK]',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(vocabulary.map((token, id) => [token, id])),
    },
  };
}

export const tokenizerConfig = '{}';
