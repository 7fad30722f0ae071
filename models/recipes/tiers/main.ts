/**
 * `node models/recipes/tiers/main.ts [--data DIR]`: fits the tier router that ships on all routing rows, calibrates its levels
 * on subjects left out, and writes `src/origin/tiers/general-router.json`. The same rows give the same bytes. Exits with 1 and
 * one line where it cannot.
 */
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { createRandom } from '../../../deploy/simulator/random.ts';
import { packRouter } from '../../../src/origin/tiers/packed-router.ts';
import { toLevels } from './calibrate.ts';
import { readTrainingRows } from './rows.ts';
import { scoreUnseen } from './score.ts';
import { createTrainer } from './train.ts';
import { readWords } from './words.ts';

const ROOT = join(import.meta.dirname, '../../..');
const OUT = join(ROOT, 'src/origin/tiers/general-router.json');

try {
  const { values } = parseArgs({ options: { data: { type: 'string' } } });
  const data = values.data === undefined ? join(ROOT, '../shared/data') : resolve(values.data);
  const trainer = createTrainer(readTrainingRows(data), readWords());
  const levels = toLevels(scoreUnseen(trainer), createRandom(1));
  const router = { ...trainer.fit(new Set()), levels };
  const lines = Object.entries(packRouter(router)).map(([name, value]) => `"${name}": ${JSON.stringify(value)}`);
  const json = `{\n${lines.join(',\n')}\n}\n`;
  writeFileSync(OUT, json);
  console.table(levels);
  console.log(`${trainer.examples.length} rows, ${json.length} bytes`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
