/**
 * The choice of execution provider in workerd, and what happens when WebGPU fails. No GPU is here: its stages are
 * WebAssembly's own, which a test makes slow, wrong or faulty; ONNX Runtime itself refuses the device that is none.
 */
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import minilmJson from '../../models/minilm/manifest.json';
import textJson from '../../models/text/manifest.json';
import { createClassifier } from '../../src/bindings/classifier.ts';
import { createEmbedder } from '../../src/bindings/embedder.ts';
import { createGpuAccess, type GpuSource } from '../../src/bindings/gpu.ts';
import { createStage, type OnnxStage } from '../../src/bindings/onnx-sessions.ts';
import { EXITS_OFF } from '../../src/contract/exits.ts';
import type { ProviderTrial } from '../../src/local/choose-provider.ts';
import type { Hidden } from '../../src/local/hidden.ts';
import { parseManifest } from '../../src/local/manifest.ts';
import { createTestVault } from '../support/test-vault.ts';
import { createParts } from '../support/worker/parts.ts';

const minilm = parseManifest(minilmJson, 'embedding');
const text = parseManifest(textJson, 'classification');
const inBackground = (work: Promise<unknown>): void => void work;
const STAGES = text.stages.length;
const PREFERRED = { wasm: 2, webgpu: 1 };

/** What a stage on the "device" does in the n-th call of all, counted from 0. */
type Behaviour = (call: number, onWasm: () => Promise<Hidden>) => Promise<Hidden>;

function fakeGpu() {
  const loss = Promise.withResolvers<{ reason?: string; message?: string }>();
  const device = { lost: loss.promise, destroy: () => undefined };
  const source: GpuSource = {
    requestAdapter: () =>
      Promise.resolve({ features: new Set<string>(), limits: {}, requestDevice: () => Promise.resolve(device) }),
  };
  return { source, lose: loss.resolve };
}

function createModels({
  source,
  behave = (_, onWasm) => onWasm(),
  canCreate = () => true,
  measuredMs = PREFERRED,
}: {
  source: GpuSource;
  behave?: Behaviour;
  canCreate?: (stage: number) => boolean;
  measuredMs?: ProviderTrial['measuredMs'];
}) {
  let calls = 0;
  let created = 0;
  const open = new Set<OnnxStage>();
  const create: typeof createStage = async (bytes, names, device) => {
    if (device !== null && !canCreate(created++)) {
      throw new Error('the GPU is out of memory');
    }
    const inner = await createStage(bytes, names, null);
    const stage: OnnxStage = {
      run: (hidden) => (device === null ? inner.run(hidden) : behave(calls++, () => inner.run(hidden))),
      release: () => {
        open.delete(stage);
        return inner.release();
      },
    };
    open.add(stage);
    return stage;
  };
  const parts = createParts({
    gpu: createGpuAccess(source),
    runtime: { create, choose: ({ agreement }) => chooseWith(agreement, measuredMs) },
  });
  const classifier = createClassifier({ manifests: [text], parts });
  const port = classifier.forRequest(inBackground);
  const [task] = port.tasks;
  if (task === undefined) {
    throw new Error('expected a task, received none');
  }
  return {
    classify: (input = 'a warm and funny film') =>
      port.classify(
        task,
        { kind: 'text', text: input },
        { policy: EXITS_OFF, sentinel: null, isSampled: false, truncateTo: -1 },
      ),
    provider: () => classifier.status(task).provider,
    calls: () => calls,
    open,
  };
}

function chooseWith(agreement: number, measuredMs: ProviderTrial['measuredMs']) {
  return agreement > 0.999 && measuredMs.webgpu < measuredMs.wasm
    ? { provider: 'webgpu' as const, reason: 'preferred', measuredMs }
    : { provider: 'wasm' as const, reason: 'not preferred', measuredMs };
}

const plain = createModels({ source: { requestAdapter: () => Promise.resolve(null) } });

