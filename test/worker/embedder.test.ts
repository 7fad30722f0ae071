/** The embedder in workerd when parts of the world fail: assets, KV, loads. */
import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import manifestJson from '../../models/minilm/manifest.json';
import { createEmbedder, type LocalEmbedder } from '../../src/bindings/embedder.ts';
import type { VectorKv } from '../../src/bindings/kv-embeddings.ts';
import type { EmbedOptions } from '../../src/contract/ports.ts';
import { parseManifest } from '../../src/local/manifest.ts';
import { send } from '../support/worker/gateway.ts';
import { createTestVault } from '../support/test-vault.ts';
import { createParts } from '../support/worker/parts.ts';

const manifest = parseManifest(manifestJson, 'embedding');
afterEach(() => vi.useRealTimers());

const stageBytes = manifest.files['stage-1.onnx']?.bytes ?? 0;
const input = { kind: 'text', text: 'where is my parcel' } as const;

describe('createEmbedder() with a broken asset', () => {
  it.each([
    { what: 'a missing file', answer: () => new Response('no', { status: 404 }), detail: 'expected status 200' },
    {
      what: 'a file cut short',
      answer: () => new Response('short'),
      detail: `expected ${stageBytes} bytes, received 5`,
    },
    {
      what: 'a file with another digest',
      answer: () => new Response(new Uint8Array(stageBytes)),
      detail: 'expected SHA-256',
    },
  ])('is unavailable for $what, and names model and file', async ({ answer, detail }) => {
    const embedder = createWith({ assets: assetsWhere((path) => (path.endsWith('stage-1.onnx') ? answer() : null)) });
    const result = await embedder.forRequest(inBackground).embed(input, optionsOf('broken'));
    expect(result).toMatchObject({ ok: false, problem: { kind: 'unavailable' } });
    expect(JSON.stringify(result)).toContain(`model minilm: file stage-1.onnx: ${detail}`);
    expect(embedder.status().isLoaded).toBe(false);
  });

  it('recovers at a later call, once the pause after the failure is over', async () => {
    let isBroken = true;
    let reads = 0;
    const assets = assetsWhere(() => {
      reads++;
      return isBroken ? new Response('no', { status: 500 }) : null;
    });
    const embedder = createWith({ assets });
    const port = embedder.forRequest(inBackground);
    await port.embed(input, optionsOf('recovers'));
    await port.embed(input, optionsOf('recovers'));
    expect(reads).toBe(1);
    isBroken = false;
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 1_100 });
    expect(await port.embed(input, optionsOf('recovers'))).toMatchObject({ ok: true });
    expect(embedder.status()).toMatchObject({ isLoaded: true, provider: { provider: 'wasm' } });
  });
});

describe('createEmbedder() and KV', () => {
  it('lets a cold isolate answer from KV without loading the model', async () => {
    const work: Promise<unknown>[] = [];
    const first = await createWith({})
      .forRequest((promise) => work.push(promise))
      .embed(input, optionsOf('kv'));
    await Promise.all(work);
    const cold = createWith({});
    const second = await cold.forRequest(inBackground).embed(input, optionsOf('kv'));
    expect(second).toEqual({ ok: true, value: { ...(first.ok ? first.value : {}), wasCached: true } });
    expect(cold.status().isLoaded).toBe(false);
  });

  it('embeds all the same where KV fails to read and to write', async () => {
    const kv = {
      get: () => Promise.reject(new Error('KV GET failed: 500')),
      put: () => Promise.reject(new Error('KV PUT failed: 429')),
    } as unknown as VectorKv;
    const result = await createWith({ kv }).forRequest(inBackground).embed(input, optionsOf('kv-fails'));
    expect(result).toMatchObject({ ok: true, value: { wasCached: false } });
  });

  it('keeps a vector out of KV where residency forbids it', async () => {
    const work: Promise<unknown>[] = [];
    const calls: unknown[] = [];
    const note = (...given: unknown[]): Promise<null> => Promise.resolve(null).finally(() => calls.push(given));
    const port = createWith({ kv: { get: note, put: note } as unknown as VectorKv }).forRequest((promise) =>
      work.push(promise),
    );
    expect(await port.embed(input, { ...optionsOf('resident'), mayPersist: false })).toMatchObject({ ok: true });
    await Promise.all(work);
    expect(calls).toEqual([]);
  });
});

describe('createEmbedder() under a burst', () => {
  const port = createWith({}).forRequest(inBackground);

  it('lets other requests get in between two runs', async () => {
    // The Worker comes up with its first request, the model with its first input.
    await send('/healthz');
    await port.embed(input, optionsOf('burst'));
    let ended = 0;
    const burst = Array.from({ length: 20 }, async (_, at) => {
      await port.embed(
        { kind: 'text', text: `question ${at} ${'word '.repeat(60)}` },
        { ...optionsOf('burst'), mayPersist: false },
      );
      ended++;
    });
    await vi.waitUntil(() => ended > 0, { interval: 1 });
    const before = ended;
    const { status } = await send('/healthz');
    expect(status).toBe(200);
    expect(ended - before).toBeLessThan(8);
    await Promise.all(burst);
    expect(port.backlog()).toBe(0);
  });

  it('embeds no more of a burst than maxBacklog', async () => {
    const burst = Array.from({ length: 20 }, (_, at) =>
      port.embed({ kind: 'text', text: `miss ${at}` }, { ...optionsOf('bounded'), maxBacklog: 3 }),
    );
    const results = await Promise.all(burst);
    expect(results.filter(({ ok }) => ok)).toHaveLength(3);
    expect(results.slice(3).every((result) => !result.ok && result.problem.kind === 'busy')).toBe(true);
  });
});

function createWith({
  assets = env.ASSETS,
  kv = env.KV,
}: {
  assets?: Pick<Fetcher, 'fetch'>;
  kv?: VectorKv;
}): LocalEmbedder {
  return createEmbedder({
    manifest,
    parts: createParts({ assets }),
    kv,
    vault: createTestVault(),
    memoryBytes: 100_000,
  });
}

/** The real assets, but for the paths that `answer` has an answer for. */
function assetsWhere(answer: (path: string) => Response | null): Pick<Fetcher, 'fetch'> {
  return {
    fetch: async (request, init) => {
      const path = new URL(request instanceof Request ? request.url : request).pathname;
      return answer(path) ?? env.ASSETS.fetch(request, init);
    },
  };
}

function optionsOf(tenant: string): EmbedOptions {
  return { tenant: { id: tenant }, truncateTo: null, mayPersist: true };
}

function inBackground(work: Promise<unknown>): void {
  void work;
}
