/** Has an origin answer what is asked of a model of tensors, and passes the answer on as it came. */
import type { RemoteTensorAnswer, RemoteTensorRequest, TensorAsk } from '../contract/tensors.ts';
import type { Tenant } from '../contract/request.ts';
import { forwardTensors } from '../journey/forward-tensors.ts';
import type { AppContext } from './context.ts';
import { parseControls } from './controls.ts';
import { toPlace } from './place.ts';
import { LENGTH_HEADER } from './read-infer.ts';
import { respondProblem } from './respond.ts';

/** It becomes a step of a path. */
const VERSION = /^\w[\w.-]{0,63}$/;

export async function askOrigin(
  c: AppContext,
  { model, version }: Pick<RemoteTensorRequest, 'model' | 'version'>,
  tenant: Tenant,
  ask: TensorAsk,
): Promise<Response> {
  if (version !== null && !VERSION.test(version)) {
    return respondProblem(c, { kind: 'model-not-found', model: `${model}/versions/${version.slice(0, 80)}` });
  }
  const controls = parseControls(c.req.raw.headers);
  if (!controls.ok) {
    return respondProblem(c, controls.problem);
  }
  const request: RemoteTensorRequest = {
    id: c.get('requestId'),
    model,
    version,
    ask,
    tenant,
    controls: controls.value,
    place: toPlace(c.req.raw),
    signal: c.req.raw.signal,
  };
  const answered = await forwardTensors(request, c.get('ports'), c.get('gateway').settings, c.get('recorder'));
  return answered.ok ? respondTensors(answered.value, request) : respondProblem(c, answered.problem);
}

function respondTensors(
  { origin, body, jsonBytes }: RemoteTensorAnswer,
  { model, ask }: Pick<RemoteTensorRequest, 'model' | 'ask'>,
): Response {
  return new Response(ask.kind === 'ready' ? JSON.stringify({ name: model, ready: true }) : body, {
    headers: {
      'content-type': jsonBytes === null ? 'application/json' : 'application/octet-stream',
      ...(jsonBytes === null ? {} : { [LENGTH_HEADER]: String(jsonBytes) }),
      'x-perigee-origin': origin,
    },
  });
}
