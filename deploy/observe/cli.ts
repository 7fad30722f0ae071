/**
 * `npm run -s model:observe -- --model FOLDER --task TASK < rows.jsonl > observed.jsonl`
 * Reads JSON Lines of {"text"}, {"first","second"}, or {"image"} in base64, writes a line for each: what every ramp and, last, the full model say of it
 * ({"confidences","labels"}), as the gateway's own code does in workerd. Exits with 1 and one line where it cannot.
 */
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { startModelWorker } from '../model-worker.ts';
import type { Observation, ObserveBody, ObservedInput } from './observation.ts';

/** Inputs in one request. */
const BATCH = 50;

try {
  const { values } = parseArgs({ options: { model: { type: 'string' }, task: { type: 'string' } } });
  const { model, task } = values;
  if (model === undefined || task === undefined) {
    throw new Error('expected --model FOLDER and --task TASK');
  }
  await observe(model, task);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

async function observe(modelFolder: string, task: string): Promise<void> {
  const inputs: ObservedInput[] = [];
  for await (const line of createInterface({ input: process.stdin })) {
    const { text, first, second, image } = JSON.parse(line) as Record<string, unknown>;
    if (typeof text === 'string') {
      inputs.push({ text });
    } else if (typeof first === 'string' && typeof second === 'string') {
      inputs.push({ first, second });
    } else if (typeof image === 'string') {
      inputs.push({ image });
    } else {
      throw new Error(
        `line ${inputs.length + 1}: expected {"text"}, {"first","second"} or {"image"}, received ${line.slice(0, 100)}`,
      );
    }
  }
  const worker = await startModelWorker({ main: join(import.meta.dirname, 'observe.worker.ts'), modelFolder });
  try {
    for (let at = 0; at < inputs.length; at += BATCH) {
      const body: ObserveBody = { task, inputs: inputs.slice(at, at + BATCH) };
      const observed = (await worker.ask(body)) as Observation[];
      process.stdout.write(observed.map((one) => `${JSON.stringify(one)}\n`).join(''));
    }
  } finally {
    await worker.stop();
  }
}
