/** Compiles the SIMD kernel to `.generated/kernel.wasm`, where its source has changed since. Throws with the compiler's words. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const SOURCE = join(ROOT, 'src/local/assembly/kernel.ts');
const COMPILER = join(ROOT, 'node_modules/assemblyscript/bin/asc.js');
const OPTIONS = ['-O3', '--converge', '--enable', 'simd', '--runtime', 'stub', '--importMemory', '--noExportMemory'];

export const KERNEL_FILE = join(ROOT, '.generated/kernel.wasm');

export function buildKernel(): void {
  if (existsSync(KERNEL_FILE) && statSync(KERNEL_FILE).mtimeMs > statSync(SOURCE).mtimeMs) {
    return;
  }
  mkdirSync(dirname(KERNEL_FILE), { recursive: true });
  execFileSync(process.execPath, [COMPILER, SOURCE, ...OPTIONS, '-o', KERNEL_FILE], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}
