/** Turns what is asked of a model of tensors into the call that an origin gets: the client's bytes, and headers of our own. Pure. */
import type { Origin, OriginCall } from '../../contract/origin.ts';
import type { OriginSettings } from '../../contract/settings.ts';
import type { RemoteTensorRequest, TensorAsk } from '../../contract/tensors.ts';

const PATHS: Record<TensorAsk['kind'], string> = { infer: '/infer', metadata: '', ready: '/ready' };

export function toTensorCall(
  { id, model, version, ask }: Pick<RemoteTensorRequest, 'id' | 'model' | 'version' | 'ask'>,
  { url, apiKey }: Pick<Origin, 'url' | 'apiKey'>,
  {
    firstByteTimeoutMs,
    idleTimeoutMs,
    totalTimeoutMs,
  }: Pick<OriginSettings, 'firstByteTimeoutMs' | 'idleTimeoutMs' | 'totalTimeoutMs'>,
): OriginCall {
  const versioned = version === null ? '' : `/versions/${encodeURIComponent(version)}`;
  return {
    protocol: 'kserve',
    url: `${url.replace(/\/+$/, '')}/models/${encodeURIComponent(model)}${versioned}${PATHS[ask.kind]}`,
    headers: {
      ...(ask.kind === 'infer' ? toContentHeaders(ask.jsonBytes) : {}),
      accept: '*/*',
      'x-request-id': id,
      ...(apiKey === null ? {} : { authorization: `Bearer ${apiKey}` }),
    },
    body: ask.kind === 'infer' ? ask.body : null,
    connectMs: null,
    deadlineMs: ask.kind === 'infer' ? totalTimeoutMs : firstByteTimeoutMs,
    idleTimeoutMs,
  };
}

function toContentHeaders(jsonBytes: number | null): Record<string, string> {
  return jsonBytes === null
    ? { 'content-type': 'application/json' }
    : { 'content-type': 'application/octet-stream', 'inference-header-content-length': String(jsonBytes) };
}
