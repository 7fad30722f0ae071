/**
 * Answers in the isolate's memory and in KV, `e:{scope}:{question}`.
 */
import { decodeAnswer, encodeAnswer } from '../cache/answer-code.ts';
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
}

export function createAnswerStore({ kv, clock, memoryBytes }: AnswerStoreOptions): AnswerStore {
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

    put: async (key, answer) => {
      const name = entryName(key);
      hot.set(name, answer, answer.expiresAt);
      try {
        const expirationTtl = Math.max(MIN_TTL_SECONDS, Math.ceil((answer.expiresAt - answer.createdAt) / 1000));
        await kv.put(name, encodeAnswer(answer), { expirationTtl });
        return succeed(null);
      } catch (error) {
        return fail(toStoreFault(error));
      }
    },
  };
}

function entryName({ scope, question }: Fingerprint): string {
  return `e:${scope}:${question}`;
}

/** Two bytes a character at worst, and what the objects around it take. */
function answerBytes({ question, content }: StoredAnswer, name: string): number {
  const length =
    content.format === 'json' ? content.body.length : content.events.reduce((sum, event) => sum + event.length + 40, 0);
  return 2 * (length + question.length + name.length) + 400;
}
