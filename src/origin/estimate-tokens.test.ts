import { expect, test } from 'vitest';
import { estimatePromptTokens, estimateTokens } from './estimate-tokens.ts';

test.each([
  ['', 0],
  ['a', 1],
  ['four', 1],
  ['fives', 2],
  ['grün', 2],
  ['🌍🌍', 2],
])('estimateTokens(%j) counts four UTF-8 bytes a token', (text, tokens) => {
  expect(estimateTokens(text)).toBe(tokens);
});

test.each([
  [
    'texts of messages',
    {
      messages: [
        { role: 'system', content: 'four' },
        { role: 'user', content: 'eightish' },
      ],
    },
    3,
  ],
  [
    'text parts, not images',
    {
      messages: [
        {
          content: [
            { type: 'text', text: 'four' },
            { type: 'image_url', image_url: { url: 'data:…' } },
          ],
        },
      ],
    },
    1,
  ],
  ['tool calls', { messages: [{ content: null, tool_calls: ['xxxxxx'] }] }, 3],
  ['tools', { messages: [], tools: ['xxxxxx'] }, 3],
  ['a prompt', { prompt: 'eightish' }, 2],
  ['prompts', { prompt: ['four', 'eightish'] }, 3],
  ['token ids', { prompt: [1, 2, 3] }, 3],
  ['lists of token ids', { prompt: [[1, 2], [3]] }, 3],
  ['nothing', {}, 0],
])('estimatePromptTokens() counts %s', (_name, body, tokens) => {
  expect(estimatePromptTokens(body)).toBe(tokens);
});
