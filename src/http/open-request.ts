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
  const tenant = await requireKey(c);
  if (!tenant.ok) {
    return tenant;
  }
  const controls = parseControls(c.req.raw.headers);
  if (!controls.ok) {
    return controls;
  }
  const read = await readJson(c.req.raw, c.get('gateway').settings.limits);
  return read.ok ? succeed({ tenant: tenant.value, controls: controls.value, ...read.value }) : read;
}
