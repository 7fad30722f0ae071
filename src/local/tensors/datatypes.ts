/** The Open Inference Protocol's datatypes: how wide a value is, which values JSON may give for it, and its array. Pure. */
import type { Datatype, TensorValues } from '../../contract/tensors.ts';

interface DatatypeRule {
  bytes: number;
  /** In words, for who sent another. */
  expected: string;
  /** Views on `buffer`, or zeros. */
  create: (source: ArrayBuffer | number) => TensorValues;
  /** Takes a JSON value; false where it is none of this datatype. */
  set: (values: TensorValues, at: number, value: unknown) => boolean;
}

export const DATATYPES: Readonly<Record<Datatype, DatatypeRule>> = {
  BOOL: {
    bytes: 1,
    expected: 'true or false',
    create: (source) => createArray(Uint8Array, source),
    set: (values, at, value) => {
      values[at] = value === true ? 1 : 0;
      return typeof value === 'boolean';
    },
  },
  UINT8: integer(Uint8Array, 0, 0xff),
  UINT16: integer(Uint16Array, 0, 0xffff),
  UINT32: integer(Uint32Array, 0, 0xffff_ffff),
  UINT64: bigInteger(BigUint64Array, 0),
  INT8: integer(Int8Array, -0x80, 0x7f),
  INT16: integer(Int16Array, -0x8000, 0x7fff),
  INT32: integer(Int32Array, -0x8000_0000, 0x7fff_ffff),
  INT64: bigInteger(BigInt64Array, Number.MIN_SAFE_INTEGER),
  FP32: real(Float32Array, 'a number that float32 can hold', (value) => Number.isFinite(Math.fround(value))),
  FP64: real(Float64Array, 'a finite number', Number.isFinite),
};

export function countElements(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

type NumberArray = Exclude<TensorValues, BigInt64Array | BigUint64Array>;

interface ArrayType<T> {
  readonly BYTES_PER_ELEMENT: number;
  new (length: number): T;
  new (buffer: ArrayBuffer): T;
}

/** The overloads of the constructor are one of each. */
function createArray<T>(type: ArrayType<T>, source: ArrayBuffer | number): T {
  return typeof source === 'number' ? new type(source) : new type(source);
}

function integer(type: ArrayType<NumberArray>, min: number, max: number): DatatypeRule {
  return {
    bytes: type.BYTES_PER_ELEMENT,
    expected: `a whole number from ${min} to ${max}`,
    create: (source) => createArray(type, source),
    set: (values, at, value) => {
      if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max) {
        return false;
      }
      values[at] = value;
      return true;
    },
  };
}

/** JSON.parse rounds what is larger than a safe integer, so a value that it may have rounded is refused. */
function bigInteger(
  type: ArrayType<BigInt64Array<ArrayBuffer> | BigUint64Array<ArrayBuffer>>,
  min: number,
): DatatypeRule {
  const max = Number.MAX_SAFE_INTEGER;
  return {
    bytes: type.BYTES_PER_ELEMENT,
    expected: `a whole number from ${min} to ${max} (larger ones as binary data)`,
    create: (source) => createArray(type, source),
    set: (values, at, value) => {
      if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max) {
        return false;
      }
      (values as BigInt64Array)[at] = BigInt(value);
      return true;
    },
  };
}

function real(type: ArrayType<NumberArray>, expected: string, isRight: (value: number) => boolean): DatatypeRule {
  return {
    bytes: type.BYTES_PER_ELEMENT,
    expected,
    create: (source) => createArray(type, source),
    set: (values, at, value) => {
      if (typeof value !== 'number' || !isRight(value)) {
        return false;
      }
      values[at] = value;
      return true;
    },
  };
}
