/** What processes have computed, as Linux counts it: other than wall time it does not grow because others are busy. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** Elsewhere than on Linux it is not counted in this way. */
export function isProcessorTimeKnown(): boolean {
  return existsSync('/proc/self/schedstat');
}

/** Process ids of this process's own children of a name, such as `workerd`. */
export function childrenNamed(name: string): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((id) => {
      const found = /^\d+ \((.*)\) \S (\d+)/.exec(read(`/proc/${id}/stat`));
      return found?.[1] === name && Number(found[2]) === process.pid;
    });
}

/** Milliseconds on a processor of all threads that live. */
export function processorMs(id: number): number {
  const tasks = readdirSync(`/proc/${id}/task`);
  return tasks.reduce((sum, task) => sum + Number(read(`/proc/${id}/task/${task}/schedstat`).split(' ')[0]), 0) / 1e6;
}

/** Nothing where the process or thread is gone. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
