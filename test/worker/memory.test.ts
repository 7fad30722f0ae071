/** Both text models in one isolate: what they share, and what leaves where the budget is small. */
import { env } from 'cloudflare:workers';
import { describe, expect, test } from 'vitest';
import minilmJson from '../../models/minilm/manifest.json';
import textJson from '../../models/text/manifest.json';
import { createClassifier } from '../../src/bindings/classifier.ts';
import { createEmbedder } from '../../src/bindings/embedder.ts';
import { RUNTIME_HEAP_BYTES, stagesNeed } from '../../src/bindings/model-stages.ts';
import { heapBytes } from '../../src/bindings/onnx-sessions.ts';
import { textNeed } from '../../src/bindings/text-input.ts';
import { EXITS_OFF } from '../../src/contract/exits.ts';
import { parseManifest } from '../../src/local/manifest.ts';
import { createTestVault } from '../support/test-vault.ts';
import { createParts } from '../support/worker/parts.ts';

const minilm = parseManifest(minilmJson, 'embedding');
const text = parseManifest(textJson, 'classification');
const inBackground = (work: Promise<unknown>): void => void work;
const input = { kind: 'text', text: 'where is my parcel' } as const;

function createModels(options: Parameters<typeof createParts>[0]) {
  const parts = createParts(options);
  const embedder = createEmbedder({ manifest: minilm, parts, kv: env.KV, vault: createTestVault(), memoryBytes: 0 });
  const classifier = createClassifier({ manifests: [text], parts });
  const tenant = { id: 'memory' };
  return {
    pool: parts.pool,
    embed: () => embedder.forRequest(inBackground).embed(input, { tenant, truncateTo: -1, mayPersist: false }),
    classify: (name: string) => {
      const port = classifier.forRequest(inBackground);
      const task = port.tasks.find((one) => one.name === name);
      if (task === undefined) {
        throw new Error(`expected a task ${name}`);
      }
      return port.classify(task, input, { policy: EXITS_OFF, sentinel: null, isSampled: false, truncateTo: -1 });
    },
  };
}

describe('the models of an isolate', () => {
  test('share tokenizer and word table', async () => {
    const { pool, embed, classify } = createModels({});
    expect([(await embed()).ok, (await classify('sst2')).ok]).toEqual([true, true]);
    expect(pool.status().loaded).toEqual(['minilm/text', 'minilm/stages', 'text/stages', 'text/sst2']);
  });

  test('leave where the next would not fit, and use the room in the heap again', async () => {
    // Room for one trunk beside what both share. What other tests left in the heap is not counted.
    const trunk = Math.max(stagesNeed(minilm).heapBytes, stagesNeed(text).heapBytes);
    const budgetBytes = RUNTIME_HEAP_BYTES + trunk + textNeed(text).bufferBytes + 3_000_000;
    const { pool, embed, classify } = createModels({ budgetBytes, heap: () => 0 });
    const first = await embed();
    expect(pool.status().loaded).toEqual(['minilm/text', 'minilm/stages']);
    await classify('sst2');
    expect(pool.status().loaded).toEqual(['minilm/text', 'text/stages', 'text/sst2']);
    expect(await embed()).toEqual(first);
    const settled = heapBytes();
    for (let round = 0; round < 3; round++) {
      expect((await classify('sst2')).ok).toBe(true);
      expect((await embed()).ok).toBe(true);
    }
    expect(heapBytes()).toBe(settled);
  });

  test('say so where they cannot fit', async () => {
    const { classify, pool } = createModels({ budgetBytes: 20_000_000 });
    const result = await classify('sst2');
    expect(result).toMatchObject({ ok: false, problem: { kind: 'unavailable' } });
    expect(JSON.stringify(result)).toContain('expected at most 20000000 bytes in memory');
    expect(pool.status().loaded).not.toContain('text/stages');
  });
});
