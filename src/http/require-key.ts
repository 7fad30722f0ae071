/** Lets a request on only with a key that is known. Keys that cannot be read are not taken for wrong ones: 503. */
import type { Tenant } from '../contract/request.ts';
import { fail, type Result } from '../contract/problem.ts';
import { admit } from '../gateway.ts';
import type { AppContext } from './context.ts';
import { describeStoreFault } from './describe-fault.ts';

export async function requireKey(c: AppContext): Promise<Result<Tenant>> {
  const authorization = c.req.header('authorization');
  const credential = bearer(authorization);
  if (authorization !== undefined && credential === null) {
    return fail({ kind: 'unauthenticated', message: 'authorization: expected "Bearer" and an API key.' });
  }
  try {
    return await admit(credential, c.get('ports'), c.get('recorder'));
  } catch (error) {
    c.get('recorder').set({ problem: `keys could not be read: ${describeStoreFault(error)}` });
    return fail({ kind: 'keys-unavailable' });
  }
}

export function bearer(authorization: string | undefined): string | null {
  return /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1] ?? null;
}
