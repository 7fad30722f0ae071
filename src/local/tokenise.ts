/**
 * From an input to the token ids of a BERT-like model, special ones included, within the model's limit. Pure.
 *
 * No text can hold the isolate for long. Length says little: a run of more than 100 letters is one token, blanks are
 * none. So a text is taken piece by piece, cut at blanks (where no token can span), until the limit is passed; a run
 * without blanks is cut after 16,384 UTF-16 units, and what lies beyond 262,144 units (blanks between pieces not
 * counted) is not read: such a text counts as too long, whatever it would give.
 */
import type { EmbedFault, EmbedOptions } from '../contract/ports.ts';
import { fail, succeed, type Result } from '../contract/problem.ts';
import type { EmbeddingInput } from '../contract/request.ts';
import type { TextManifest } from './manifest.ts';
import type { WordPieces } from './word-pieces.ts';

const PIECE_UNITS = 2_048;
const MAX_PIECE_UNITS = 16_384;
const MAX_UNITS = 262_144;
/** A text that may not be cut is counted to its end where the caller asks for it, up to this length. */
const COUNTED_UNITS = 32_768;
/** Texts of words are over any limit within this; other ones are left to the tokenizer. */
const MAX_SCANNED_UNITS = 8_192;
/** The classifier token before, the separator after. */
const SPECIAL_TOKENS = 2;

export type TokenLimits = Pick<TextManifest['input'], 'maxTokens' | 'clsId' | 'sepId' | 'vocabulary'>;
export type Cut = Pick<EmbedOptions, 'truncateTo' | 'counts'>;
export type TokenFault = Extract<EmbedFault, { kind: 'too-long' | 'bad-token' }>;

export interface Tokens {
  ids: number[];
  /** The input had more of them. */
  wasCut: boolean;
}

/**
 * Ids from the classifier token to the separator; at most `maxTokens`. `truncateTo` and `counts` are EmbedOptions' own:
 * a longer input that may not be cut is a fault, whose `tokens` is null where the text was not read to its end.
 */
export function tokenise(
  input: EmbeddingInput,
  { truncateTo, counts = true }: Cut,
  limits: TokenLimits,
  wordPieces: WordPieces,
): Result<Tokens, TokenFault> {
  const { maxTokens, clsId, sepId, vocabulary } = limits;
  const room = tokenLimit(truncateTo, maxTokens) - SPECIAL_TOKENS;
  if (input.kind === 'tokens') {
    const bad = input.ids.find((id) => !(Number.isInteger(id) && id >= 0 && id < vocabulary));
    if (bad !== undefined) {
      return fail({ kind: 'bad-token', id: bad, vocabulary });
    }
  }
  const isCounted = counts && truncateTo === null && input.kind === 'text' && input.text.length <= COUNTED_UNITS;
  const enough = isCounted ? Infinity : room;
  const found = input.kind === 'tokens' ? { ids: input.ids, isWhole: true } : readText(input.text, enough, wordPieces);
  const wasCut = found.ids.length > room || !found.isWhole;
  if (truncateTo === null && wasCut) {
    return fail({
      kind: 'too-long',
      tokens: counts && found.isWhole ? found.ids.length + SPECIAL_TOKENS : null,
      maxTokens,
    });
  }
  return succeed({ ids: [clsId, ...found.ids.slice(0, room), sepId], wasCut });
}

/**
 * Whether so many words are in a text that it cannot be within the limit, whatever the vocabulary: an
 * ideograph, and a letter or digit with what follows it up to the next blank, give one token at least. Reads the text's beginning, at a hundredth of `tokenise`'s cost.
 */
export function isSurelyTooLong(input: EmbeddingInput, maxTokens: number): boolean {
  const room = maxTokens - SPECIAL_TOKENS;
  if (input.kind === 'tokens' || input.text.length <= room) {
    return false;
  }
  WORD.lastIndex = 0;
  let words = 0;
  const text = input.text.slice(0, MAX_SCANNED_UNITS);
  while (words <= room && WORD.test(text)) {
    words++;
  }
  return words > room;
}

/** The tokens an input may have, special ones included: at least those two. */
export function tokenLimit(truncateTo: number | null, maxTokens: number): number {
  if (truncateTo === null || truncateTo < 0) {
    return maxTokens;
  }
  return Math.max(SPECIAL_TOKENS, Math.min(truncateTo, maxTokens));
}

function readText(text: string, enough: number, wordPieces: WordPieces): { ids: number[]; isWhole: boolean } {
  const ids: number[] = [];
  let units = 0;
  for (const piece of piecesOf(text)) {
    if (ids.length > enough || units + piece.length > MAX_UNITS) {
      return { ids, isWhole: false };
    }
    ids.push(...wordPieces(piece));
    units += piece.length;
  }
  return { ids, isWhole: true };
}

// Only these four: other blanks may be control characters, which the tokenizer drops without ending a word.
const BLANK = /[ \t\n\r]/;
const NOT_BLANK = /[^ \t\n\r]/g;
/** An ideograph, a token of its own; else from a letter or digit, which no normalisation drops, to the next of either. */
const WORD = /[\u4e00-\u9fff]|[\p{L}\p{N}][^ \t\n\r\u4e00-\u9fff]*/gu;

function* piecesOf(text: string): Generator<string, void> {
  let start = nextInk(text, 0);
  while (start < text.length) {
    const end = pieceEnd(text, start);
    yield text.slice(start, end);
    start = nextInk(text, end);
  }
}

function nextInk(text: string, from: number): number {
  NOT_BLANK.lastIndex = from;
  return NOT_BLANK.exec(text)?.index ?? text.length;
}

function pieceEnd(text: string, start: number): number {
  const least = start + PIECE_UNITS;
  if (least >= text.length) {
    return text.length;
  }
  const most = Math.min(start + MAX_PIECE_UNITS, text.length);
  const blank = text.slice(least, most).search(BLANK);
  if (blank >= 0) {
    return least + blank;
  }
  const isInsidePair = /^[\udc00-\udfff]/.test(text.charAt(most));
  return isInsidePair ? most - 1 : most;
}
