/** The words of the local embedding model, for what counts words and runs no model. */
import type { Result } from './problem.ts';

export interface Tokenizer {
  /** Whose tokens these are: the model's name and version, a blank between them. */
  readonly vocabulary: string;
  /** Ids of a text's beginning, as many as the model takes, without special ones. Does not wait long for what has to be loaded. Never throws. */
  encode(text: string): Promise<Result<readonly number[], TokenizerFault>>;
}

export interface TokenizerFault {
  kind: 'unavailable';
  detail: string;
}
