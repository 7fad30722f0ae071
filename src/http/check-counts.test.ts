import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../contract/json.ts';
import { checkEmbeddingCounts, checkGenerationCounts } from './check-counts.ts';

const LIMITS = { maxMessages: 2, maxEmbeddingInputs: 2, maxTokens: 4 };

describe('checkGenerationCounts()', () => {
  test.each<[JsonObject]>([
    [{}],
    [{ messages: [1, 2] }],
    [{ messages: 'abc' }],
    [{ prompt: ['a', 'b'] }],
    [{ prompt: 'abc' }],
    [{ prompt: [1, 2, 3] }],
    [{ prompt: [[1, 2, 3]] }],
  ])('lets %j pass', (body) => {
    expect(checkGenerationCounts(body, LIMITS)).toBeNull();
  });

  test.each<[JsonObject, string, string]>([
    [{ messages: [1, 2, 3] }, 'messages', 'messages: expected at most 2 messages, received 3.'],
    [{ prompt: ['a', 'b', 'c'] }, 'prompt', 'prompt: expected at most 2 prompts, received 3.'],
    [{ prompt: [[1], [2], [3]] }, 'prompt', 'prompt: expected at most 2 prompts, received 3.'],
  ])('refuses %j', (body, param, message) => {
    expect(checkGenerationCounts(body, LIMITS)).toEqual({ kind: 'too-large', param, message });
  });
});

describe('checkEmbeddingCounts()', () => {
  test.each<[JsonObject]>([
    [{}],
    [{ input: 'abcdefgh' }],
    [{ input: ['a', 'b'] }],
    [{ input: [1, 2, 3, 4] }],
    [{ input: [[1, 2, 3, 4], [1]] }],
    [{ input: [1, 2, 3, 4, 5], truncate_prompt_tokens: -1 }],
    [{ input: [[1, 2, 3, 4, 5]], truncate_prompt_tokens: 3 }],
  ])('lets %j pass', (body) => {
    expect(checkEmbeddingCounts(body, LIMITS)).toBeNull();
  });

  test.each<[JsonObject, object]>([
    [{ input: ['a', 'b', 'c'] }, { kind: 'too-large', param: 'input' }],
    [
      { input: [[1], [2], [3]], truncate_prompt_tokens: -1 },
      { kind: 'too-large', param: 'input' },
    ],
    [{ input: [true, 2, 3] }, { kind: 'too-large', param: 'input' }],
    [{ input: [1, 2, 3, 4, 5] }, { kind: 'invalid', param: 'input[0]', code: 'context_length_exceeded' }],
    [{ input: [[1], [1, 2, 3, 4, 5]] }, { kind: 'invalid', param: 'input[1]', code: 'context_length_exceeded' }],
  ])('refuses %j', (body, problem) => {
    expect(checkEmbeddingCounts(body, LIMITS)).toMatchObject(problem);
  });
});
