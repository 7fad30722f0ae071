/** What every ScopeIndex must do. Runs on the fake and, in workerd, on the one in KV. */
import { describe, expect, test } from 'vitest';
import type { Fingerprint, ScopeIndex } from '../../src/contract/ports.ts';

export interface Scopes {
  index: ScopeIndex;
  /** Stores a question's vector, as the store of answers does. */
  store: (key: Fingerprint, vector: Float32Array) => Promise<void>;
}

const EAST = Float32Array.of(1, 0, 0);
const NORTH = Float32Array.of(0, 1, 0);
const NORTH_EAST = Float32Array.of(0.6, 0.8, 0);

/** `create` gives an index of three dimensions that may hold scopes of others: each test uses its own. */
export function describeScopeIndex(name: string, create: () => Scopes): void {
  describe(`ScopeIndex, ${name}`, () => {
    test('knows nothing of a new scope', async () => {
      const { index } = create();
      const scope = newScope();
      expect(await index.state(scope)).toEqual({ ok: true, value: { kind: 'unseen' } });
      expect(await index.nearest(scope, EAST, 3)).toEqual({ ok: true, value: [] });
    });

    test('remembers a state, and the next one', async () => {
      const { index } = create();
      const scope = newScope();
      for (const state of [{ kind: 'seen', question: 'a:b' }, { kind: 'open' }] as const) {
        expect(await index.setState(scope, state)).toEqual({ ok: true, value: null });
        expect(await index.state(scope)).toEqual({ ok: true, value: state });
      }
    });

    test('gives the nearest first, at most as many as asked for', async () => {
      const { index, store } = create();
      const scope = newScope();
      await store({ scope, question: 'north' }, NORTH);
      await store({ scope, question: 'east' }, EAST);
      await store({ scope, question: 'north-east' }, NORTH_EAST);
      expect(await index.nearest(scope, EAST, 2)).toEqual({
        ok: true,
        value: [
          { question: 'east', similarity: expect.closeTo(1, 2) },
          { question: 'north-east', similarity: expect.closeTo(0.6, 2) },
        ],
      });
    });

    test('finds a vector that is stored after the first search', async () => {
      const { index, store } = create();
      const scope = newScope();
      await index.nearest(scope, EAST, 1);
      await store({ scope, question: 'east' }, EAST);
      expect(await index.nearest(scope, EAST, 1)).toMatchObject({ value: [{ question: 'east' }] });
    });

    test("replaces a question's vector", async () => {
      const { index, store } = create();
      const scope = newScope();
      await store({ scope, question: 'a' }, EAST);
      await store({ scope, question: 'a' }, NORTH);
      expect(await index.nearest(scope, NORTH, 3)).toEqual({
        ok: true,
        value: [{ question: 'a', similarity: expect.closeTo(1, 2) }],
      });
    });

    test('never finds a question of another scope, even where one name begins as the other', async () => {
      const { index, store } = create();
      const scope = newScope();
      await store({ scope: `${scope}-b`, question: 'east' }, EAST);
      await index.setState(`${scope}-b`, { kind: 'open' });
      expect(await index.nearest(scope, EAST, 1)).toEqual({ ok: true, value: [] });
      expect(await index.state(scope)).toEqual({ ok: true, value: { kind: 'unseen' } });
    });
  });
}

let count = 0;

/** A scope that no other test has. */
export function newScope(): string {
  count += 1;
  return `scopes-${count}`;
}
