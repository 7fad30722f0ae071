/** Compiles the SIMD kernels to `.generated/`, where their sources have changed since. Throws with the compiler's words. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const COMPILER = join(ROOT, 'node_modules/assemblyscript/bin/asc.js');
const OPTIONS = ['-O3', '--converge', '--enable', 'simd', '--runtime', 'stub', '--importMemory', '--noExportMemory'];

/** Of the ramps. */
export const KERNEL_FILE = join(ROOT, '.generated/kernel.wasm');
/** Of the index of vectors. */
export const INDEX_KERNEL_FILE = join(ROOT, '.generated/index-kernel.wasm');

const SOURCES: Readonly<Record<string, string>> = {
  [KERNEL_FILE]: join(ROOT, 'src/local/assembly/kernel.ts'),
  [INDEX_KERNEL_FILE]: join(ROOT, 'src/cache/assembly/kernel.ts'),
};

export function buildKernels(): void {
  for (const [file, source] of Object.entries(SOURCES)) {
    if (!existsSync(file) || statSync(file).mtimeMs <= statSync(source).mtimeMs) {
      compile(source, file);
    }
  }
}

function compile(source: string, file: string): void {
  mkdirSync(dirname(file), { recursive: true });
  execFileSync(process.execPath, [COMPILER, source, ...OPTIONS, '-o', file], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}
