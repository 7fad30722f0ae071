/**
 * The body of an inference request (Open Inference Protocol 2, with its binary extension). Lists are checked up to their
 * first fault; what a tensor holds is the model's to judge.
 */
import { z } from '@hono/zod-openapi';
import type { Json, JsonObject } from '../contract/json.ts';
import { findListFault, type Check, type Fault } from './first-fault.ts';
import { checked } from './schemas.ts';

export interface InputBody {
  name: string;
  datatype: string;
  shape: number[];
  parameters?: { binary_data_size?: number };
  data?: Json[];
}

export interface OutputBody {
  name: string;
  parameters?: JsonObject;
}

/** No model has more; ONNX Runtime takes eight. */
const MAX_TENSORS = 64;
const MAX_AXES = 8;

const INPUT = {
  type: 'object' as const,
  properties: {
    name: { type: 'string' as const },
    datatype: { type: 'string' as const },
    shape: { type: 'array' as const, maxItems: MAX_AXES, items: { type: 'integer' as const, minimum: 1 } },
    parameters: {
      type: 'object' as const,
      properties: { binary_data_size: { type: 'integer' as const, minimum: 0 } },
      additionalProperties: {},
    },
    data: { type: 'array' as const, items: {}, description: 'Row-major: flat, or nested as the shape' },
  },
  required: ['name', 'datatype', 'shape'],
};

const OUTPUT = {
  type: 'object' as const,
  properties: {
    name: { type: 'string' as const },
    parameters: { type: 'object' as const, properties: { binary_data: { type: 'boolean' as const } } },
  },
  required: ['name'],
};

export const inferRequest = z
  .looseObject({
    id: z.string().max(256).optional(),
    inputs: checked<InputBody[]>(findTensorsFault(findInputFault), {
      type: 'array',
      minItems: 1,
      maxItems: MAX_TENSORS,
      items: INPUT,
    }),
    outputs: checked<OutputBody[]>(findTensorsFault(findOutputFault), {
      type: 'array',
      maxItems: MAX_TENSORS,
      items: OUTPUT,
    }).optional(),
    parameters: z.looseObject({ binary_data_output: z.boolean().optional() }).optional(),
  })
  .openapi('InferRequest', {
    example: { inputs: [{ name: 'x', datatype: 'FP32', shape: [1, 3], data: [0.1, 0.2, 0.3] }] },
  });

export const tensorSpec = z.object({ name: z.string(), datatype: z.string(), shape: z.array(z.int()) });

function findTensorsFault(item: Check): Check {
  return (value) => {
    if (!Array.isArray(value)) {
      return fault(`expected array, received ${nameType(value)}`);
    }
    if (value.length > MAX_TENSORS) {
      return fault(`expected at most ${MAX_TENSORS} tensors, received ${value.length}`);
    }
    return findListFault(value, item);
  };
}

function findInputFault(value: unknown): Fault | null {
  const named = findOutputFault(value);
  if (named !== null) {
    return named;
  }
  const { datatype, shape, parameters, data } = value as Record<string, unknown>;
  if (typeof datatype !== 'string') {
    return fault(`expected string, received ${nameType(datatype)}`, 'datatype');
  }
  if (!Array.isArray(shape) || shape.length > MAX_AXES || !shape.every((size) => Number.isSafeInteger(size))) {
    return fault(`expected array of at most ${MAX_AXES} whole numbers`, 'shape');
  }
  const size = (parameters as Record<string, unknown> | undefined)?.['binary_data_size'];
  if (size !== undefined && !(Number.isSafeInteger(size) && Number(size) >= 0)) {
    return fault('expected a number of bytes', 'parameters', 'binary_data_size');
  }
  if (size !== undefined) {
    return data === undefined ? null : fault('expected none beside binary_data_size', 'data');
  }
  return Array.isArray(data) ? null : fault(`expected array, received ${nameType(data)}`, 'data');
}

function findOutputFault(value: unknown): Fault | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return fault(`expected object, received ${nameType(value)}`);
  }
  const { name, parameters } = value as Record<string, unknown>;
  if (typeof name !== 'string') {
    return fault(`expected string, received ${nameType(name)}`, 'name');
  }
  const isRight = parameters === undefined || (nameType(parameters) === 'object' && parameters !== null);
  return isRight ? null : fault(`expected object, received ${nameType(parameters)}`, 'parameters');
}

function fault(message: string, ...path: readonly string[]): Fault {
  return { path, message };
}

function nameType(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
}
