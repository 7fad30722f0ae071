/** Several Workers in workerd over one KV and one set of Durable Objects, each asked on a socket of its own. */
import { join } from 'node:path';
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare, type V4WorkerOptions } from 'miniflare';
import { bundleWorker } from '../../../deploy/bundle-worker.ts';
import type { ScopeStatus } from '../../../src/cache/index/status.ts';
import { FIRST_HEADER, PATHS, SCOPE_HEADER, type LookAnswer } from './messages.ts';
import { createStateFolder } from '../state-folder.ts';

export interface ScaleStack {
  /** True where the Worker acknowledged them. */
  append(worker: number, scope: string, first: number, vectors: readonly Float32Array[]): Promise<boolean>;
  look(scope: string, queries: readonly Float32Array[]): Promise<LookAnswer>;
  /** Waits until readers can find all that was acknowledged. */
  published(scope: string): Promise<ScopeStatus>;
  /** The numbers of all entries that readers can find. */
  questions(scope: string): Promise<Set<number>>;
  stop(): Promise<void>;
}

/** The first reads, and has the objects; all write. */
export const WORKERS = 4;

const POLL_MS = 250;
const PUBLISHED_WITHIN_MS = 3_600_000;
const OWNER = 'scale-0';

export async function startScaleStack(): Promise<ScaleStack> {
  const bundle = bundleWorker(join(import.meta.dirname, 'scale.worker.ts'));
  const state = createStateFolder('perigee-scale-');
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      host: '127.0.0.1',
      port: 0,
      log: new Log(LogLevel.ERROR),
      cf: false,
      resourcePersistencePath: state.path,
      workers: Array.from({ length: WORKERS }, (_, place): V4WorkerOptions => {
        const name = `scale-${place}`;
        return {
          ...bundle,
          name,
          modulesRoot: '/',
          kvNamespaces: ['KV'],
          durableObjects: {
            CACHE_SCOPE: { className: 'CacheScope', useSQLite: true, ...(name === OWNER ? {} : { scriptName: OWNER }) },
          },
          unsafeDirectSockets: [{ host: '127.0.0.1', port: 0 }],
        };
      }),
    }),
  );
  const stop = async (): Promise<void> => {
    await miniflare.dispose();
    state.remove();
  };
  try {
    const urls = await Promise.all(
      Array.from({ length: WORKERS }, (_, place) => miniflare.unsafeGetDirectURL(`scale-${place}`)),
    );
    const ask = (worker: number, path: string, scope: string, body: Uint8Array<ArrayBuffer> | null = null, first = 0) =>
      fetch(new URL(path, urls[worker]), {
        method: 'POST',
        headers: { [SCOPE_HEADER]: scope, [FIRST_HEADER]: String(first) },
        body,
      });
    const read = async <T>(answer: globalThis.Response): Promise<T> => {
      if (!answer.ok) {
        throw new Error(`scale worker: expected status 200, received ${answer.status}: ${await answer.text()}`);
      }
      return (await answer.json()) as T;
    };
    return {
      append: async (worker, scope, first, vectors) => {
        const answer = await ask(worker, PATHS.append, scope, toBytes(vectors), first);
        await answer.text();
        return answer.ok;
      },
      look: async (scope, queries) => read<LookAnswer>(await ask(0, PATHS.look, scope, toBytes(queries))),
      published: async (scope) => {
        const deadline = Date.now() + PUBLISHED_WITHIN_MS;
        for (;;) {
          const status = await read<ScopeStatus>(await ask(0, PATHS.status, scope));
          if (status.published >= status.seq) {
            return status;
          }
          if (Date.now() > deadline) {
            throw new Error(`scope ${scope}: expected its publication, received ${JSON.stringify(status)}`);
          }
          await new Promise((resolve) => setTimeout(resolve, POLL_MS));
        }
      },
      questions: async (scope) => new Set(await read<number[]>(await ask(0, PATHS.questions, scope))),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function toBytes(vectors: readonly Float32Array[]): Uint8Array<ArrayBuffer> {
  const values = new Float32Array(vectors.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const vector of vectors) {
    values.set(vector, at);
    at += vector.length;
  }
  return new Uint8Array(values.buffer);
}
