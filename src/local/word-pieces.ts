/**
 * BERT's WordPiece through `@huggingface/tokenizers`, mended where that differs from the Rust implementation that
 * models are trained with. Pure; deterministic; no special tokens are added. Cost is linear in the text's length.
 */
import { Tokenizer, WordPiece } from '@huggingface/tokenizers';

/** A piece of text to token ids, without special tokens. */
export type WordPieces = (text: string) => number[];

/** `tokenizerJson` and `configJson`: the texts of tokenizer.json and tokenizer_config.json. Throws for another model. */
export function createWordPieces(tokenizerJson: string, configJson: string): WordPieces {
  const definition = parseDefinition(tokenizerJson);
  const tokenizer = new Tokenizer(definition, JSON.parse(configJson) as object);
  const { model } = tokenizer;
  if (!(model instanceof WordPiece)) {
    throw new Error(`tokenizer model.type: expected WordPiece, received ${JSON.stringify(definition.model.type)}`);
  }
  // The tokenizer keeps the definition; its vocabulary has been copied into a map and would stay in memory twice.
  definition.model.vocab = {};
  model.encode = boundedEncode(model);
  return (text) => tokenizer.encode(mend(text), { add_special_tokens: false }).ids;
}

interface Definition {
  model: { type: unknown; vocab: Record<string, number> };
}

function parseDefinition(tokenizerJson: string): Definition {
  const definition = JSON.parse(tokenizerJson) as Partial<Definition> | null;
  if (typeof definition?.model !== 'object') {
    throw new Error('tokenizer.json: expected a field model, received none');
  }
  return { ...definition, model: definition.model };
}

// Ideographs beyond the BMP, which the library does not set apart as words of their own. The gap before 2B920 is the
// reference's.
const ASTRAL_IDEOGRAPH = /[\u{20000}-\u{2a6df}\u{2a700}-\u{2b81f}\u{2b920}-\u{2ceaf}\u{2f800}-\u{2fa1f}]/gu;

function mend(text: string): string {
  return (
    text
      .replace(ASTRAL_IDEOGRAPH, ' $& ')
      // The library lower-cases whole texts, where a sigma at the end of a word becomes ς; the reference goes by character.
      .replaceAll('Σ', 'σ')
  );
}

/**
 * Greedy longest match first, as in the library, whose search is cubic in a word's length: 3 ms for one word of 100
 * characters. No candidate here is longer than the longest entry of the vocabulary.
 */
function boundedEncode(model: WordPiece): (words: string[]) => string[] {
  const prefix = model.config.continuing_subword_prefix ?? '##';
  const unknown = model.unk_token ?? '[UNK]';
  const longest = model.vocab.reduce((most, entry) => Math.max(most, entry.length), 0);

  return (words) => words.flatMap((word) => split(word) ?? [unknown]);

  function split(word: string): string[] | null {
    if (isTooLong(word)) {
      return null;
    }
    const found: string[] = [];
    for (let start = 0; start < word.length;) {
      const piece = longestMatch(word, start);
      if (piece === null) {
        return null;
      }
      found.push(piece);
      start += start > 0 ? piece.length - prefix.length : piece.length;
    }
    return found;
  }

  function isTooLong(word: string): boolean {
    const most = model.max_input_chars_per_word;
    return word.length > most && Array.from(word).length > most;
  }

  function longestMatch(word: string, start: number): string | null {
    for (let end = Math.min(word.length, start + longest); end > start; end--) {
      const candidate = start > 0 ? prefix + word.slice(start, end) : word.slice(start, end);
      if (model.tokens_to_ids.has(candidate)) {
        return candidate;
      }
    }
    return null;
  }
}
