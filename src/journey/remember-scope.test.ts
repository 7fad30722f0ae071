import { describe, expect, test } from 'vitest';
import { createJourney } from '../../test/support/journey.ts';
import { chatRequest, type RequestChanges } from '../../test/support/samples.ts';
import type { GenerationRequest } from '../contract/request.ts';

describe("remember() opens a scope's index", () => {
  test('at the first question of a single turn', async () => {
    const { ask, ports } = createJourney();
    await ask(chatRequest());
    expect(ports.scopes.marks.map(({ state }) => state.kind)).toEqual(['open']);
    expect(ports.scopes.appended[0]?.vector).toHaveLength(384);
  });

  test('at the second distinct question of a conversation', async () => {
    const { ask, ports } = createJourney();
    const [first, again, second, third] = [
      await ask(turn('And in July?')),
      await ask(turn('And in July?', { controls: { cache: 'refresh' } })),
      await ask(turn('And in May?')),
      await ask(turn('And in June?')),
    ];
    expect([first, again, second, third].map(({ trace }) => trace.store)).toEqual([
      'stored, scope seen',
      expect.stringMatching(/^stored/),
      'stored, scope open',
      'stored',
    ]);
    expect([ports.answers.writes.length, ports.scopes.appended.length]).toEqual([4, 2]);
    expect((await ask(turn('and in may'))).outcome).toBe('SEMANTIC HIT');
  });

  test('embeds a question once, for the look-up and for the store', async () => {
    const { ask, ports } = createJourney();
    await ask(chatRequest());
    await ask(chatRequest({ messages: [{ role: 'user', content: 'Something else' }] }));
    expect(ports.embedder.calls).toHaveLength(2);
  });
});

function turn(content: string, changes: RequestChanges = {}): GenerationRequest {
  const history = [
    { role: 'user', content: 'How warm is it in August?' },
    { role: 'assistant', content: '21 °C' },
  ];
  return chatRequest({ messages: [...history, { role: 'user', content }] }, changes);
}
