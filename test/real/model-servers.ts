/** Model servers that others wrote, as child processes on 127.0.0.1: llama.cpp with a tiny llama, and MLServer with a tiny model. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { toPython } from '../support/node/python-environment.ts';
import { waitFor } from './wait-for.ts';
import { keepLast } from '../support/node/keep-last.ts';

const SERVERS = join(import.meta.dirname, 'servers');
const READY_WITHIN_MS = 120_000;

export const LLAMA = 'tiny-llama';
export const DOUBLER = 'doubler';

export interface ModelServer {
  /** The same after each start. */
  port: number;
  /** Where it answers, such as `http://127.0.0.1:9000`. */
  url: string;
  /** Resolves when it answers; one that runs is killed first. */
  start(): Promise<void>;
  /** At once, with all that is under way. */
  kill(): Promise<void>;
}

/** Installed once; llama.cpp is built, which takes minutes. */
export function toServersPython(): Promise<string> {
  return toPython({
    name: 'real',
    requirements: join(import.meta.dirname, 'requirements.txt'),
    built: {
      requirement: 'llama-cpp-python==0.3.36',
      // A wheel for all processors of this kind, and without what reads images.
      variables: { CMAKE_ARGS: '-DGGML_NATIVE=OFF -DLLAVA_BUILD=OFF' },
    },
  });
}

/** The weights of all llama.cpp servers: so they answer alike. */
export function writeLlama(python: string, folder: string): string {
  const file = join(folder, 'tiny-llama.gguf');
  execFileSync(python, [join(SERVERS, 'write_llama.py'), file], { stdio: 'pipe' });
  return file;
}

/** Answers one request at a time; others wait. */
export function createLlamaServer(python: string, model: string, port: number): ModelServer {
  const options = {
    model,
    model_alias: LLAMA,
    host: '127.0.0.1',
    port,
    n_ctx: 2048,
    n_threads: 1,
    n_threads_batch: 1,
    // Else each new request ends the one before it.
    interrupt_requests: false,
    verbose: false,
  };
  const flags = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
  return createServer(port, '/v1/models', python, ['-m', 'llama_cpp.server', ...flags]);
}

/** `folder`: where its settings are written. */
export function createTensorServer(python: string, folder: string, port: number): ModelServer {
  const settings = {
    host: '127.0.0.1',
    http_port: port,
    // Any that is free: nobody asks there.
    grpc_port: 0,
    metrics_endpoint: null,
    parallel_workers: 0,
    debug: false,
  };
  mkdirSync(folder, { recursive: true });
  cpSync(join(SERVERS, DOUBLER), join(folder, DOUBLER), { recursive: true });
  writeFileSync(join(folder, 'settings.json'), JSON.stringify(settings));
  const command = join(dirname(python), 'mlserver');
  return createServer(port, `/v2/models/${DOUBLER}/ready`, command, ['start', folder]);
}

function createServer(port: number, readyPath: string, command: string, args: readonly string[]): ModelServer {
  const url = `http://127.0.0.1:${port}`;
  let child: ChildProcess | null = null;
  const kill = async (): Promise<void> => {
    if (child !== null && child.exitCode === null && child.signalCode === null) {
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    }
  };
  // Also where a signal ends the tests.
  process.once('exit', () => child?.kill('SIGKILL'));
  return {
    port,
    url,
    kill,
    start: async () => {
      await kill();
      const started = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
      child = started;
      const printed = keepLast(started);
      try {
        await waitFor(
          `${command} ${args.join(' ')}: an answer`,
          async () => {
            if (started.exitCode !== null) {
              throw new Error('it ended');
            }
            return answers(`${url}${readyPath}`);
          },
          READY_WITHIN_MS,
        );
      } catch (error) {
        await kill();
        throw new Error(`${String(error)}\n${printed()}`, { cause: error });
      }
    },
  };
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(1000) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}
