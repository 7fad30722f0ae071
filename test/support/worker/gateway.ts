/** Speaks to the Worker as a client does, and to the simulated origins behind it. For tests in workerd. */
import { env, exports } from 'cloudflare:workers';

export const ADMIN_TOKEN = 'admin-token-of-the-tests';

export interface Sent {
  status: number;
  headers: Headers;
  text: string;
  json: Record<string, unknown>;
}

export async function send(path: string, init: RequestInit = {}): Promise<Sent> {
  const response = await fetchGateway(path, init);
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json') ?? false;
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: isJson ? (JSON.parse(text) as Record<string, unknown>) : {},
  };
}

/** Where `us-east` is. */
const PLACE = { colo: 'IAD', country: 'US', latitude: '38.94', longitude: '-77.45' };

export function fetchGateway(path: string, init: RequestInit = {}): Promise<Response> {
  return exports.default.fetch(new Request(`https://gateway.test${path}`, { ...init, cf: PLACE }));
}

export async function createKey(wish: Record<string, unknown> = {}): Promise<string> {
  const { json } = await send('/admin/keys', {
    method: 'POST',
    headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'test', ...wish }),
  });
  return String(json['key']);
}

/** A client with a tenant of its own, so that no other test's cache is seen. */
export async function createClient(
  tenant: string,
): Promise<(path: string, body: unknown, headers?: Record<string, string>) => Promise<Sent>> {
  const key = await createKey({ tenant });
  return (path, body, headers = {}) => send(path, post(key, body, headers));
}

export function post(key: string, body: unknown, headers: Record<string, string> = {}): RequestInit {
  return {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  };
}

export function chat(question: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  return { model: 'sim-small', messages: [{ role: 'user', content: question }], ...more };
}

/** The message of the first choice, and of an error. */
export function contentOf({ json }: Sent): string {
  const [choice] = json['choices'] as { message: { content: string } }[];
  return choice?.message.content ?? '';
}

export function errorOf({ json }: Sent): { message: string; type: string; param: string | null; code: string | null } {
  return json['error'] as ReturnType<typeof errorOf>;
}

/** Where each simulated origin is reached. */
function simulatorUrl(origin: string): string {
  const origins = (env as unknown as { ORIGINS: { id: string; url: string }[] }).ORIGINS;
  const url = origins.find(({ id }) => id === origin)?.url ?? '';
  return new URL(url).origin;
}

/** Of the simulated origin. */
export function portOf(origin: string): number {
  return Number(new URL(simulatorUrl(origin)).port);
}

export async function setFaults(origin: string, faults: unknown[]): Promise<void> {
  const response = await fetch(`${simulatorUrl(origin)}/simulator/faults`, {
    method: 'POST',
    body: JSON.stringify(faults),
  });
  await response.body?.cancel();
}

export async function resetOrigins(): Promise<void> {
  for (const origin of ['us-east', 'eu-west', 'ap-southeast']) {
    const response = await fetch(`${simulatorUrl(origin)}/simulator/reset`, { method: 'POST' });
    await response.body?.cancel();
  }
}

export interface OriginStats {
  requests: number;
  running: number;
  aborted: number;
  faulted: number;
  completionTokens: number;
  lastRequest?: { path: string; headers: Record<string, string>; body: string };
}

export async function statsOf(origin: string): Promise<OriginStats> {
  const response = await fetch(`${simulatorUrl(origin)}/simulator/stats`);
  return response.json();
}

/** Background work of an answer (storing it) goes on after it left: asks until it shows. Bounded. */
export async function eventually<T>(ask: () => Promise<T>, isRight: (value: T) => boolean): Promise<T> {
  let value = await ask();
  for (let tries = 0; tries < 100 && !isRight(value); tries += 1) {
    await scheduler.wait(20);
    value = await ask();
  }
  return value;
}

/** Ten answers: breakers are closed by one, and ten requests earn a retry. For origins without faults, and what the cache does not answer. */
export async function recover(ask: () => Promise<Sent>): Promise<void> {
  await eventually(ask, ({ status }) => status === 200);
  for (let count = 0; count < 10; count += 1) {
    await ask();
  }
}

/** Asks the cache alone, so that the asking itself stores nothing. */
export const ONLY_STORED = { 'cache-control': 'only-if-cached' };

/** Asks until the answer is stored, and gives it. `ask` carries ONLY_STORED. */
export function untilStored(ask: () => Promise<Sent>): Promise<Sent> {
  return eventually(ask, ({ status }) => status === 200);
}
