/**
 * Compiles the SIMD kernel to `.generated/kernel.wasm`, where its source or these options have changed since. Throws an
 * Error with the compiler's words.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const SOURCE = join(ROOT, 'src/local/assembly/kernel.ts');
const COMPILER = join(ROOT, 'node_modules/assemblyscript/bin/asc.js');
const OPTIONS = ['-O3', '--converge', '--enable', 'simd', '--runtime', 'stub', '--importMemory', '--noExportMemory'];

export const KERNEL_FILE = join(ROOT, '.generated/kernel.wasm');

export function buildKernel(): void {
  if (isCurrent()) {
    return;
  }
  mkdirSync(dirname(KERNEL_FILE), { recursive: true });
  // Whole or not at all: an interrupted compilation leaves no file that looks current.
  const fresh = `${KERNEL_FILE}.${process.pid}.wasm`;
  const { status, stderr } = spawnSync(process.execPath, [COMPILER, SOURCE, ...OPTIONS, '-o', fresh], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  if (status !== 0) {
    throw new Error(`${SOURCE}: ${stderr.trim()}`);
  }
  renameSync(fresh, KERNEL_FILE);
}

function isCurrent(): boolean {
  const made = existsSync(KERNEL_FILE) ? statSync(KERNEL_FILE).mtimeMs : 0;
  return [SOURCE, COMPILER, import.meta.filename].every((file) => statSync(file).mtimeMs < made);
}
