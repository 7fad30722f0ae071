/**
 * Decides who asks, from the credential and the record that its id names. Pure.
 */
import { fail, succeed, type Problem, type Result } from '../contract/problem.ts';
import type { KeyRecord } from '../contract/ports.ts';
import type { Tenant } from '../contract/request.ts';
import type { ApiKey } from './api-key.ts';
import { isSameDigest, sha256Hex } from './digest.ts';

/** Compared with where there is no record, so that an unknown id takes as long as a wrong secret. */
const NO_DIGEST = '0'.repeat(64);

export async function authenticate(key: ApiKey, record: KeyRecord | null): Promise<Result<Tenant>> {
  const isRight = isSameDigest(await sha256Hex(key.secret), record?.digest ?? NO_DIGEST);
  if (record === null || !isRight) {
    return fail({ kind: 'unauthenticated', message: 'Incorrect API key provided.' });
  }
  return succeed({
    id: record.tenant,
    keyId: record.id,
    models: record.models,
    residency: record.residency,
    routing: record.routing ?? null,
  });
}

export function mayUseModel(tenant: Tenant, model: string): boolean {
  return tenant.models === null || tenant.models.includes(model);
}

export function forbidden(model: string): Extract<Problem, { kind: 'forbidden' }> {
  return { kind: 'forbidden', message: `This key may not use the model ${model}.`, param: 'model' };
}
