/**
 * The Open Inference Protocol (KServe version 2, as Triton speaks it) over models of plain tensors: those of the Worker are answered here, those
 * of origins there. Errors: `{"error": text}`.
 */
import { succeed, type Result } from '../contract/problem.ts';
import type { Tenant } from '../contract/request.ts';
import type { TensorModel } from '../contract/tensors.ts';
import { findTensorModel, infer } from '../gateway.ts';
import { askOrigin } from './ask-origin.ts';
import type { AppContext } from './context.ts';
import { readInfer, readRemoteInfer } from './read-infer.ts';
import { requireKey } from './require-key.ts';
import { respondProblem } from './respond.ts';
import { writeInfer } from './write-infer.ts';

export async function serverMetadata(c: AppContext): Promise<Response> {
  const tenant = await requireKey(c);
  return tenant.ok
    ? c.json({ name: 'perigee', version: '0.1.0', extensions: ['binary_tensor_data'] })
    : respondProblem(c, tenant.problem);
}

export function serverLive(c: AppContext): Response {
  return c.json({ live: true });
}

/** Models load when they are first asked for, so a Worker that runs is ready. */
export function serverReady(c: AppContext): Response {
  return c.json({ ready: true });
}

export async function modelMetadata(c: AppContext): Promise<Response> {
  const found = await findModel(c);
  if (!found.ok) {
    return respondProblem(c, found.problem);
  }
  const { model, tenant } = found.value;
  if (model === 'at an origin') {
    return askOrigin(c, toAddress(c), tenant, { kind: 'metadata' });
  }
  const { name, version, inputs, outputs } = model;
  return c.json({ name, versions: [version], platform: 'onnxruntime_onnx', inputs, outputs });
}

export async function modelReady(c: AppContext): Promise<Response> {
  const found = await findModel(c);
  if (!found.ok) {
    return respondProblem(c, found.problem);
  }
  const { model, tenant } = found.value;
  return model === 'at an origin'
    ? askOrigin(c, toAddress(c), tenant, { kind: 'ready' })
    : c.json({ name: model.name, ready: true });
}

export async function inference(c: AppContext): Promise<Response> {
  // A model that is not there is not worth reading a body for.
  const found = await findModel(c);
  if (!found.ok) {
    return respondProblem(c, found.problem);
  }
  const { model, tenant } = found.value;
  if (model === 'at an origin') {
    const asked = await readRemoteInfer(c.req.raw, c.get('gateway').settings.limits);
    return asked.ok ? askOrigin(c, toAddress(c), tenant, asked.value) : respondProblem(c, asked.problem);
  }
  const read = await readInfer(c.req.raw, c.get('gateway').settings.limits);
  if (!read.ok) {
    return respondProblem(c, read.problem);
  }
  const { inputs, outputs } = read.value;
  const answer = await infer({ ...toAddress(c), inputs, outputs }, model, c.get('ports'), c.get('recorder'));
  if (!answer.ok) {
    return respondProblem(c, answer.problem);
  }
  const response = writeInfer(answer.value, read.value);
  response.headers.set('x-perigee-model-version', answer.value.model.version);
  return response;
}

async function findModel(c: AppContext): Promise<Result<{ model: TensorModel | 'at an origin'; tenant: Tenant }>> {
  const tenant = await requireKey(c);
  if (!tenant.ok) {
    return tenant;
  }
  const model = findTensorModel(toAddress(c), tenant.value, c.get('ports'));
  return model.ok ? succeed({ model: model.value, tenant: tenant.value }) : model;
}

function toAddress(c: AppContext): { model: string; version: string | null } {
  return { model: c.req.param('model') ?? '', version: c.req.param('version') ?? null };
}
