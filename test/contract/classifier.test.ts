import textJson from '../../models/text/manifest.json';
import { createClassifier } from '../../src/bindings/classifier.ts';
import { parseManifest } from '../../src/local/manifest.ts';
import { createFakeClassifier } from '../support/fake-classifier.ts';
import { createParts } from '../support/worker/parts.ts';
import { describeClassifier } from './classifier.ts';

const real = createClassifier({ manifests: [parseManifest(textJson, 'classification')], parts: createParts() });

describeClassifier('fake', () => createFakeClassifier());
describeClassifier('local', () => real.forRequest((work) => void work));
