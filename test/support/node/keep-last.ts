/** The end of what a process prints, for an error that says why it failed. */
import type { ChildProcess } from 'node:child_process';

/** At most 4,000 characters. */
export function keepLast(child: ChildProcess): () => string {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      text = (text + chunk.toString()).slice(-4000);
    });
  }
  return () => text;
}
