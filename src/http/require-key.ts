/** Lets a request on only with a key that is known. Keys that cannot be read are not taken for wrong ones: 503. */
import type { Tenant } from '../contract/request.ts';
import { fail, type Result } from '../contract/problem.ts';
import { admit } from '../gateway.ts';
import type { AppContext } from './context.ts';

export async function requireKey(c: AppContext): Promise<Result<Tenant>> {
  try {
    return await admit(bearer(c.req.header('authorization')), c.get('ports'), c.get('recorder'));
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    c.get('recorder').set({ problem: `keys could not be read: ${detail}` });
    return fail({ kind: 'keys-unavailable' });
  }
}

export function bearer(authorization: string | undefined): string | null {
  return /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1] ?? null;
}
