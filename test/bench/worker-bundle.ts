/** The Worker as `wrangler deploy` would upload it, built once a run. Throws with wrangler's own words where it fails. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

export type WorkerModule =
  | { type: 'ESModule'; path: string; contents: string }
  | { type: 'CompiledWasm'; path: string; contents: Uint8Array<ArrayBuffer> };

/** The entry comes first. */
export function bundleWorker(): WorkerModule[] {
  const folder = mkdtempSync(join(tmpdir(), 'perigee-bench-'));
  try {
    const wrangler = join(ROOT, 'node_modules/wrangler/bin/wrangler.js');
    const env = { ...process.env, WRANGLER_SEND_METRICS: 'false', WRANGLER_HIDE_BANNER: 'true', CI: 'true' };
    execFileSync(process.execPath, [wrangler, 'deploy', '--dry-run', '--outdir', folder], {
      cwd: ROOT,
      env,
      stdio: 'pipe',
    });
    const read = (file: string): Uint8Array<ArrayBuffer> => new Uint8Array(readFileSync(join(folder, file)));
    const wasm = readdirSync(folder).filter((file) => file.endsWith('.wasm'));
    return [
      { type: 'ESModule', path: 'index.js', contents: new TextDecoder().decode(read('index.js')) },
      ...wasm.map((path) => ({ type: 'CompiledWasm' as const, path, contents: read(path) })),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
