/**
 * Reads what an origin answered for a model of tensors, wholly, so that a broken answer can still be asked for elsewhere. It is passed on as it
 * came; it is looked into as far as tells an answer from something else.
 */
import { isJsonObject, type JsonObject } from '../../contract/json.ts';
import { OriginFault, type OriginReply } from '../../contract/origin.ts';
import type { RemoteTensorAnswer, TensorAsk } from '../../contract/tensors.ts';
import { discard } from '../discard.ts';
import { describeError, readError } from '../openai-error.ts';
import { parseObject } from '../parse-object.ts';

/** Of what describes a model. */
const MAX_METADATA_BYTES = 262_144;

/** Longer JSON is looked at from both ends alone: parsed, numbers take several times their bytes. */
const MAX_PARSED_BYTES = 1_048_576;

type Answer = Pick<RemoteTensorAnswer, 'body' | 'jsonBytes'>;

/** Throws an {@link OriginFault}: what reading throws, `too-large`, or `garbage`. */
export async function readTensorAnswer(
  reply: Pick<OriginReply, 'bytes' | 'reader' | 'jsonLength' | 'contentType'>,
  kind: TensorAsk['kind'],
  { maxBytes }: { maxBytes: number },
): Promise<Answer> {
  if (kind === 'ready') {
    await discard(reply.reader());
    return { body: new Uint8Array(), jsonBytes: null };
  }
  const limit = kind === 'metadata' ? Math.min(maxBytes, MAX_METADATA_BYTES) : maxBytes;
  const body = await reply.bytes(limit);
  if (body === null) {
    throw new OriginFault('too-large', `the answer is longer than ${limit} bytes`);
  }
  const jsonBytes = kind === 'infer' ? toJsonBytes(reply, body.length) : null;
  checkJson(body.subarray(0, jsonBytes ?? body.length), kind, jsonBytes === null ? null : body.length - jsonBytes);
  return { body, jsonBytes };
}

function toJsonBytes(
  { jsonLength, contentType }: Pick<OriginReply, 'jsonLength' | 'contentType'>,
  length: number,
): number | null {
  if (jsonLength === null) {
    if (contentType !== 'application/json') {
      throw new OriginFault('garbage', 'tensors without the length of their JSON');
    }
    return null;
  }
  if (!/^\d{1,9}$/.test(jsonLength) || Number(jsonLength) > length) {
    throw new OriginFault('garbage', `the length of the JSON is none of 0 to ${length}`);
  }
  return Number(jsonLength);
}

/** `tensorBytes`: how many follow the JSON; null where none may. */
function checkJson(bytes: Uint8Array, kind: 'infer' | 'metadata', tensorBytes: number | null): void {
  if (bytes.length > MAX_PARSED_BYTES) {
    const isClosed = firstByte(bytes) === OPENING_BRACE && lastByte(bytes) === CLOSING_BRACE;
    if (!isClosed) {
      throw new OriginFault('garbage', 'the answer is no JSON object');
    }
    return;
  }
  const json = parseObject(new TextDecoder().decode(bytes));
  if (json === null) {
    throw new OriginFault('garbage', 'the answer is no JSON object');
  }
  const error = readError(json, 'server_error');
  if (error !== null) {
    throw new OriginFault('garbage', `an error with a success status: ${describeError(error)}`);
  }
  if (!Array.isArray(json[kind === 'infer' ? 'outputs' : 'inputs'])) {
    throw new OriginFault('garbage', `the answer has no ${kind === 'infer' ? 'outputs' : 'inputs'}`);
  }
  if (kind === 'infer' && countBytes(json) !== (tensorBytes ?? 0)) {
    throw new OriginFault('garbage', `${tensorBytes ?? 0} bytes of tensors, where the JSON names another number`);
  }
}

function countBytes({ outputs }: JsonObject): number {
  const tensors = Array.isArray(outputs) ? outputs.filter(isJsonObject) : [];
  return tensors.reduce((sum, { parameters }) => {
    const size = isJsonObject(parameters) ? parameters['binary_data_size'] : 0;
    return sum + (typeof size === 'number' ? size : 0);
  }, 0);
}

const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;

/** White space of JSON, and what is above it, in bytes. */
function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

function firstByte(bytes: Uint8Array): number | undefined {
  return bytes.find((byte) => !isSpace(byte));
}

function lastByte(bytes: Uint8Array): number | undefined {
  return bytes.findLast((byte) => !isSpace(byte));
}
