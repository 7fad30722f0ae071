/**
 * Starts the Worker under `wrangler dev` as a child process and waits until it answers. Vars given here win over those
 * of wrangler.toml, and lie in a file that only its owner can read. Used by `npm start`, tests and benchmarks.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const READY_WITHIN_MS = 120_000;
const POLL_MS = 200;

export interface GatewayProcess {
  url: string;
  /** Settles with the exit code when wrangler ends, whoever ended it. */
  exited: Promise<number>;
  stop(): Promise<void>;
}

export interface GatewayProcessOptions {
  port: number;
  vars: Readonly<Record<string, string>>;
  /** Where KV keeps its data. */
  stateFolder: string;
  /** Passes wrangler's output on to this process's own. */
  isVerbose: boolean;
}

/** Throws where wrangler ends, or does not answer in time, with what it printed. */
export async function startGateway({
  port,
  vars,
  stateFolder,
  isVerbose,
}: GatewayProcessOptions): Promise<GatewayProcess> {
  mkdirSync(stateFolder, { recursive: true });
  const varsFile = join(stateFolder, 'start.vars');
  writeFileSync(varsFile, toVarsFile(vars), { mode: 0o600 });
  const child = spawn(process.execPath, wranglerArguments(port, stateFolder, varsFile), {
    cwd: ROOT,
    env: { ...process.env, WRANGLER_SEND_METRICS: 'false', WRANGLER_HIDE_BANNER: 'true' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const printed = collect(child, isVerbose);
  const exited = new Promise<number>((resolve) => {
    child.once('exit', (code) => resolve(code ?? 0));
  });
  const gateway = { url: `http://127.0.0.1:${port}`, exited, stop: () => stop(child, exited) };
  const isReady = await Promise.race([becomesReady(gateway.url), exited.then(() => false)]);
  // wrangler may end although something answers: another server that holds the port.
  if (!isReady || child.exitCode !== null) {
    await gateway.stop();
    throw new Error(`wrangler dev did not start:\n${printed().slice(-4000)}`);
  }
  return gateway;
}

function wranglerArguments(port: number, stateFolder: string, varsFile: string): string[] {
  const wrangler = join(ROOT, 'node_modules/wrangler/bin/wrangler.js');
  const flags = {
    ip: '127.0.0.1',
    port,
    'inspector-port': 0,
    'persist-to': stateFolder,
    'env-file': varsFile,
    'log-level': 'log',
  };
  return [
    wrangler,
    'dev',
    '--show-interactive-dev-session=false',
    ...Object.entries(flags).map(([flag, value]) => `--${flag}=${value}`),
  ];
}

/** A value stands between quotes that it does not hold. Throws for one that holds all of them. */
function toVarsFile(vars: Readonly<Record<string, string>>): string {
  return Object.entries(vars)
    .map(([name, value]) => {
      const quote = ["'", '`', '"'].find((mark) => !value.includes(mark));
      if (quote === undefined) {
        throw new Error(`${name}: expected a value without one of ', " and \`, received one with all of them`);
      }
      return `${name}=${quote}${value}${quote}\n`;
    })
    .join('');
}

function collect(child: ChildProcess, isVerbose: boolean): () => string {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      text = (text + chunk.toString()).slice(-20_000);
      if (isVerbose) {
        process.stdout.write(chunk);
      }
    });
  }
  return () => text;
}

async function becomesReady(url: string): Promise<boolean> {
  const deadline = Date.now() + READY_WITHIN_MS;
  while (Date.now() < deadline) {
    try {
      const response = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(2000) });
      await response.body?.cancel();
      if (response.ok) {
        return true;
      }
    } catch {
      // Not listening yet.
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  return false;
}

/** wrangler ends workerd itself when it is asked to end. */
async function stop(child: ChildProcess, exited: Promise<number>): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    child.kill('SIGTERM');
    const force = setTimeout(() => child.kill('SIGKILL'), 5000);
    await exited;
    clearTimeout(force);
  }
}
