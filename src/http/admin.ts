/** /admin/keys: creates, lists and revokes API keys, for the holder of ADMIN_TOKEN. A key's secret is shown once. */
import { fail, type Result } from '../contract/problem.ts';
import { createKey, isAdmin, listKeys, revokeKey } from '../journey/keys.ts';
import type { AppContext } from './context.ts';
import { describeStoreFault } from './describe-fault.ts';
import { readJson } from './read-json.ts';
import { bearer } from './require-key.ts';
import { respondProblem } from './respond.ts';
import { keyRequest } from './schemas.ts';
import { shorten } from './shorten.ts';
import { validate } from './validate.ts';

export type Handler = (c: AppContext) => Promise<Response>;

export const postKey: Handler = guarded(async (c) => {
  const read = await readJson(c.req.raw, c.get('gateway').settings.limits);
  const valid = read.ok ? validate(keyRequest, read.value.body) : read;
  if (!valid.ok) {
    return respondProblem(c, valid.problem);
  }
  const { text, record } = await createKey(valid.value, c.get('ports'));
  return c.json({ key: text, ...record }, 201);
});

export const getKeys: Handler = guarded(async (c) => c.json({ object: 'list', data: await listKeys(c.get('ports')) }));

export const deleteKey: Handler = guarded(async (c) => {
  const id = c.req.param('id') ?? '';
  // No other text is an id, and KV refuses names over 512 bytes.
  return /^[0-9a-f]{16}$/.test(id) && (await revokeKey(id, c.get('ports')))
    ? c.json({ id, revoked: true })
    : respondProblem(c, { kind: 'not-found', message: `There is no key ${JSON.stringify(shorten(id))}.` });
});

/** For the holder of ADMIN_TOKEN alone. */
export function guarded(handle: Handler): Handler {
  return async (c) => {
    const admitted = await requireAdmin(c);
    if (!admitted.ok) {
      return respondProblem(c, admitted.problem);
    }
    try {
      return await handle(c);
    } catch (error) {
      c.get('recorder').set({ problem: `keys: ${describeStoreFault(error)}` });
      return respondProblem(c, { kind: 'keys-unavailable' });
    }
  };
}

async function requireAdmin(c: AppContext): Promise<Result<null>> {
  const { adminToken } = c.get('gateway').settings;
  const token = bearer(c.req.header('authorization'));
  const isRight = token !== null && adminToken !== null && (await isAdmin(token, adminToken));
  return isRight
    ? { ok: true, value: null }
    : fail({ kind: 'unauthenticated', message: 'The admin token is missing or wrong.' });
}
