/**
 * Answers in the isolate's memory and in KV, `e:{scope}:{question}`, encrypted for their owner. An isolate believes its
 * memory for as long as a purge may take to be seen.
 */
import { decodeAnswer, encodeAnswer } from '../cache/answer-code.ts';
import type { StoredAnswer } from '../contract/answer.ts';
import type { AnswerStore, Clock, EntryKey, Fingerprint } from '../contract/ports.ts';
import { fail, succeed } from '../contract/problem.ts';
import { createByteLru } from './byte-lru.ts';
import { readInTime, toStoreFault, writeInTime } from './store-fault.ts';
import type { Vault } from './vault.ts';

/** KV refuses to keep anything for less than a minute. */
const MIN_TTL_SECONDS = 60;

export interface AnswerStoreOptions {
  kv: KVNamespace;
  vault: Vault;
  clock: Clock;
  memoryBytes: number;
  /** How long the isolate believes its memory, since a purge of an entry is seen in KV alone. */
  refreshSeconds: number;
}

export function createAnswerStore({ kv, vault, clock, memoryBytes, refreshSeconds }: AnswerStoreOptions): AnswerStore {
  const hot = createByteLru<StoredAnswer>({ maxBytes: memoryBytes, sizeOf: answerBytes });

  return {
    recall: (key) => hot.get(memoryName(key), clock.now()) ?? null,

    get: async (key) => {
      const name = entryName(key);
      try {
        const sealed = await readInTime(kv.get(name, 'arrayBuffer'));
        const plain = sealed === null ? null : await vault.open(key.owner, name, new Uint8Array(sealed));
        const answer = plain === null ? null : decodeAnswer(new TextDecoder().decode(plain));
        if (sealed !== null && answer === null) {
          return fail({ kind: 'store', detail: `${name} holds no whole answer that a key opens` });
        }
        if (answer !== null) {
          keep(key, answer);
        }
        return succeed(answer);
      } catch (error) {
        return fail(toStoreFault(error));
      }
    },

    put: async (key, answer) => {
      const name = entryName(key);
      keep(key, answer);
      try {
        const sealed = await vault.seal(key.owner, name, new TextEncoder().encode(encodeAnswer(answer)));
        if (sealed === null) {
          // Without a key, the isolate's memory is all there is.
          return succeed(null);
        }
        const expirationTtl = Math.max(MIN_TTL_SECONDS, Math.ceil((answer.staleUntil - answer.createdAt) / 1000));
        await writeInTime(kv.put(name, sealed, { expirationTtl }));
        return succeed(null);
      } catch (error) {
        return fail(toStoreFault(error));
      }
    },

    remove: async (key) => {
      hot.delete(memoryName(key));
      try {
        await writeInTime(kv.delete(entryName(key)));
        return succeed(null);
      } catch (error) {
        return fail(toStoreFault(error));
      }
    },
  };

  /** Where nothing is written, the memory is the only copy. */
  function keep(key: EntryKey, answer: StoredAnswer): void {
    const trustedUntil = vault.isOpen ? clock.now() + refreshSeconds * 1000 : Infinity;
    hot.set(memoryName(key), answer, Math.min(answer.staleUntil, trustedUntil));
  }
}

function entryName({ scope, question }: Fingerprint): string {
  return `e:${scope}:${question}`;
}

function memoryName({ owner, scope, question }: EntryKey): string {
  return `${owner}:${scope}:${question}`;
}

/** Two bytes a character at worst, and what the objects around it take. */
function answerBytes({ question, content }: StoredAnswer, name: string): number {
  const length =
    content.format === 'json' ? content.body.length : content.events.reduce((sum, event) => sum + event.length + 40, 0);
  return 2 * (length + question.length + name.length) + 400;
}
