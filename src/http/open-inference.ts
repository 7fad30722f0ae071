/** The Open Inference Protocol (KServe version 2, as Triton speaks it) over models of plain tensors. Errors: `{"error": text}`. */
import type { Result } from '../contract/problem.ts';
import type { TensorModel } from '../contract/tensors.ts';
import { findTensorModel, infer } from '../gateway.ts';
import type { AppContext } from './context.ts';
import { readInfer } from './read-infer.ts';
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
  const model = await findModel(c);
  if (!model.ok) {
    return respondProblem(c, model.problem);
  }
  const { name, version, inputs, outputs } = model.value;
  return c.json({ name, versions: [version], platform: 'onnxruntime_onnx', inputs, outputs });
}

export async function modelReady(c: AppContext): Promise<Response> {
  const model = await findModel(c);
  return model.ok ? c.json({ name: model.value.name, ready: true }) : respondProblem(c, model.problem);
}

export async function inference(c: AppContext): Promise<Response> {
  const tenant = await requireKey(c);
  if (!tenant.ok) {
    return respondProblem(c, tenant.problem);
  }
  const ports = c.get('ports');
  // A model that is not there is not worth reading a body for.
  const found = findTensorModel(toAddress(c), tenant.value, ports);
  if (!found.ok) {
    return respondProblem(c, found.problem);
  }
  const read = await readInfer(c.req.raw, c.get('gateway').settings.limits);
  if (!read.ok) {
    return respondProblem(c, read.problem);
  }
  const { inputs, outputs } = read.value;
  const answer = await infer({ ...toAddress(c), inputs, outputs }, tenant.value, ports, c.get('recorder'));
  if (!answer.ok) {
    return respondProblem(c, answer.problem);
  }
  const response = writeInfer(answer.value, read.value);
  response.headers.set('x-perigee-model-version', answer.value.model.version);
  return response;
}

async function findModel(c: AppContext): Promise<Result<TensorModel>> {
  const tenant = await requireKey(c);
  return tenant.ok ? findTensorModel(toAddress(c), tenant.value, c.get('ports')) : tenant;
}

function toAddress(c: AppContext): { model: string; version: string | null } {
  return { model: c.req.param('model') ?? '', version: c.req.param('version') ?? null };
}
