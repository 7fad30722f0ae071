/** A Worker as `wrangler deploy` would upload it. Throws with wrangler's own words where it cannot be built. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { unstable_readConfig as readConfig } from 'wrangler';

const ROOT = join(import.meta.dirname, '..');
const CONFIG = join(ROOT, 'wrangler.toml');

export type WorkerModule =
  | { type: 'ESModule'; path: string; contents: string }
  | { type: 'CompiledWasm'; path: string; contents: Uint8Array<ArrayBuffer> };

/** What a Worker's modules need to run: the entry comes first. */
export interface WorkerBundle {
  modules: WorkerModule[];
  compatibilityDate: string;
  compatibilityFlags: string[];
}

/** `main`: another entry, with the gateway's compatibility date and flags; without it, the gateway itself. */
export function bundleWorker(main: string | null = null): WorkerBundle {
  const { compatibility_date: date, compatibility_flags: flags } = readConfig({ config: CONFIG });
  if (date === undefined) {
    throw new Error('wrangler.toml: expected a compatibility_date, received none');
  }
  const folder = mkdtempSync(join(tmpdir(), 'perigee-bundle-'));
  try {
    const out = join(folder, 'out');
    const config = main === null ? CONFIG : join(folder, 'wrangler.json');
    if (main !== null) {
      const other = { name: 'bundle', main, compatibility_date: date, compatibility_flags: flags };
      writeFileSync(config, JSON.stringify(other));
    }
    build(config, out);
    const entry = main === null ? 'index.js' : basename(main).replace(/\.ts$/, '.js');
    const read = (file: string): Uint8Array<ArrayBuffer> => new Uint8Array(readFileSync(join(out, file)));
    const wasm = readdirSync(out).filter((file) => file.endsWith('.wasm'));
    const modules: WorkerModule[] = [
      { type: 'ESModule', path: 'index.js', contents: new TextDecoder().decode(read(entry)) },
      ...wasm.map((path) => ({ type: 'CompiledWasm' as const, path, contents: read(path) })),
    ];
    return { modules, compatibilityDate: date, compatibilityFlags: [...flags] };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function build(config: string, outdir: string): void {
  const wrangler = join(ROOT, 'node_modules/wrangler/bin/wrangler.js');
  const env = { ...process.env, WRANGLER_SEND_METRICS: 'false', WRANGLER_HIDE_BANNER: 'true', CI: 'true' };
  execFileSync(process.execPath, [wrangler, 'deploy', '--dry-run', '--config', config, '--outdir', outdir], {
    cwd: ROOT,
    env,
    stdio: 'pipe',
  });
}
