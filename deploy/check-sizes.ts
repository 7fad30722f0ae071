/**
 * Builds the Worker as `wrangler deploy` would, without deploying it, and holds script and assets against their budgets.
 * The platform's own limits are higher (64 MiB of script, 25 MiB a static asset); a budget passed is a decision to take,
 * not an accident to find. Exits with 1 where one is passed.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const MIB = 1024 * 1024;
const BUDGETS = { 'script, MiB': 18.5, 'script gzipped, MiB': 4.7, 'largest asset, MiB': 12, 'all assets, MiB': 76 };

const root = join(import.meta.dirname, '..');

check();

function check(): void {
  const folder = mkdtempSync(join(tmpdir(), 'perigee-sizes-'));
  try {
    const wrangler = join(root, 'node_modules/wrangler/bin/wrangler.js');
    execFileSync(process.execPath, [wrangler, 'deploy', '--dry-run', '--outdir', folder], { cwd: root, stdio: 'pipe' });
    const script = filesUnder(folder).filter((file) => !file.endsWith('.map') && !file.endsWith('README.md'));
    const assets = filesUnder(join(root, '.assets')).map((file) => statSync(file).size);
    const measured = {
      'script, MiB': sum(script.map((file) => statSync(file).size)),
      'script gzipped, MiB': sum(script.map((file) => gzipSync(readFileSync(file)).length)),
      'largest asset, MiB': Math.max(...assets),
      'all assets, MiB': sum(assets),
    };
    for (const [name, budget] of Object.entries(BUDGETS) as [keyof typeof BUDGETS, number][]) {
      const size = measured[name] / MIB;
      const isWithin = size <= budget;
      console.log(`${isWithin ? 'ok  ' : 'OVER'} ${name}: ${size.toFixed(2)} of ${budget}`);
      process.exitCode = isWithin ? process.exitCode : 1;
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
