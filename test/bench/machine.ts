/** What a reader must know about the machine to read the figures. */
import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

export function describeMachine(): Record<string, string | number> {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    // Well below 1, or others were measured too.
    load_at_start: Math.round((loadavg()[0] ?? 0) * 100) / 100,
    node: process.versions.node,
    // The one that runs Perigee here.
    workerd: versionOf('workerd', join(ROOT, 'node_modules/miniflare')),
    miniflare: versionOf('miniflare'),
  };
}

/** The version that is installed for this project, or for the package in `folder`, which may have its own. */
function versionOf(name: string, folder = ROOT): string {
  const own = join(folder, 'node_modules', name, 'package.json');
  const file = existsSync(own) ? own : join(ROOT, 'node_modules', name, 'package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
