/** What every ScopeIndex must do. Runs on the fake and, in workerd, on those of KV, Durable Objects and Vectorize. */
import { describe, expect, test } from 'vitest';
import type { ScopeIndex } from '../../src/contract/ports.ts';

const EAST = Float32Array.of(1, 0, 0);
const NORTH = Float32Array.of(0, 1, 0);
const NORTH_EAST = Float32Array.of(0.6, 0.8, 0);
/** After all that tests take. */
const LATER = Date.UTC(2100);

/** `create` gives an index of three dimensions that may hold scopes of others: each test uses its own. */
export function describeScopeIndex(name: string, create: () => ScopeIndex): void {
  describe(`ScopeIndex, ${name}`, () => {
    test('knows nothing of a new scope', async () => {
      const index = create();
      const scope = newScope();
      expect(await index.state(scope)).toEqual({ ok: true, value: { kind: 'unseen' } });
      expect(await index.nearest(scope, EAST, 3)).toEqual({ ok: true, value: { neighbours: [], fault: null } });
    });

    test('remembers a state, and the next one', async () => {
      const index = create();
      const scope = newScope();
      for (const state of [{ kind: 'seen', question: 'a:b' }, { kind: 'open' }] as const) {
        expect(await index.setState(scope, state)).toEqual({ ok: true, value: null });
        expect(await index.state(scope)).toEqual({ ok: true, value: state });
      }
    });

    test('is open once it has an entry', async () => {
      const index = create();
      const scope = newScope();
      await store(index, scope, 'east', EAST);
      expect(await index.state(scope)).toEqual({ ok: true, value: { kind: 'open' } });
    });

    test('gives the nearest first, at most as many as asked for', async () => {
      const index = create();
      const scope = newScope();
      await store(index, scope, 'north', NORTH);
      await store(index, scope, 'east', EAST);
      await store(index, scope, 'north-east', NORTH_EAST, 4_294_967_295);
      expect(await index.nearest(scope, EAST, 2)).toEqual({
        ok: true,
        value: {
          neighbours: [
            { question: named('east'), similarity: expect.closeTo(1, 2), answer: 7 },
            { question: named('north-east'), similarity: expect.closeTo(0.6, 2), answer: 4_294_967_295 },
          ],
          fault: null,
        },
      });
    });

    test('finds a vector that is stored after the first search', async () => {
      const index = create();
      const scope = newScope();
      await index.nearest(scope, EAST, 1);
      await store(index, scope, 'east', EAST);
      expect(await foundIn(index, scope)).toEqual(['east']);
    });

    test("replaces a question's vector", async () => {
      const index = create();
      const scope = newScope();
      await store(index, scope, 'a', EAST);
      await store(index, scope, 'a', NORTH);
      expect(await index.nearest(scope, NORTH, 3)).toMatchObject({
        value: { neighbours: [{ question: named('a'), similarity: expect.closeTo(1, 2) }] },
      });
      expect(await foundIn(index, scope)).toEqual(['a']);
    });

    test('stores several at once', async () => {
      const index = create();
      const scope = newScope();
      const entries = [
        { question: named('east'), vector: EAST, answer: 1, expiresAt: LATER },
        { question: named('north'), vector: NORTH, answer: 2, expiresAt: LATER },
      ];
      expect(await index.append(scope, entries)).toEqual({ ok: true, value: null });
      expect(await foundIn(index, scope)).toEqual(['east', 'north']);
    });

    test('no longer finds what was removed, and finds it again once it is stored again', async () => {
      const index = create();
      const scope = newScope();
      await store(index, scope, 'east', EAST);
      await store(index, scope, 'north', NORTH);
      expect(await index.remove(scope, named('east'))).toEqual({ ok: true, value: null });
      expect(await foundIn(index, scope)).toEqual(['north']);
      await store(index, scope, 'east', EAST);
      expect(await foundIn(index, scope)).toEqual(['east', 'north']);
    });

    test('finds nothing that was there before a purge', async () => {
      const index = create();
      const [scope, other] = [newScope(), newScope()];
      await store(index, scope, 'east', EAST);
      await store(index, other, 'east', EAST);
      expect(await index.purge(scope)).toEqual({ ok: true, value: null });
      await store(index, scope, 'north', NORTH);
      expect([await foundIn(index, scope), await foundIn(index, other)]).toEqual([['north'], ['east']]);
    });

    test('never finds a question of another scope, even where one name begins as the other', async () => {
      const index = create();
      const scope = newScope();
      await store(index, `${scope}-b`, 'east', EAST);
      await index.setState(`${scope}-b`, { kind: 'open' });
      expect(await foundIn(index, scope)).toEqual([]);
      expect(await index.state(scope)).toEqual({ ok: true, value: { kind: 'unseen' } });
    });
  });
}

let count = 0;

/** A scope that no other test has. */
function newScope(): string {
  count += 1;
  return `scopes-${count}`;
}

/** A digest that shows its name. */
function named(name: string): string {
  return name.padEnd(43, 'A');
}

async function store(index: ScopeIndex, scope: string, name: string, vector: Float32Array, answer = 7): Promise<void> {
  const stored = await index.append(scope, [{ question: named(name), vector, answer, expiresAt: LATER }]);
  expect(stored).toEqual({ ok: true, value: null });
}

/** Names, nearest to the east first. */
async function foundIn(index: ScopeIndex, scope: string): Promise<string[]> {
  const found = await index.nearest(scope, EAST, 100);
  expect(found).toMatchObject({ ok: true, value: { fault: null } });
  return found.ok ? found.value.neighbours.map(({ question }) => question.replace(/A+$/, '')) : [];
}
