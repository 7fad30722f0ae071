/**
 * Answers that must not leave a jurisdiction: sealed, in Durable Objects created there. Nothing of them stays in an
 * isolate's memory, which may lie anywhere. An owner's answers are spread over some objects, so that none serves all.
 */
import { decodeAnswer, encodeAnswer } from '../cache/answer-code.ts';
import type { AnswerStore, EntryKey, Jurisdiction } from '../contract/ports.ts';
import { fail, succeed } from '../contract/problem.ts';
import { readInTime, toStoreFault, writeInTime } from './store-fault.ts';
import type { Vault } from './vault.ts';

/** One Durable Object, from afar. */
export interface RegionalCacheStub {
  read(name: string): Promise<ArrayBuffer | null>;
  write(name: string, sealed: ArrayBuffer, expiresAt: number): Promise<void>;
  remove(name: string): Promise<void>;
}

export interface RegionalAnswersOptions {
  /** Throws where there is no such jurisdiction. */
  cacheIn: (jurisdiction: Jurisdiction, name: string) => RegionalCacheStub;
  vault: Vault;
}

/** SQLite in a Durable Object takes no larger value. */
const MAX_BYTES = 2_000_000;
const WHO = 'the regional cache';

export function createRegionalAnswers({ cacheIn, vault }: RegionalAnswersOptions): AnswerStore {
  return {
    recall: () => null,

    get: async (key) => {
      try {
        const name = entryName(key);
        const sealed = await readInTime((await cacheOf(key)).read(name), undefined, WHO);
        const plain = sealed === null ? null : await vault.open(key.owner, name, new Uint8Array(sealed));
        const answer = plain === null ? null : decodeAnswer(new TextDecoder().decode(plain));
        return sealed !== null && answer === null
          ? fail({ kind: 'store', detail: `${name} holds no whole answer that a key opens` })
          : succeed(answer);
      } catch (error) {
        return fail(toStoreFault(error));
      }
    },

    put: async (key, answer) => {
      try {
        const name = entryName(key);
        const sealed = await vault.seal(key.owner, name, new TextEncoder().encode(encodeAnswer(answer)));
        if (sealed === null) {
          return fail({ kind: 'store', detail: 'CACHE_KEYS is not set' });
        }
        if (sealed.length > MAX_BYTES) {
          return fail({ kind: 'store', detail: `larger than ${MAX_BYTES} bytes` });
        }
        await writeInTime((await cacheOf(key)).write(name, sealed.buffer, answer.staleUntil), WHO);
        return succeed(null);
      } catch (error) {
        return fail(toStoreFault(error));
      }
    },

    remove: async (key) => {
      try {
        await writeInTime((await cacheOf(key)).remove(entryName(key)), WHO);
        return succeed(null);
      } catch (error) {
        return fail(toStoreFault(error));
      }
    },
  };

  async function cacheOf({ owner, question, jurisdiction }: EntryKey): Promise<RegionalCacheStub> {
    if (jurisdiction === null) {
      throw new Error('regional answers: expected a jurisdiction, received none');
    }
    // One letter of the digest: 64 objects an owner at most.
    return cacheIn(jurisdiction, `${await vault.digest(owner)}:${question.slice(0, 1)}`);
  }
}

function entryName({ scope, question }: EntryKey): string {
  return `e:${scope}:${question}`;
}
