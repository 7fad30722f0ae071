/**
 * Runs in workerd: the scopes as they are composed in production, on KV and Durable Objects, without the gateway around
 * them. Looks at entries one after the other, each timed, its reads of KV counted.
 */
import { env } from 'cloudflare:workers';
import { createKvSegments } from '../../../src/bindings/kv-segments.ts';
import { toBase64Url } from '../../../src/cache/index/codes.ts';
import { decodeManifest } from '../../../src/cache/index/manifest.ts';
import { decodeSegment } from '../../../src/cache/index/segment.ts';
import { CROWD } from '../../../src/cache/trust/features.ts';
import { MODELS } from '../../../src/compose-models.ts';
import { composeScopes } from '../../../src/compose-scopes.ts';
import type { ScopeIndex } from '../../../src/contract/ports.ts';
import { createStopwatch } from '../exits/stopwatch.ts';
import { FIRST_HEADER, PATHS, SCOPE_HEADER, type LookAnswer, type Looked } from './messages.ts';

export { CacheScope } from '../../../src/compose-scopes.ts';

/** As CACHE_MEMORY_BYTES may be set. */
const MEMORY_BYTES = 20 * 1024 * 1024;
const REFRESH_SECONDS = 30;
const LIFE_MS = 30 * 86_400_000;
const DIMENSIONS = MODELS.embedding.output.dimensions;

let reads = 0;
const counting = new Proxy(env.KV, {
  get: (kv, name) => {
    if (name !== 'get') {
      return Reflect.get(kv, name) as unknown;
    }
    return (key: string, options: 'arrayBuffer') => {
      reads++;
      return kv.get(key, options);
    };
  },
});
const KIND = `${MODELS.embedding.name}-${MODELS.embedding.version}`;
const scopes = composeScopes(
  { KV: counting, CACHE_SCOPE: env.CACHE_SCOPE },
  {
    kind: KIND,
    clock: { now: () => Date.now() },
    memoryBytes: MEMORY_BYTES,
    refreshSeconds: REFRESH_SECONDS,
    here: null,
    isKept: true,
  },
);
const stopwatch = createStopwatch(() => performance.now());

export default {
  async fetch(request, _env, context) {
    const { pathname } = new URL(request.url);
    const scope = request.headers.get(SCOPE_HEADER) ?? '';
    const index = scopes.forRequest((work) => context.waitUntil(work));
    switch (pathname) {
      case PATHS.append:
        return append(index, scope, Number(request.headers.get(FIRST_HEADER)), await toVectors(request));
      case PATHS.look:
        return Response.json(await look(index, scope, await toVectors(request)));
      case PATHS.status:
        return Response.json(await env.CACHE_SCOPE.getByName(nameOf(scope)).status());
      case PATHS.questions:
        return Response.json(await listEntries(scope));
      default:
        return new Response(null, { status: 404 });
    }
  },
} satisfies ExportedHandler<Cloudflare.Env>;

/** 200 where all of them were acknowledged. */
async function append(
  index: ScopeIndex,
  scope: string,
  first: number,
  vectors: readonly Float32Array[],
): Promise<Response> {
  const expiresAt = Date.now() + LIFE_MS;
  const entries = vectors.map((vector, at) => ({
    question: toQuestion(first + at),
    vector,
    answer: first + at,
    expiresAt,
  }));
  const appended = await index.append(scope, entries);
  return appended.ok ? new Response('ok') : new Response(appended.problem.detail, { status: 503 });
}

async function look(index: ScopeIndex, scope: string, vectors: readonly Float32Array[]): Promise<LookAnswer> {
  const looked: Looked[] = [];
  for (const vector of vectors) {
    const before = reads;
    stopwatch.start();
    const found = await index.nearest(scope, vector, CROWD);
    const ms = stopwatch.stop();
    const spent = reads - before;
    stopwatch.start();
    await index.nearest(scope, vector, CROWD);
    const warmMs = stopwatch.stop();
    if (!found.ok) {
      throw new Error(found.problem.detail);
    }
    const { neighbours, fault } = found.value;
    const [nearest] = neighbours;
    looked.push({
      entry: nearest === undefined ? -1 : toNumber(nearest.question),
      similarity: nearest?.similarity ?? -1,
      ms,
      reads: spent,
      warmMs,
      fault,
    });
  }
  return { looked, bytes: scopes.bytes() };
}

/** The numbers of all entries that a reader could find: of the manifest, and of each segment it names. */
async function listEntries(scope: string): Promise<number[]> {
  const store = createKvSegments(env.KV);
  const bytes = await store.readManifest(nameOf(scope));
  const manifest = bytes === null ? null : decodeManifest(bytes);
  if (manifest === null) {
    throw new Error(`scope ${scope}: expected a manifest, received none`);
  }
  const numbers = new Set(numbersOf(manifest.recents.questions));
  for (const { digest } of manifest.cells) {
    const read = await store.readSegment(nameOf(scope), digest);
    const segment = read === null ? null : decodeSegment(read);
    for (const number of numbersOf(segment?.questions ?? new Uint8Array())) {
      numbers.add(number);
    }
  }
  return [...numbers];
}

function nameOf(scope: string): string {
  return `${KIND}.${scope}`;
}

async function toVectors(request: Request): Promise<Float32Array[]> {
  const values = new Float32Array(await request.arrayBuffer());
  return Array.from({ length: values.length / DIMENSIONS }, (_, at) =>
    values.subarray(at * DIMENSIONS, (at + 1) * DIMENSIONS),
  );
}

/** A digest's place in the order must not tell the entry's: the number is spread over the first bytes. */
function toQuestion(number: number): string {
  const bytes = new Uint8Array(32);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, Math.imul(number, 2_654_435_761));
  view.setUint32(4, number);
  return toBase64Url(bytes);
}

function toNumber(question: string): number {
  const binary = atob(question.slice(0, 12).replaceAll('-', '+').replaceAll('_', '/'));
  return [4, 5, 6, 7].reduce((number, at) => number * 256 + (binary.codePointAt(at) ?? 0), 0);
}

function numbersOf(questions: Uint8Array): number[] {
  const view = new DataView(questions.buffer, questions.byteOffset, questions.byteLength);
  return Array.from({ length: questions.length / 32 }, (_, at) => view.getUint32(at * 32 + 4));
}
