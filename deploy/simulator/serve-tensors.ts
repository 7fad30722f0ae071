/** What a simulator answers under /v2, as Triton does: health, metadata, readiness, and inference of {@link TENSOR_MODEL}. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Exchange } from './exchange.ts';
import type { BreakingFault } from './faults.ts';
import type { Region } from './inference.ts';
import { arrive, withSlot } from './inference.ts';
import { misbehave } from './misbehave.ts';
import { addTensors, TENSOR_METADATA, TENSOR_MODEL } from './tensors.ts';

const LENGTH_HEADER = 'inference-header-content-length';

const MODEL_ROUTE = /^(GET|POST) \/v2\/models\/([^/]+)(?:\/versions\/([^/]+))?(\/infer|\/ready)?$/;

export interface TensorRequest {
  /** Method and path. */
  route: string;
  body: Uint8Array;
  headers: IncomingHttpHeaders;
}

export async function serveTensors(
  region: Region,
  exchange: Exchange,
  { route, body, headers }: TensorRequest,
): Promise<void> {
  if (route === 'GET /v2/health/live' || route === 'GET /v2/health/ready') {
    return exchange.answer({ status: 200, contentType: 'text/plain', body: '' });
  }
  const [, method, model, version = '1', action] = MODEL_ROUTE.exec(route) ?? [];
  if (model !== TENSOR_MODEL || version !== '1' || (method === 'POST') !== (action === '/infer')) {
    return refuse(exchange, 400, `Request for unknown model: '${model}' version ${version} is not found`);
  }
  const arrived = await arrive(region, exchange, String(body.length), headers['x-sim-fault']?.toString());
  if (arrived === null) {
    return;
  }
  const { fault } = arrived;
  if (fault?.kind === 'status') {
    return refuse(exchange, fault.status, `Simulated error ${fault.status}.`, fault.retryAfterSeconds);
  }
  if (fault?.kind === 'garbage') {
    return exchange.json('{"model_name":"sim-add","outputs":[{"name":');
  }
  if (fault !== null && (await misbehave(exchange, fault, false))) {
    return;
  }
  if (action === '/ready') {
    return exchange.answer({ status: 200, contentType: 'text/plain', body: '' });
  }
  if (action === undefined) {
    return exchange.json(JSON.stringify(TENSOR_METADATA));
  }
  await withSlot({ region, exchange }, TENSOR_MODEL, () => run(exchange, body, headers, fault));
}

async function run(
  exchange: Exchange,
  body: Uint8Array,
  headers: IncomingHttpHeaders,
  fault: BreakingFault | null,
): Promise<void> {
  const length = headers[LENGTH_HEADER];
  const added = addTensors({ bytes: body, jsonBytes: length === undefined ? null : Number(length) });
  if (!added.ok) {
    return refuse(exchange, 400, added.message);
  }
  const { bytes, jsonBytes } = added.answer;
  const head = {
    'content-type': jsonBytes === null ? 'application/json' : 'application/octet-stream',
    ...(jsonBytes === null ? {} : { [LENGTH_HEADER]: String(jsonBytes) }),
  };
  if (fault?.kind === 'cut' || fault?.kind === 'stall') {
    if (fault.afterTokens > 0) {
      exchange.begin(200, { ...head, 'content-length': bytes.length });
      await exchange.write(bytes.subarray(0, Math.floor(bytes.length / 2)));
    }
    return fault.kind === 'cut' ? exchange.cut() : exchange.stall();
  }
  return exchange.answer({ status: 200, contentType: head['content-type'], body: bytes, headers: head });
}

function refuse(exchange: Exchange, status: number, error: string, retryAfterSeconds?: number): Promise<void> {
  return exchange.answer({
    status,
    contentType: 'application/json',
    body: JSON.stringify({ error }),
    ...(retryAfterSeconds === undefined ? {} : { headers: { 'retry-after': String(retryAfterSeconds) } }),
  });
}
