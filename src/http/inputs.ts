/** The `input` of local models: a text, a list of texts, token ids, or lists of them. */
import type { EmbeddingInput } from '../contract/request.ts';

/** A list of numbers is one input of token ids, a list of lists is several. */
export function toInputs(input: string | (string | number | number[])[]): EmbeddingInput[] {
  if (typeof input === 'string') {
    return [{ kind: 'text', text: input }];
  }
  // The check went by the first element, too.
  return typeof input[0] === 'number' ? [{ kind: 'tokens', ids: input as number[] }] : input.map(toInput);
}

function toInput(item: string | number | number[]): EmbeddingInput {
  return typeof item === 'string' ? { kind: 'text', text: item } : { kind: 'tokens', ids: [item].flat() };
}
