/**
 * The Python that does the graph work: `PERIGEE_PYTHON` where it is set, else an environment that is made once in the
 * user's cache folder, by what is installed in it. Throws an AddError.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { AddError } from './add-error.ts';

const RECIPE = join(import.meta.dirname, '../../models/recipes/add');
const CANDIDATES = ['python3', 'python3.13', 'python3.12', 'python3.11'];
const MIN_MINOR = 11;

/** Runs one of the recipe's scripts; what it says last on stderr is the fault. */
export function runRecipe(script: 'prepare.py' | 'fit.py', args: readonly string[], say: (line: string) => void): void {
  const python = process.env['PERIGEE_PYTHON'] || madeOnce(say);
  const ran = spawnSync(python, [join(RECIPE, script), ...args], { encoding: 'utf8' });
  if (ran.error !== undefined) {
    throw new AddError(`${python} cannot be started: ${ran.error.message}`);
  }
  if (ran.status !== 0) {
    throw new AddError(
      ran.stderr.trim().split('\n').at(-1) || `${script} ended with ${ran.signal ?? ran.status} and said nothing`,
    );
  }
}

function madeOnce(say: (line: string) => void): string {
  const requirements = join(RECIPE, 'requirements.txt');
  const digest = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 16);
  const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'perigee');
  const folder = join(cache, `add-${digest}`);
  const python = join(folder, 'bin/python');
  const marker = join(folder, 'installed');
  if (existsSync(marker)) {
    return python;
  }
  const system = findPython();
  say(`Python environment for the graph work: installing into ${folder}, once`);
  mkdirSync(cache, { recursive: true });
  rmSync(folder, { recursive: true, force: true });
  call(system, ['-m', 'venv', folder]);
  call(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--requirement', requirements]);
  // Last, so that half an environment is made anew.
  writeFileSync(marker, '');
  return python;
}

function findPython(): string {
  const version = ['-c', 'import sys; print(sys.version_info.major * 100 + sys.version_info.minor)'];
  const found = CANDIDATES.find(
    (name) => Number(spawnSync(name, version, { encoding: 'utf8' }).stdout) >= 300 + MIN_MINOR,
  );
  if (found === undefined) {
    throw new AddError(
      `expected Python 3.${MIN_MINOR} or newer on the PATH, or its path in PERIGEE_PYTHON; received none of ${CANDIDATES.join(', ')}`,
    );
  }
  return found;
}

function call(command: string, args: readonly string[]): void {
  try {
    execFileSync(command, args, { stdio: 'pipe' });
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim().split('\n').at(-1) : '';
    throw new AddError(`${command} ${args.join(' ')} failed: ${said}`);
  }
}
