/** The HTTP surface on fakes. `send()` reads the answer to its end, as a client does, and then lets background work run. */
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { JsonObject } from '../../src/contract/json.ts';
import { createApp } from '../../src/http/app.ts';
import type { AppEnv, ModelListing } from '../../src/http/context.ts';
import { createKey, type KeyWish } from '../../src/journey/keys.ts';
import type { Script } from './fake-origin-client.ts';
import { createFakePorts, type FakePorts } from './fake-ports.ts';
import { answerByNumber } from './journey.ts';
import { sampleSettings } from './samples.ts';

export const ADMIN_TOKEN = 'admin-token-of-the-tests';

export interface FakeGateway {
  app: OpenAPIHono<AppEnv>;
  ports: FakePorts;
  createKey: (wish?: Partial<KeyWish>) => Promise<string>;
  send: (path: string, init?: RequestInit) => Promise<Sent>;
  /** With a key of its own, as JSON unless the body is a text already. */
  post: (path: string, body: JsonObject | string, headers?: Record<string, string>) => Promise<Sent>;
}

export interface Sent {
  status: number;
  headers: Headers;
  text: string;
  /** An empty object for anything but JSON. */
  json: Record<string, unknown>;
}

export interface FakeGatewayOptions {
  script?: Script;
  vars?: Readonly<Record<string, unknown>>;
  warnings?: readonly string[];
}

const LISTINGS: ModelListing[] = [
  { id: 'minilm', ownedBy: 'perigee', createdAt: 1_700_000_000_500, details: { dimensions: 384 } },
  { id: 'small', ownedBy: 'origin', createdAt: 0, details: { origins: ['near', 'far'] } },
  { id: 'meta/large', ownedBy: 'origin', createdAt: 0, details: { origins: ['far'] } },
  { id: 'auto', ownedBy: 'perigee', createdAt: 0, details: { runs: 'an alias' }, standsFor: ['small', 'meta/large'] },
];

export function createFakeGateway({
  script = answerByNumber,
  vars = {},
  warnings = [],
}: FakeGatewayOptions = {}): FakeGateway {
  const settings = sampleSettings({ ADMIN_TOKEN, ...vars });
  const ports = createFakePorts(script, settings);
  const app = createApp({
    settings,
    warnings: () => warnings,
    assets: { fetch: (url) => Promise.resolve(toAsset(url)) },
    portsFor: () => ports,
    models: () => LISTINGS,
  });
  const gateway: FakeGateway = {
    app,
    ports,
    createKey: async (wish = {}) => (await createKey({ name: 'test', tenant: 'alice', ...wish }, ports)).text,
    send: async (path, init = {}) => {
      const request = Object.assign(new Request(`http://localhost${path}`, init), { cf: PLACE });
      const response = await app.request(request, undefined, {}, CONTEXT);
      const text = await response.text();
      await ports.settle();
      const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
      return {
        status: response.status,
        headers: response.headers,
        text,
        json: isJson ? (JSON.parse(text) as Sent['json']) : {},
      };
    },
    post: async (path, body, headers = {}) =>
      gateway.send(path, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${await gateway.createKey()}`,
          'content-type': 'application/json',
          ...headers,
        },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
  };
  return gateway;
}

function toAsset(url: string): Response {
  return url === 'https://assets.local/docs/swagger-ui.css'
    ? new Response('body {}', { headers: { 'content-type': 'text/css' } })
    : new Response('no such file', { status: 404 });
}

/** At the origin that is `near`. */
const PLACE = { colo: 'DUB', latitude: '0', longitude: '0' };

/** Background work goes to the fake ports instead. */
export const CONTEXT = {
  waitUntil: () => {
    throw new Error('work is to start by ports.background() alone');
  },
  passThroughOnException: () => undefined,
  props: {},
} as unknown as ExecutionContext;