describe('the execution provider', () => {
  it('is WebAssembly where there is no adapter, and says so', async () => {
    expect((await plain.classify()).ok).toBe(true);
    expect(plain.provider()).toEqual({ provider: 'wasm', reason: 'no WebGPU adapter', measuredMs: null });
  });

  it('is WebGPU where that is chosen, and the other stage is released', async () => {
    const models = createModels({ source: fakeGpu().source });
    expect(models.provider()).toEqual({ provider: 'wasm', reason: 'not loaded yet', measuredMs: null });
    expect(await models.classify()).toEqual(await plain.classify());
    expect(models.provider()).toEqual({ provider: 'webgpu', reason: 'preferred', measuredMs: PREFERRED });
    expect(models.open.size).toBe(STAGES);
  });

  it('is WebAssembly where that is chosen', async () => {
    const models = createModels({ source: fakeGpu().source, measuredMs: { wasm: 1, webgpu: 2 } });
    expect(await models.classify()).toEqual(await plain.classify());
    expect([models.provider().provider, models.open.size]).toEqual(['wasm', STAGES]);
  });

  it('is WebAssembly where WebGPU gives other values', async () => {
    const models = createModels({
      source: fakeGpu().source,
      behave: async (_, onWasm) => {
        const hidden = await onWasm();
        return { ...hidden, values: hidden.values.map((value, at) => (at % 2 === 0 ? value : -value)) };
      },
    });
    expect(await models.classify()).toEqual(await plain.classify());
    expect(models.provider().provider).toBe('wasm');
  });

  it('is measured by the clock: a GPU that waits is slower', async () => {
    const parts = createParts({
      gpu: createGpuAccess(fakeGpu().source),
      runtime: {
        create: async (bytes, names, device) => {
          const inner = await createStage(bytes, names, null);
          const run = async (hidden: Hidden): Promise<Hidden> => {
            await scheduler.wait(device === null ? 0 : 200);
            return inner.run(hidden);
          };
          return { ...inner, run };
        },
      },
    });
    const embedder = createEmbedder({ manifest: minilm, parts, kv: env.KV, vault: createTestVault(), memoryBytes: 0 });
    const options = { tenant: { id: 'measured' }, truncateTo: null, mayPersist: false };
    await embedder.forRequest(inBackground).embed({ kind: 'text', text: 'hello' }, options);
    const { provider, reason, measuredMs } = embedder.status().provider;
    expect([provider, reason]).toEqual(['wasm', 'WebGPU measured as no faster']);
    expect(measuredMs?.webgpu).toBeGreaterThanOrEqual(200);
    expect(measuredMs?.wasm).toBeGreaterThan(0);
  });
});

describe('where WebGPU fails, WebAssembly goes on with the same answer', () => {
  it('when ONNX Runtime does not take the device', async () => {
    const parts = createParts({ gpu: createGpuAccess(fakeGpu().source) });
    const embedder = createEmbedder({ manifest: minilm, parts, kv: env.KV, vault: createTestVault(), memoryBytes: 0 });
    const options = { tenant: { id: 'no-device' }, truncateTo: null, mayPersist: false };
    expect(await embedder.forRequest(inBackground).embed({ kind: 'text', text: 'hello' }, options)).toMatchObject({
      ok: true,
    });
    expect(embedder.status().provider).toMatchObject({ provider: 'wasm', measuredMs: null });
    expect(embedder.status().provider.reason).toMatch(/^WebGPU failed: /);
  });

  it.each([0, 3])('when the stage %d cannot be created', async (broken) => {
    const models = createModels({ source: fakeGpu().source, canCreate: (stage) => stage !== broken });
    expect(await models.classify()).toEqual(await plain.classify());
    expect(models.provider()).toEqual({
      provider: 'wasm',
      reason: 'WebGPU failed: the GPU is out of memory',
      measuredMs: null,
    });
    expect(models.open.size).toBe(STAGES);
  });

  it('when a run fails while the two are compared', async () => {
    const models = createModels({
      source: fakeGpu().source,
      behave: (call, onWasm) => (call === 2 ? Promise.reject(new Error('lost')) : onWasm()),
    });
    expect(await models.classify()).toEqual(await plain.classify());
    expect(models.provider()).toEqual({ provider: 'wasm', reason: 'WebGPU failed: lost', measuredMs: null });
    expect(models.open.size).toBe(STAGES);
  });

  it('when a run fails half-way through an answer, also of several at once', async () => {
    let isBroken = false;
    const models = createModels({
      source: fakeGpu().source,
      behave: (call, onWasm) => (isBroken && call % STAGES === 2 ? Promise.reject(new Error('reset')) : onWasm()),
    });
    await models.classify();
    expect(models.provider().provider).toBe('webgpu');
    isBroken = true;
    const texts = ['a dull film', 'a warm and funny film', 'it has its moments'];
    const given = await Promise.all(texts.map((one) => models.classify(one)));
    expect(given).toEqual(await Promise.all(texts.map((one) => plain.classify(one))));
    expect(models.provider()).toEqual({ provider: 'wasm', reason: 'WebGPU failed: reset', measuredMs: null });
    expect(models.open.size).toBe(STAGES);
  });

  it('when the device is lost between two answers', async () => {
    const { source, lose } = fakeGpu();
    const models = createModels({ source });
    await models.classify();
    const before = models.calls();
    lose({ reason: 'unknown', message: 'driver reset' });
    expect(await models.classify('a dull film')).toEqual(await plain.classify('a dull film'));
    expect(models.calls()).toBe(before);
    expect(models.provider()).toEqual({
      provider: 'wasm',
      reason: 'WebGPU device lost: driver reset',
      measuredMs: null,
    });
  });
});
