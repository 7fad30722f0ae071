/** Tensors as the Open Inference Protocol (version 2) speaks of them: named, of one datatype, row-major. */
import type { Json } from './json.ts';
import type { Controls, Place, Tenant } from './request.ts';

/** The protocol's datatypes that are served. FP16, BF16 and BYTES are not. */
export type Datatype =
  | 'BOOL'
  | 'UINT8'
  | 'UINT16'
  | 'UINT32'
  | 'UINT64'
  | 'INT8'
  | 'INT16'
  | 'INT32'
  | 'INT64'
  | 'FP32'
  | 'FP64';

/** BOOL is a Uint8Array of 0 and 1. */
export type TensorValues =
  | Uint8Array<ArrayBuffer>
  | Uint16Array<ArrayBuffer>
  | Uint32Array<ArrayBuffer>
  | BigUint64Array<ArrayBuffer>
  | Int8Array<ArrayBuffer>
  | Int16Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>
  | BigInt64Array<ArrayBuffer>
  | Float32Array<ArrayBuffer>
  | Float64Array<ArrayBuffer>;

export interface Tensor {
  name: string;
  datatype: Datatype;
  shape: readonly number[];
  /** As many as the shape's product. */
  values: TensorValues;
}

/** What a model takes or gives. A dimension of -1 may be any. */
export interface TensorSpec {
  name: string;
  datatype: Datatype;
  shape: readonly number[];
}

export interface TensorModel {
  name: string;
  version: string;
  inputs: readonly TensorSpec[];
  outputs: readonly TensorSpec[];
  /** Of one request's inputs together. */
  maxElements: number;
}

/** An input as a client sent it: numbers, flat or nested as the shape says, or little-endian bytes. */
export interface GivenTensor {
  name: string;
  datatype: string;
  shape: readonly number[];
  data: { kind: 'json'; values: readonly Json[] } | { kind: 'bytes'; bytes: Uint8Array };
}

export interface InferRequest {
  model: string;
  /** Null for the one there is. */
  version: string | null;
  inputs: readonly GivenTensor[];
  /** Names; null for all. */
  outputs: readonly string[] | null;
}

/** What a client asks of a model that an origin serves. */
export type TensorAsk =
  | { kind: 'metadata' }
  | { kind: 'ready' }
  /** `body` as it came: `jsonBytes` of JSON, then tensors; null where all of it is JSON. */
  | { kind: 'infer'; body: Uint8Array<ArrayBuffer>; jsonBytes: number | null };

export interface RemoteTensorRequest {
  id: string;
  model: string;
  /** Null for the one that the origin takes. */
  version: string | null;
  ask: TensorAsk;
  tenant: Tenant;
  controls: Pick<Controls, 'residency' | 'priority' | 'routing'>;
  place: Place;
  signal: AbortSignal;
}

/** An origin's answer, as it came. */
export interface RemoteTensorAnswer {
  origin: string;
  /** Empty for `ready`, which is said by there being an answer. */
  body: Uint8Array<ArrayBuffer>;
  /** Of JSON, where tensors follow; null where all of it is JSON. */
  jsonBytes: number | null;
}
