/**
 * A key for development: kept beside wrangler's local state, made anew where it no longer works. Only ever sent to the
 * gateway on this machine.
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export async function developmentKey(url: string, adminToken: string, stateFolder: string): Promise<string> {
  const file = join(stateFolder, 'development-key');
  const kept = readKept(file);
  if (kept !== null && (await works(url, kept))) {
    return kept;
  }
  const key = await createKey(url, adminToken, { name: 'development' });
  writeFileSync(file, key, { mode: 0o600 });
  return key;
}

/** What CACHE_KEYS takes. In `stateFolder` it is kept, so that what is cached there can be read after a restart. */
export function developmentCacheKey(stateFolder: string | null = null): string {
  const made = `development:${randomBytes(32).toString('base64')}`;
  if (stateFolder === null) {
    return made;
  }
  const file = join(stateFolder, 'development-cache-key');
  const kept = readKept(file);
  if (kept === null) {
    mkdirSync(stateFolder, { recursive: true });
    writeFileSync(file, made, { mode: 0o600 });
  }
  return kept ?? made;
}

/** Throws where the gateway refuses. */
export async function createKey(url: string, adminToken: string, wish: Record<string, unknown>): Promise<string> {
  const response = await fetch(`${url}/admin/keys`, {
    method: 'POST',
    headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' },
    body: JSON.stringify(wish),
  });
  const body = (await response.json()) as { key?: string };
  if (body.key === undefined) {
    throw new Error(`The gateway made no key: ${response.status} ${JSON.stringify(body)}`);
  }
  return body.key;
}

function readKept(file: string): string | null {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return null;
  }
}

async function works(url: string, key: string): Promise<boolean> {
  const response = await fetch(`${url}/v1/models`, { headers: { authorization: `Bearer ${key}` } });
  await response.body?.cancel();
  return response.ok;
}
