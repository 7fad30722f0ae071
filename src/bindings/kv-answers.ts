/**
 * Answers in the isolate's memory and in KV, `e:{scope}:{question}`. The question's vector travels in the same entry's
 * metadata: one write stores both, and two writers never share a key, so no vector can be lost to another's write.
 */
import { decodeAnswer, encodeAnswer } from '../cache/answer-code.ts';
import { encodeVector, vectorToText } from '../cache/vector-code.ts';
import type { StoredAnswer } from '../contract/answer.ts';
import type { AnswerStore, Clock, Fingerprint } from '../contract/ports.ts';
import { fail, succeed } from '../contract/problem.ts';
import { createByteLru } from './byte-lru.ts';
import { readInTime, toStoreFault } from './store-fault.ts';

/** KV refuses to keep anything for less than a minute. */
const MIN_TTL_SECONDS = 60;

export interface AnswerStoreOptions {
  kv: KVNamespace;
  clock: Clock;
  memoryBytes: number;
  /** Told of each vector stored here, so that this isolate finds it before KV's list does. */
  onVector: (key: Fingerprint, coded: Int8Array) => void;
}

export function createAnswerStore({ kv, clock, memoryBytes, onVector }: AnswerStoreOptions): AnswerStore {
  const hot = createByteLru<StoredAnswer>({ maxBytes: memoryBytes, sizeOf: answerBytes });

  return {
    recall: (key) => hot.get(entryName(key), clock.now()) ?? null,

    get: async (key) => {
      const name = entryName(key);
      try {
        const text = await readInTime(kv.get(name));
        const answer = text === null ? null : decodeAnswer(text);
        if (text !== null && answer === null) {
          return fail({ kind: 'store', detail: `${name} holds no whole answer` });
        }
        if (answer !== null) {
          hot.set(name, answer, answer.expiresAt);
        }
        return succeed(answer);
      } catch (error) {
        return fail(toStoreFault(error));
      }
    },

    put: async (key, answer, vector) => {
      const name = entryName(key);
      const coded = vector === null ? null : encodeVector(vector);
      hot.set(name, answer, answer.expiresAt);
      if (coded !== null) {
        onVector(key, coded);
      }
      try {
        const expirationTtl = Math.max(MIN_TTL_SECONDS, Math.ceil((answer.expiresAt - answer.createdAt) / 1000));
        const metadata = coded === null ? null : { v: vectorToText(coded) };
        await kv.put(name, encodeAnswer(answer), { expirationTtl, metadata });
        return succeed(null);
      } catch (error) {
        return fail(toStoreFault(error));
      }
    },
  };
}

/** Where a scope's entries lie. */
export function scopePrefix(scope: string): string {
  return `e:${scope}:`;
}

function entryName({ scope, question }: Fingerprint): string {
  return `${scopePrefix(scope)}${question}`;
}

/** Two bytes a character at worst, and what the objects around it take. */
function answerBytes({ question, content }: StoredAnswer, name: string): number {
  const length =
    content.format === 'json' ? content.body.length : content.events.reduce((sum, event) => sum + event.length + 40, 0);
  return 2 * (length + question.length + name.length) + 400;
}
