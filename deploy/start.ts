/**
 * `npm start`: the gateway in workerd on http://127.0.0.1:8787, with a simulator for each origin of wrangler.toml that
 * lies on this machine. Bad settings stop it with one line before anything is started.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { parseArgs, parseEnv } from 'node:util';
import { unstable_readConfig as readConfig } from 'wrangler';
import type { Origin } from '../src/contract/origin.ts';
import { parseSettings } from '../src/settings.ts';
import { SettingsError } from '../src/settings-error.ts';
import { developmentCacheKey, developmentKey } from './development-key.ts';
import { startGateway } from './gateway-process.ts';
import { startSimulator, type Simulator } from './simulator/server.ts';

const ROOT = join(import.meta.dirname, '..');
const LOCAL_HOSTS = new Set(['127.0.0.1', 'localhost', '[::1]']);
/** One-way delays that the simulated regions stand at, in order. */
const NETWORK_DELAYS_MS = [5, 40, 90];

async function main(): Promise<void> {
  try {
    const port = parsePort(parseArgs({ options: { port: { type: 'string', default: '8787' } } }).values.port);
    const secrets = readSecrets();
    const { vars: plain, ai } = readConfig({ config: join(ROOT, 'wrangler.toml') });
    const vars = { ...plain, ...secrets, ...(ai === undefined ? {} : { [ai.binding]: ai }) };
    const { origins } = parseSettings(vars);
    await requireFree(port, 'the gateway');
    await run(origins, secrets, port);
  } catch (error) {
    const isExpected = error instanceof SettingsError || error instanceof StartError;
    console.error(isExpected ? error.message : error);
    process.exitCode = 1;
  }
}

/** What an operator can mend, told in one line. */
class StartError extends Error {}

function parsePort(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) < 1 || Number(text) > 65_535) {
    throw new StartError(`Perigee cannot start: --port: expected 1 to 65535, received ${text}`);
  }
  return Number(text);
}

/** Asked first: whoever else listens there would be taken for the gateway. */
async function requireFree(port: number, user: string): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', () => reject(new StartError(`Perigee cannot start: port ${port} of ${user} is taken`)));
    server.listen(port, '127.0.0.1', resolve);
  });
  await new Promise((resolve) => server.close(resolve));
}

async function run(origins: readonly Origin[], secrets: Readonly<Record<string, string>>, port: number): Promise<void> {
  const adminToken = secrets['ADMIN_TOKEN'] ?? randomBytes(24).toString('hex');
  const stateFolder = join(ROOT, '.wrangler/start');
  const simulators = await startSimulators(origins);
  const stopAll = async (): Promise<void> => {
    await Promise.all(simulators.map((simulator) => simulator.close()));
  };
  try {
    const gateway = await startGateway({
      port,
      vars: { CACHE_KEYS: developmentCacheKey(stateFolder), ...secrets, ADMIN_TOKEN: adminToken },
      stateFolder,
      isVerbose: true,
    });
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => void gateway.stop());
    }
    const key = await developmentKey(gateway.url, adminToken, stateFolder);
    console.log(greeting(gateway.url, key, origins, simulators));
    await gateway.exited;
  } finally {
    await stopAll();
  }
}

/** Secrets for development, in wrangler's own file; git ignores it. */
function readSecrets(): Record<string, string> {
  const file = join(ROOT, '.dev.vars');
  return existsSync(file)
    ? Object.fromEntries(Object.entries(parseEnv(readFileSync(file, 'utf8'))).map(([k, v]) => [k, v ?? '']))
    : {};
}

async function startSimulators(origins: readonly Origin[]): Promise<Simulator[]> {
  const local = origins.filter(({ url }) => url !== '' && LOCAL_HOSTS.has(new URL(url).hostname));
  for (const { id, url } of local) {
    await requireFree(Number(new URL(url).port), `origin ${id}`);
  }
  return Promise.all(
    local.map((origin, place) =>
      startSimulator({
        region: origin.id,
        models: origin.models.map(({ id }) => id),
        port: Number(new URL(origin.url).port),
        networkDelayMs: NETWORK_DELAYS_MS[place % NETWORK_DELAYS_MS.length] ?? 0,
        ttftMs: 150,
        msPerToken: 15,
        jitter: 0.2,
        prefixCacheTokens: 100_000,
      }),
    ),
  );
}

function greeting(url: string, key: string, origins: readonly Origin[], simulators: readonly Simulator[]): string {
  const [model = ''] = origins.flatMap(({ models }) => models.map(({ id }) => id));
  const simulated = new Set(simulators.map(({ region }) => region));
  const body = JSON.stringify({ model, messages: [{ role: 'user', content: 'What is the capital of France?' }] });
  return [
    '',
    `Perigee listens on ${url}  (docs: ${url}/docs)`,
    ...origins.map(({ id, url: at }) => `  origin ${id} at ${at}${simulated.has(id) ? ' (simulator)' : ''}`),
    '',
    `Development key: ${key}`,
    '',
    'Ask it something, twice:',
    '',
    `curl -i ${url}/v1/chat/completions -H 'authorization: Bearer ${key}' -H 'content-type: application/json' -d '${body}'`,
    '',
  ].join('\n');
}

await main();
