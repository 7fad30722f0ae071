import manifestJson from '../../models/minilm/manifest.json';
import { createTokenizer } from '../../src/bindings/tokenizer.ts';
import { parseManifest } from '../../src/local/manifest.ts';
import { createFakeTokenizer } from '../support/fake-tokenizer.ts';
import { createParts } from '../support/worker/parts.ts';
import { describeTokenizer } from './tokenizer.ts';

const real = createTokenizer({ manifest: parseManifest(manifestJson, 'embedding'), parts: createParts() });

describeTokenizer('fake', () => createFakeTokenizer());
describeTokenizer('local', () => real.forRequest((work) => void work));
