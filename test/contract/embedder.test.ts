import { env } from 'cloudflare:workers';
import manifestJson from '../../models/minilm/manifest.json';
import { createEmbedder } from '../../src/bindings/embedder.ts';
import { parseManifest } from '../../src/local/manifest.ts';
import { createFakeEmbedder } from '../support/fake-embedder.ts';
import { createTestVault } from '../support/test-vault.ts';
import { createParts } from '../support/worker/parts.ts';
import { describeEmbedder } from './embedder.ts';

const real = createEmbedder({
  manifest: parseManifest(manifestJson, 'embedding'),
  parts: createParts(),
  kv: env.KV,
  vault: createTestVault(),
  memoryBytes: 1_000_000,
});

describeEmbedder('fake', () => createFakeEmbedder());
describeEmbedder('local', () => real.forRequest((work) => void work));
