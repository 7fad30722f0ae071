/** A server as a child process of the benchmark: started, waited for, ended. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { keepLast } from '../support/node/keep-last.ts';

const ROOT = join(import.meta.dirname, '../..');
const READY_WITHIN_MS = 30_000;
const POLL_MS = 50;

export interface ServerProcess {
  /** Of the process. */
  id: number;
  host: string;
  port: number;
  stop(): Promise<void>;
}

/** The simulator, by default without delays: what it takes is Node's HTTP server and a few dozen tokens. `flags`: its own. */
export function startOrigin(port: number, flags: readonly string[] = []): Promise<ServerProcess> {
  const cli = join(ROOT, 'deploy/simulator/cli.ts');
  return start([cli, '--region', 'origin', '--port', String(port), ...flags], port);
}

/** Portkey's own build, on Node as its users run it. */
export function startPortkey(port: number): Promise<ServerProcess> {
  const server = join(ROOT, 'node_modules/@portkey-ai/gateway/build/start-server.js');
  const preloads = [import.meta.resolve('./loopback.ts'), import.meta.resolve('./mutable-headers.ts')];
  return start([...preloads.flatMap((file) => ['--import', file]), server, `--port=${port}`, '--headless'], port);
}

async function start(args: string[], port: number): Promise<ServerProcess> {
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
  const printed = keepLast(child);
  const exited = once(child, 'exit');
  // Also where a signal ends the benchmark.
  process.once('exit', () => child.kill());
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill();
      await exited;
    }
  };
  const isReady = await Promise.race([listens(port), exited.then(() => false)]);
  if (!isReady) {
    await stop();
    throw new Error(`${args.join(' ')}: did not start:\n${printed()}`);
  }
  return { id: child.pid ?? 0, host: '127.0.0.1', port, stop };
}

async function listens(port: number): Promise<boolean> {
  const deadline = Date.now() + READY_WITHIN_MS;
  while (Date.now() < deadline) {
    try {
      const response = await fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(1000) });
      await response.body?.cancel();
      return true;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }
  return false;
}
