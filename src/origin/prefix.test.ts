import { describe, expect, test } from 'vitest';
import { createPrefixMemory } from './prefix-memory.ts';
import { toPrefix } from './prefix.ts';

const SYSTEM = { role: 'system', content: 'Be brief. '.repeat(1_000) };
const FIRST = { role: 'user', content: 'What is the capital of France?' };
const TURN = [SYSTEM, FIRST, { role: 'assistant', content: 'Paris.' }, { role: 'user', content: 'And of Spain?' }];

function hashes(...given: Parameters<typeof toPrefix>): number[] {
  return toPrefix(...given).blocks.map(({ hash }) => hash);
}

describe('toPrefix()', () => {
  test('the next turn of a conversation begins with the blocks of the last', () => {
    const first = hashes({ messages: [SYSTEM, FIRST] }, 'acme');
    expect(first.length).toBeGreaterThan(4);
    expect(hashes({ messages: TURN }, 'acme').slice(0, first.length)).toEqual(first);
  });

  test('a change changes its own block and all that follow, and none before', () => {
    const changed = hashes({ messages: [SYSTEM, { ...FIRST, content: 'What is the capital of Spain?' }] }, 'acme');
    const same = hashes({ messages: [SYSTEM, FIRST] }, 'acme');
    expect(changed.slice(0, -1)).toEqual(same.slice(0, -1));
    expect(changed.at(-1)).not.toBe(same.at(-1));
    const other = hashes({ messages: [{ ...SYSTEM, content: `!${SYSTEM.content}` }, FIRST] }, 'acme');
    expect(other.filter((hash) => same.includes(hash))).toEqual([]);
  });

  test('tells nothing of one tenant to another', () => {
    expect(hashes({ messages: TURN }, 'acme')).not.toEqual(hashes({ messages: TURN }, 'umbrella'));
  });

  test('names a conversation the same in all its turns, and none without a user', () => {
    const first = toPrefix({ messages: [SYSTEM, FIRST] }, 'acme').conversation;
    expect(first).not.toBeNull();
    expect(toPrefix({ messages: TURN }, 'acme').conversation).toBe(first);
    expect(toPrefix({ messages: [SYSTEM] }, 'acme').conversation).toBeNull();
    expect(toPrefix({ prompt: 'Once' }, 'acme').conversation).toBeNull();
  });

  test('hardly ever gives two texts one hash', () => {
    const seen = new Set(Array.from({ length: 20_000 }, (_, at) => hashes({ prompt: `text ${at}` }, 'acme')[0]));
    expect(seen.size).toBe(20_000);
  });

  test('follows no prompt for ever', () => {
    expect(hashes({ prompt: 'x'.repeat(4_000_000) }, 'acme')).toHaveLength(256);
  });
});

describe('createPrefixMemory()', () => {
  const block = (hash: number) => ({ hash, tokens: 10 });

  test('counts the tokens of the longest beginning that an origin was sent', () => {
    const memory = createPrefixMemory();
    memory.sent('a', [block(1), block(2)]);
    expect(memory.warmTokens('a', [block(1), block(2), block(3)])).toBe(20);
    expect(memory.warmTokens('a', [block(9), block(2)])).toBe(0);
    expect(memory.warmTokens('b', [block(1)])).toBe(0);
  });

  test('forgets what was used longest ago, the ends before the beginnings', () => {
    const memory = createPrefixMemory({ maxBlocks: 3 });
    memory.sent('a', [block(1), block(2)]);
    memory.sent('a', [block(1), block(3), block(4)]);
    expect(memory.warmTokens('a', [block(1), block(2)])).toBe(10);
    expect(memory.warmTokens('a', [block(1), block(3), block(4)])).toBe(30);
  });

  test('forgets an origin', () => {
    const memory = createPrefixMemory();
    memory.sent('a', [block(1)]);
    memory.forget('a');
    expect(memory.warmTokens('a', [block(1)])).toBe(0);
  });
});
