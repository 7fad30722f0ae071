/**
 * Compiles the SIMD kernels to `.generated/`, where their sources or these options have changed since. Throws an Error
 * with the compiler's words.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
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
    if (!isCurrent(file, source)) {
      compile(source, file);
    }
  }
}

function isCurrent(file: string, source: string): boolean {
  const made = existsSync(file) ? statSync(file).mtimeMs : 0;
  return [source, COMPILER, import.meta.filename].every((other) => statSync(other).mtimeMs < made);
}

function compile(source: string, file: string): void {
  mkdirSync(dirname(file), { recursive: true });
  // Whole or not at all: an interrupted compilation leaves no file that looks current.
  const fresh = `${file}.${process.pid}.wasm`;
  const { status, stderr } = spawnSync(process.execPath, [COMPILER, source, ...OPTIONS, '-o', fresh], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  if (status !== 0) {
    throw new Error(`${source}: ${stderr.trim()}`);
  }
  renameSync(fresh, file);
}
