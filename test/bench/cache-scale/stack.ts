/** Several Workers in workerd over one KV and one set of Durable Objects, each asked on a socket of its own. */
import { request, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare, type V4WorkerOptions } from 'miniflare';
import { bundleWorker } from '../../../deploy/bundle-worker.ts';
import { INDEX_SHAPE } from '../../../src/cache/index/shape.ts';
import type { ScopeStatus } from '../../../src/cache/index/status.ts';
import { FIRST_HEADER, PATHS, SCOPE_HEADER, type LookAnswer } from './messages.ts';
import { createStateFolder } from '../../support/node/state-folder.ts';

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
    const ask = (worker: number, path: string, scope: string, body: Uint8Array | null = null, first = 0) =>
      post(new URL(path, urls[worker]), { [SCOPE_HEADER]: scope, [FIRST_HEADER]: String(first) }, body);
    const read = async <T>(answered: Promise<Answered>): Promise<T> => {
      const { status, text } = await answered;
      if (status !== 200) {
        throw new Error(`scale worker: expected status 200, received ${status}: ${text}`);
      }
      return JSON.parse(text) as T;
    };
    return {
      append: async (worker, scope, first, vectors) => {
        const { status } = await ask(worker, PATHS.append, scope, toBytes(vectors), first);
        return status === 200;
      },
      look: (scope, queries) => read<LookAnswer>(ask(0, PATHS.look, scope, toBytes(queries))),
      published: async (scope) => {
        const deadline = Date.now() + PUBLISHED_WITHIN_MS;
        for (;;) {
          const status = await read<ScopeStatus>(ask(0, PATHS.status, scope));
          if (status.published >= status.seq && status.waiting <= INDEX_SHAPE.recents) {
            return status;
          }
          if (Date.now() > deadline) {
            throw new Error(`scope ${scope}: expected its publication, received ${JSON.stringify(status)}`);
          }
          await new Promise((resolve) => setTimeout(resolve, POLL_MS));
        }
      },
      questions: async (scope) => new Set(await read<number[]>(ask(0, PATHS.questions, scope))),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Answered {
  status: number;
  text: string;
}

/** A connection each: workerd closes one that is idle for seconds, which this process may not see while it computes. */
function post(url: URL, headers: Record<string, string>, body: Uint8Array | null): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', headers, agent: false }, (answer: IncomingMessage) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.once('error', reject);
      answer.once('end', () =>
        resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }),
      );
    });
    sent.once('error', reject);
    sent.end(body ?? undefined);
  });
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
