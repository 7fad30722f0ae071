/** Starts a client's process and hands it plans. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Message } from './serve-plans.ts';

export interface ClientProcess<Plan, Result> {
  /** Of the process. */
  id: number;
  /** One plan at a time. Throws what the client met. */
  run(plan: Plan): Promise<Result>;
  stop(): Promise<void>;
}

/** `file`: in this folder, one that calls `servePlans`. */
export function startClientProcess<Plan extends object, Result>(file: string): ClientProcess<Plan, Result> {
  const child = fork(join(import.meta.dirname, file), { stdio: 'inherit', serialization: 'advanced' });
  const exited = once(child, 'exit');
  return {
    id: child.pid ?? 0,
    run: async (plan) => {
      const answered = once(child, 'message') as Promise<[Message<Result>]>;
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
