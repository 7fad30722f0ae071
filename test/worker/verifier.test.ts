/** The verifier in workerd: the recipe's golden pairs, and what it says where it cannot judge. */
import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import minilmJson from '../../models/minilm/manifest.json';
import manifestJson from '../../models/verifier/manifest.json';
import { compose } from '../../src/compose.ts';
import { createEmbedder } from '../../src/bindings/embedder.ts';
import { createModelFiles } from '../../src/bindings/model-files.ts';
import { loadTextInput } from '../../src/bindings/text-input.ts';
import { createVerifier, NO_VERIFIER, type LocalVerifier } from '../../src/bindings/verifier.ts';
import type { Verifier } from '../../src/contract/verifier.ts';
import { joinPair } from '../../src/local/join-pair.ts';
import { parseManifest } from '../../src/local/manifest.ts';
import { parseSettings } from '../../src/settings.ts';
import pairs from '../golden/pairs.json';
import { createKey, send } from '../support/worker/gateway.ts';
import { createTestVault } from '../support/test-vault.ts';
import { createParts } from '../support/worker/parts.ts';

const manifest = parseManifest(manifestJson, 'pair-classification');
/** WebAssembly kernels round otherwise than the native ones that the golden logits are from. */
const ROUNDING = 0.5;

/** A busy machine takes its time to load a model. */
const PATIENT_MS = 60_000;

const whole = createVerifier({ manifest, parts: createParts(), timeoutMs: PATIENT_MS });
const port = portOf(whole);
afterEach(() => vi.useRealTimers());

describe('the verifier', () => {
  it.each(pairs)('says of "$first" and "$second" what the recipe says', async ({ first, second, ids, logit }) => {
    const judged = await port.verify(first, second);
    expect(judged).toMatchObject({ ok: true, value: { exit: null, tokens: ids.length } });
    expect(Math.abs((judged.ok ? judged.value.logit : Number.NaN) - logit)).toBeLessThan(ROUNDING);
  });

  it('joins two texts as the tokenizer of the recipe does', async () => {
    const never = { isAbandoned: false, free: () => Promise.resolve() };
    const words = await loadTextInput(manifest, createModelFiles(manifest, env.ASSETS), never);
    const encode = (text: string): readonly number[] => {
      const tokens = words.encode({ kind: 'text', text }, { truncateTo: null }, manifest.input);
      return tokens.ok ? tokens.value.ids : [];
    };
    for (const { first, second, ids, from } of pairs) {
      expect(joinPair(encode(first), encode(second), manifest.input)).toEqual({ ok: true, value: { ids, from } });
    }
  });

  it('tells a swap from a paraphrase, in whatever order', async () => {
    const [asked, same, other] = [
      'How do I convert EUR to USD?',
      'EUR to USD: how do I convert it?',
      'How do I convert USD to EUR?',
    ];
    expect(await logitOf(port, asked, same)).toBeGreaterThan(await logitOf(port, asked, other));
    expect(await logitOf(port, same, asked)).toBeGreaterThan(await logitOf(port, other, asked));
  });

  it.each([
    ['an empty text', '', 'a question', 'empty'],
    ['a text of blanks', 'a question', ' \n ', 'empty'],
    ['two texts that are too long together', 'why '.repeat(150), 'how '.repeat(150), 'too-long'],
    ['one that is too long by itself', 'a question', 'why '.repeat(100_000), 'too-long'],
  ])('gives %s back as a fault', async (_what, asked, answered, kind) => {
    expect(await port.verify(asked, answered)).toEqual({ ok: false, problem: { kind } });
  });
});

