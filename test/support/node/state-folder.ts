/** A folder for what miniflare keeps while a benchmark runs: in memory where there is such a place, and gone with the process. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Miniflare's KV lies in files and writes each entry through to the disk on workerd's only thread: some 5 ms that no
 * deployed Worker spends. In memory it is below 1 ms.
 */
const MEMORY_FOLDERS = ['/dev/shm'];

export interface StateFolder {
  path: string;
  remove: () => void;
}

export function createStateFolder(prefix: string): StateFolder {
  const path = mkdtempSync(join(MEMORY_FOLDERS.find(existsSync) ?? tmpdir(), prefix));
  const remove = (): void => rmSync(path, { recursive: true, force: true });
  // Also where a signal ends the benchmark.
  process.once('exit', remove);
  return { path, remove };
}
