import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chatCompletion } from '../../test/support/samples.ts';
import type { Json, JsonObject } from '../contract/json.ts';
import type { GenerationKind } from '../contract/request.ts';
import { assemble, disassemble } from './assemble.ts';

const finish = fc.constantFrom('stop', 'length', 'tool_calls');
const logprob = fc.record({
  token: fc.string(),
  logprob: fc.double({ noNaN: true, noDefaultInfinity: true, max: -1 }),
});
const logprobs = fc.option(fc.record({ content: fc.array(logprob, { maxLength: 3 }), refusal: fc.constant(null) }));
const call = fc.record({
  id: fc.string(),
  type: fc.constant('function'),
  function: fc.record({ name: fc.string(), arguments: fc.string() }),
});
const message = fc.record(
  {
    role: fc.constant('assistant'),
    content: fc.option(fc.string({ unit: 'binary' })),
    reasoning_content: fc.string(),
    refusal: fc.constant(null),
    annotations: fc.constant<Json[]>([]),
    tool_calls: fc.array(call, { minLength: 1, maxLength: 3 }),
  },
  { requiredKeys: ['role', 'content'] },
);
const rest = { logprobs, stop_reason: fc.option(fc.string()), token_count: fc.nat(), finish_reason: finish };
const chatChoice = fc.record({ message, ...rest }, { requiredKeys: ['message', 'finish_reason'] });
const textChoice = fc.record({ text: fc.string(), ...rest }, { requiredKeys: ['text', 'finish_reason'] });

describe('disassemble()', () => {
  test('gives the chunks of a chat as an origin would have streamed them: role, content, end', () => {
    const chunks = disassemble('chat', chatCompletion('Hello'));
    expect(chunks.map(({ choices }) => choices)).toEqual([
      [{ index: 0, delta: { role: 'assistant' }, finish_reason: null }],
      [{ index: 0, delta: { content: 'Hello' }, finish_reason: null }],
      [{ index: 0, delta: {}, finish_reason: 'stop' }],
    ]);
    for (const { choices: _choices, ...head } of chunks) {
      expect(head).toEqual({ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'small' });
    }
  });

  test('gives each tool call its index, as streams have it', () => {
    const calls = ['a', 'b'].map((id) => ({ id, type: 'function', function: { name: id, arguments: '{}' } }));
    const completion = chatCompletion('', { message: { content: null, tool_calls: calls } });
    expect(disassemble('chat', completion)[1]).toMatchObject({
      choices: [
        {
          delta: {
            tool_calls: [
              { index: 0, id: 'a' },
              { index: 1, id: 'b' },
            ],
          },
        },
      ],
    });
  });

  test.each<[GenerationKind, fc.Arbitrary<JsonObject>]>([
    ['chat', chatChoice],
    ['completion', textChoice],
  ])('a %s that is parted and put together again is what it was', (kind, choice) => {
    const completion = fc
      .record({ id: fc.string(), created: fc.nat(), choices: fc.array(choice, { minLength: 1, maxLength: 3 }) })
      .map(({ choices, ...head }) => ({
        ...head,
        object: kind === 'chat' ? 'chat.completion' : 'text_completion',
        choices: choices.map((given, index) => ({ index, ...given })),
      }));
    fc.assert(
      fc.property(completion, (given) => {
        const plain = JSON.parse(JSON.stringify(given)) as JsonObject;
        expect(
          assemble(
            kind,
            disassemble(kind, plain).map((chunk) => JSON.stringify(chunk)),
          ),
        ).toEqual(plain);
      }),
    );
  });
});