describe('the verifier with a broken world', () => {
  it.each([
    { file: 'second.f32.bin', answer: () => new Response('no', { status: 404 }), detail: 'expected status 200' },
    { file: 'same.f32.bin', answer: () => new Response('short'), detail: 'received 5' },
    { file: 'stage-3.onnx', answer: () => Promise.reject(new Error('connection lost')), detail: 'connection lost' },
  ])('is unavailable where $file cannot be had ($detail), and judges once it can', async ({ file, answer, detail }) => {
    let isBroken = true;
    const verifier = createWith((path) => (isBroken && path.endsWith(file) ? answer() : null));
    const broken = portOf(verifier);
    const failed = await broken.verify('a question', 'another');
    expect(failed).toMatchObject({ ok: false, problem: { kind: 'unavailable' } });
    expect(JSON.stringify(failed)).toContain(detail);
    expect(broken.backlog()).toBe(0);
    isBroken = false;
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 60_000 });
    expect(await broken.verify('a question', 'another')).toMatchObject({ ok: true });
    expect(verifier.status()).toMatchObject({ isLoaded: true, provider: { provider: 'wasm' } });
  });

  it('gives up a load that does not end, and judges after another', async () => {
    let isSlow = true;
    const { promise: asset, resolve: release } = Promise.withResolvers<Response>();
    const { promise: asked, resolve: note } = Promise.withResolvers<null>();
    const slow = portOf(
      createWith((path) => {
        const isHeld = isSlow && path.endsWith('stage-5.onnx');
        if (isHeld) {
          note(null);
        }
        return isHeld ? asset : null;
      }),
    );
    const first = slow.verify('a question', 'another');
    await asked;
    isSlow = false;
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 60_000 });
    expect(await slow.verify('a question', 'another')).toMatchObject({ ok: true });
    release(new Response('no', { status: 500 }));
    expect(await first).toMatchObject({ ok: false, problem: { kind: 'unavailable' } });
  });

  it('is late where its model takes long to load, and judges once it is there', async () => {
    const { promise: released, resolve: release } = Promise.withResolvers<null>();
    const held = createWith(async (path) => {
      await released;
      return env.ASSETS.fetch(path);
    }, 50);
    const problem = { kind: 'unavailable', detail: 'late' };
    expect(await portOf(held).verify('a question', 'another')).toEqual({ ok: false, problem });
    release(null);
    await vi.waitFor(() => expect(held.status().isLoaded).toBe(true), { timeout: 60_000 });
    const judged = () => portOf(held).verify('a question', 'another');
    await vi.waitFor(async () => expect(await judged()).toMatchObject({ ok: true }), { timeout: 60_000 });
  });

  it('is unavailable where its memory is not to be had', async () => {
    const small = portOf(
      createVerifier({ manifest, parts: createParts({ budgetBytes: 20e6, heap: () => null }), timeoutMs: PATIENT_MS }),
    );
    expect(await small.verify('a question', 'another')).toMatchObject({ ok: false, problem: { kind: 'unavailable' } });
  });

  it('stays beside the embedding model in what an isolate has for models', async () => {
    // The defaults: 96 MiB, of which caches take 12. What other tests left in the heap is not counted.
    const parts = createParts({ budgetBytes: 84 * 1024 * 1024, heap: () => 0 });
    const embedder = createEmbedder({
      manifest: parseManifest(minilmJson, 'embedding'),
      parts,
      kv: env.KV,
      vault: createTestVault(),
      memoryBytes: 0,
    });
    const options = { tenant: { id: 'verifier' }, truncateTo: -1, mayPersist: false } as const;
    const embedding = { kind: 'text', text: 'where is my parcel' } as const;
    expect(await embedder.forRequest(inBackground).embed(embedding, options)).toMatchObject({ ok: true });
    expect(await portOf(createVerifier({ manifest, parts, timeoutMs: PATIENT_MS })).verify('one', 'two')).toMatchObject(
      { ok: true },
    );
    expect(parts.pool.status().loaded).toEqual([
      'minilm/text',
      'minilm/stages',
      'verifier/second',
      'verifier/stages',
      'verifier/same',
    ]);
  });

  it('counts the pairs that wait', async () => {
    const judged = [port.verify('one', 'two'), port.verify('three', 'four')];
    expect(port.backlog()).toBe(2);
    await Promise.all(judged);
    expect(port.backlog()).toBe(0);
  });
});

describe('the gateway', () => {
  it('has the verifier among its ports, and loads it when it is first asked', async () => {
    const { verifier } = compose(env, parseSettings({ ...env })).portsFor({ waitUntil: () => undefined });
    // The first one may be late while it loads.
    const judged = () => verifier.verify('How old is the Earth?', 'What is the age of the Earth?');
    await vi.waitFor(async () => expect(await judged()).toMatchObject({ ok: true }), { timeout: 60_000 });
  });

  it('has one that judges nothing where the repository has no such model', async () => {
    expect(await NO_VERIFIER.verify('a question', 'another')).toEqual({
      ok: false,
      problem: { kind: 'unavailable', detail: 'no model of task pair-classification' },
    });
  });

  it('lists it under /v1/models', async () => {
    const key = await createKey({ tenant: 'verifier' });
    const { json } = await send('/v1/models/verifier', { headers: { authorization: `Bearer ${key}` } });
    expect(json).toMatchObject({ id: 'verifier', perigee: { task: 'pair-classification', max_tokens: 256 } });
  });
});

function portOf(verifier: LocalVerifier): Verifier {
  return verifier.forRequest(inBackground);
}

function inBackground(work: Promise<unknown>): void {
  void work.catch(() => undefined);
}

/** `instead`: what is given for an asset's path; null for the asset. */
function createWith(
  instead: (path: string) => Response | Promise<Response> | null,
  timeoutMs = PATIENT_MS,
): LocalVerifier {
  const fetch = async (input: RequestInfo | URL): Promise<Response> => {
    const request = new Request(input);
    return instead(request.url) ?? env.ASSETS.fetch(request);
  };
  return createVerifier({ manifest, parts: createParts({ assets: { fetch } }), timeoutMs });
}

async function logitOf(verifier: Verifier, asked: string, answered: string): Promise<number> {
  const judged = await verifier.verify(asked, answered);
  return judged.ok ? judged.value.logit : Number.NaN;
}
