/** What every answering route does first: the key before anything is read, then the controls, then the body. */
import type { JsonObject } from '../contract/json.ts';
import { succeed, type Result } from '../contract/problem.ts';
import type { Controls, Tenant } from '../contract/request.ts';
import type { AppContext } from './context.ts';
import { parseControls } from './controls.ts';
import { readJson } from './read-json.ts';
import { requireKey } from './require-key.ts';

export interface OpenedRequest {
  tenant: Tenant;
  controls: Controls;
  raw: string;
  body: JsonObject;
}

export async function openRequest(c: AppContext): Promise<Result<OpenedRequest>> {
  const head = await openHead(c);
  if (!head.ok) {
    return head;
  }
  const read = await readJson(c.req.raw, c.get('gateway').settings.limits);
  return read.ok ? succeed({ ...head.value, ...read.value }) : read;
}

/** Without the body. */
export async function openHead(c: AppContext): Promise<Result<Pick<OpenedRequest, 'tenant' | 'controls'>>> {
  const tenant = await requireKey(c);
  if (!tenant.ok) {
    return tenant;
  }
  const controls = parseControls(c.req.raw.headers);
  return controls.ok ? succeed({ tenant: tenant.value, controls: controls.value }) : controls;
}
