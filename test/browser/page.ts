/**
 * Runs in a browser's worker: the gateway's own runtime, its models over HTTP from where the script came from. One
 * message asks, one answers.
 */
import minilmJson from '../../models/minilm/manifest.json';
import textJson from '../../models/text/manifest.json';
import { createClassificationModel, type ClassificationModel } from '../../src/bindings/classification-model.ts';
import { createEmbeddingModel } from '../../src/bindings/embedding-model.ts';
import { createGpuAccess, type GpuAccess, type GpuSource } from '../../src/bindings/gpu.ts';
import { createModelParts, type ModelParts } from '../../src/bindings/model-parts.ts';
import { createModelPool } from '../../src/bindings/model-pool.ts';
import { RUNTIME_HEAP_BYTES } from '../../src/bindings/model-stages.ts';
import { heapBytes } from '../../src/bindings/onnx-sessions.ts';
import { EXITS_OFF } from '../../src/contract/exits.ts';
import type { ProviderChoice, ProviderTrial } from '../../src/local/choose-provider.ts';
import { parseManifest } from '../../src/local/manifest.ts';
import type { Answers, PageInput, PageReport } from './report.ts';

const minilm = parseManifest(minilmJson, 'embedding');
const text = parseManifest(textJson, 'classification');
const assets = { fetch: (url: RequestInfo | URL) => fetch(new URL(url instanceof Request ? url.url : url).pathname) };
const inBackground = (work: Promise<unknown>): void => void work;
/** Software adapters take their time. */
const PATIENCE = { deadlineMs: 120_000 };

/** The rule that the test asks for in place of the measurement's own. */
const ALWAYS_WEBGPU = ({ measuredMs }: ProviderTrial): ProviderChoice => ({
  provider: 'webgpu',
  reason: 'asked for',
  measuredMs,
});

// A browser's worker speaks to its page; Workers have no such globals.
const scope = globalThis as unknown as {
  addEventListener(name: 'message', listen: (event: { data: PageInput }) => void): void;
  postMessage: (said: PageReport | { error: string } | 'ready') => void;
};
const say = scope.postMessage;
scope.addEventListener('message', ({ data }) => void answerPage(data));
say('ready');

async function answerPage(input: PageInput): Promise<void> {
  try {
    say(await runPage(input));
  } catch (error) {
    say({ error: error instanceof Error ? error.message : String(error) });
  }
}

async function runPage({ texts }: PageInput): Promise<PageReport> {
  const none = createGpuAccess(null);
  const measured = createModel({ gpu: createGpuAccess() });
  await measured.model.classify('sst2', { kind: 'text', text: 'hello' }, options(), inBackground);

  const onGpu = createParts({ gpu: createGpuAccess(), choose: ALWAYS_WEBGPU });
  return {
    adapter: await describeAdapter(),
    text: {
      measured: measured.parts.providerOf(text),
      wasm: await answer(createModel({ gpu: none }), texts),
      webgpu: await answer(createModel({ gpu: createGpuAccess(), choose: ALWAYS_WEBGPU }), texts),
    },
    minilm: {
      wasm: await embed(createParts({ gpu: none }), texts),
      webgpu: await embed(onGpu, texts),
      choice: onGpu.providerOf(minilm),
    },
    lost: await loseDevice(texts),
    heapMiB: (heapBytes() ?? 0) / 2 ** 20,
  };
}

interface Choices {
  gpu: GpuAccess;
  choose?: (trial: ProviderTrial) => ProviderChoice;
}

function createParts({ gpu, ...runtime }: Choices): ModelParts {
  const pool = createModelPool({ budgetBytes: 1e9, heapBytes, runtimeBytes: RUNTIME_HEAP_BYTES, lazy: PATIENCE });
  return createModelParts(assets, pool, { gpu, runtime: { ...runtime, gpuDeadlineMs: PATIENCE.deadlineMs } });
}

function createModel(choices: Choices): { parts: ModelParts; model: ClassificationModel } {
  const parts = createParts(choices);
  return { parts, model: createClassificationModel(text, parts) };
}

async function answer({ parts, model }: ReturnType<typeof createModel>, texts: PageInput['texts']): Promise<Answers> {
  const answers: Answers = { choice: parts.providerOf(text), labels: [], probabilities: [], tookMs: [] };
  for (const { task, text: words } of texts) {
    const from = performance.now();
    const { label, probabilities } = await classify(model, task, words);
    answers.tookMs.push(performance.now() - from);
    answers.labels.push(label);
    answers.probabilities.push(probabilities);
  }
  return { ...answers, choice: parts.providerOf(text) };
}

async function classify(
  model: ClassificationModel,
  task: string,
  words: string,
): Promise<{ label: number; probabilities: number[] }> {
  const given = await model.classify(task, { kind: 'text', text: words }, options(), inBackground);
  if (!given.ok) {
    throw new Error(`${task}: ${JSON.stringify(given.problem)}`);
  }
  return { label: given.value.label, probabilities: Array.from(given.value.probabilities) };
}

async function embed(parts: ModelParts, texts: PageInput['texts']): Promise<number[][]> {
  const model = createEmbeddingModel(minilm, parts);
  const vectors: number[][] = [];
  for (const { text: words } of texts) {
    const given = await model.embed({ kind: 'text', text: words }, { truncateTo: -1 }, inBackground);
    if (!given.ok) {
      throw new Error(`embed: ${JSON.stringify(given.problem)}`);
    }
    vectors.push([...given.value.vector]);
  }
  return vectors;
}

async function loseDevice(texts: PageInput['texts']): Promise<PageReport['lost']> {
  const gpu = createGpuAccess();
  const { parts, model } = createModel({ gpu, choose: ALWAYS_WEBGPU });
  const probabilities: number[][] = [];
  let before = parts.providerOf(text);
  for (const [place, { task, text: words }] of texts.entries()) {
    probabilities.push((await classify(model, task, words)).probabilities);
    if (place === 0) {
      before = parts.providerOf(text);
      const opened = await gpu.open();
      (opened.ok ? (opened.value.device as { destroy?: () => void }) : {}).destroy?.();
    }
  }
  return { before, after: parts.providerOf(text), probabilities };
}

function options() {
  return { policy: EXITS_OFF, sentinel: null, isSampled: false, truncateTo: -1 };
}

async function describeAdapter(): Promise<PageReport['adapter']> {
  const { gpu } = navigator as unknown as { gpu?: GpuSource };
  const adapter = (await gpu?.requestAdapter()) as { info?: Record<string, unknown> } | null | undefined;
  const { vendor, architecture, description } = adapter?.info ?? {};
  return {
    isThere: adapter !== null && adapter !== undefined,
    vendor: String(vendor),
    architecture: String(architecture),
    description: String(description),
  };
}
