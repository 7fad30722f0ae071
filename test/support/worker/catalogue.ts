/** Speaks to /admin/origins, as its holder does. For tests in workerd. */
import { env } from 'cloudflare:workers';
import { runDurableObjectAlarm } from 'cloudflare:test';
import { expect } from 'vitest';
import type { CatalogueState } from '../../../src/contract/catalogue.ts';
import { ADMIN_TOKEN, eventually, send, type Sent } from './gateway.ts';

export function adminOrigins(method: string, path = '', body?: unknown): Promise<Sent> {
  return send(`/admin/origins${path}`, {
    method,
    headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

/** Until KV shows what was changed last: an isolate of another test must not find what was there in between. */
export async function publishOrigins(): Promise<void> {
  await runDurableObjectAlarm(env.ORIGIN_CATALOGUE.getByName('catalogue'));
  const { json } = await adminOrigins('GET');
  const shown = await eventually(
    () => env.KV.get<CatalogueState>('catalogue', 'json'),
    (state) => state?.version === json['version'],
  );
  expect(shown?.version).toBe(json['version']);
}
