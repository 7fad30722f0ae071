/** Measures variants, each in a process of its own: one that cannot run ends as a fault, whatever it does to its heap. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { Fidelity } from './compare.ts';

export interface Measurement {
  /** By output: how near it comes to onnxruntime with the model as it was given. */
  fidelity: Record<string, Fidelity>;
  /** Of one run, the median. */
  latencyMs: number;
  /** Of the WebAssembly heap after everything ran, the runtime's own part included. */
  heapBytes: number;
  /** Of one request's inputs together. */
  maxElements: number;
}

export type Measured = { ok: true; value: Measurement } | { ok: false; fault: string };

const TIMEOUT_MS = 600_000;

export function measureVariant(work: string, variant: string): Measured {
  const script = join(import.meta.dirname, 'measure-process.ts');
  const ran = spawnSync(process.execPath, [script, work, variant], { encoding: 'utf8', timeout: TIMEOUT_MS });
  const line = ran.stdout.trim().split('\n').at(-1) ?? '';
  if (ran.status !== 0 || !line.startsWith('{')) {
    const why =
      ran.signal === 'SIGTERM' ? `no end within ${TIMEOUT_MS} ms` : (ran.stderr.trim().split('\n').at(-1) ?? '');
    return { ok: false, fault: why || 'the runtime ended without a word' };
  }
  const answer = JSON.parse(line) as Measurement | { fault: string };
  return 'fault' in answer ? { ok: false, fault: answer.fault } : { ok: true, value: answer };
}
