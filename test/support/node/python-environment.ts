/**
 * Python environments, each made once in the user's cache folder and kept by what is installed in it. Throws in one line where
 * Python is not there or a package cannot be installed.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

export interface PythonEnvironment {
  name: string;
  /** The path of a requirements file. */
  requirements: string;
  /** A requirement that is installed first, without its dependencies. */
  bare?: string;
  /** A requirement that comes as source, and with which variables it is built: once, the wheel is kept. */
  built?: { requirement: string; variables: Readonly<Record<string, string>> };
}

/** The path of the environment's interpreter. */
export async function toPython({ name, requirements, bare, built }: PythonEnvironment): Promise<string> {
  const contents = [readFileSync(requirements), bare ?? '', JSON.stringify(built ?? '')];
  const digest = contents.reduce((hash, part) => hash.update(part), createHash('sha256')).digest('hex');
  const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'perigee');
  const wheels = join(cache, 'wheels');
  const folder = join(cache, `${name}-${digest.slice(0, 16)}`);
  const python = join(folder, 'bin/python');
  const marker = join(folder, 'installed');
  if (existsSync(marker)) {
    return python;
  }
  console.error(`Python environment "${name}": installing into ${folder}, once`);
  mkdirSync(wheels, { recursive: true });
  rmSync(folder, { recursive: true, force: true });
  await call('python3', ['-m', 'venv', folder]);
  const pip = (...args: string[]): string[] => ['-m', 'pip', ...args, '--quiet', '--disable-pip-version-check'];
  if (bare !== undefined) {
    await call(python, pip('install', '--no-deps', bare));
  }
  if (built !== undefined) {
    const wheel = pip('wheel', '--no-deps', '--find-links', wheels, '--wheel-dir', wheels, built.requirement);
    await call(python, wheel, built.variables);
  }
  await call(python, pip('install', '--find-links', wheels, '--requirement', requirements));
  // Last, so that half an environment is made anew.
  writeFileSync(marker, '');
  return python;
}

async function call(
  command: string,
  args: readonly string[],
  variables: Readonly<Record<string, string>> = {},
): Promise<void> {
  try {
    await promisify(execFile)(command, args, { env: { ...process.env, ...variables } });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      throw new Error(`${command} is not installed`, { cause: error });
    }
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim().split('\n').at(-1) : '';
    throw new Error(`${command} ${args.join(' ')} failed: ${said}`, { cause: error });
  }
}
