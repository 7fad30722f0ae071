/** Starts the client's process and hands it plans. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { LoadPlan, LoadResult } from './load.ts';

export interface LoadClient {
  /** One plan at a time. Throws what the client met. */
  run(plan: LoadPlan): Promise<LoadResult>;
  stop(): Promise<void>;
}

type Message = { ok: true; result: LoadResult } | { ok: false; message: string };

export function startLoadClient(): LoadClient {
  const child = fork(join(import.meta.dirname, 'load-process.ts'), { stdio: 'inherit' });
  const exited = once(child, 'exit');
  return {
    run: async (plan) => {
      const answered = once(child, 'message') as Promise<[Message]>;
      child.send(plan);
      const first = await Promise.race([answered, exited.then(() => null)]);
      if (first === null) {
        throw new Error('the load client ended unexpectedly');
      }
      const [message] = first;
      if (!message.ok) {
        throw new Error(message.message);
      }
      return message.result;
    },
    stop: async () => {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill();
        await exited;
      }
    },
  };
}
