/** What a local model found wrong with an input, as a problem that names the input by its place. Pure. */
import type { ClassifyFault } from '../contract/ports.ts';
import type { Problem } from '../contract/problem.ts';

/** `param` names the input: `input[0]`. */
export function toInputProblem(fault: ClassifyFault, param: string, model: string): Problem {
  switch (fault.kind) {
    case 'too-long':
      return toTooLong(param, fault);
    case 'bad-token':
      return {
        kind: 'invalid',
        param,
        message: `${param}: expected ids of ${model}'s own vocabulary, 0 to ${fault.vocabulary - 1}, received ${fault.id}.`,
      };
    case 'empty':
      return {
        kind: 'invalid',
        param,
        message: `${param}: expected a text, received nothing but blanks.`,
        code: 'invalid_value',
      };
    case 'wrong-kind': {
      const [expected, received] = fault.takes === 'image' ? ['an image', 'token ids'] : ['a text', 'an image'];
      const message = `${param}: expected ${expected}, received ${received}.`;
      return { kind: 'invalid', param, message, code: 'invalid_value' };
    }
    case 'bad-image': {
      const message = `${param}: ${fault.message}.`;
      return fault.isTooLarge
        ? { kind: 'too-large', message, param }
        : { kind: 'invalid', message, param, code: 'invalid_image' };
    }
    case 'busy':
      return { kind: 'model-unavailable', model, detail: 'others wait for it' };
    case 'unavailable':
      return { kind: 'model-unavailable', model, detail: fault.detail };
  }
}

/** `tokens` is null where they were not even counted. */
export function toTooLong(param: string, { tokens, maxTokens }: { tokens: number | null; maxTokens: number }): Problem {
  return {
    kind: 'invalid',
    param,
    message: `${param}: expected at most ${maxTokens} tokens, received ${tokens ?? 'more'}. Set truncate_prompt_tokens to -1 to have longer texts cut.`,
    code: 'context_length_exceeded',
  };
}
