/**
 * A tensor's values from JSON: a flat list in row-major order, or lists nested as the shape says. Pure; linear, and
 * deep only as the shape is long.
 */
import { fail, succeed, type Result } from '../../contract/problem.ts';
import type { Json } from '../../contract/json.ts';
import type { TensorSpec, TensorValues } from '../../contract/tensors.ts';
import { countElements, DATATYPES } from './datatypes.ts';

export interface ValueFault {
  /** Of the value within the list, as `[0][3]`; empty for the list itself. */
  path: string;
  message: string;
}

export function readValues(
  list: readonly Json[],
  { datatype, shape }: Pick<TensorSpec, 'datatype' | 'shape'>,
): Result<TensorValues, ValueFault> {
  const { create, set, expected } = DATATYPES[datatype];
  const count = countElements(shape);
  const isFlat = !Array.isArray(list[0]);
  const sizes = isFlat ? [count] : shape;
  // A list of the wrong length is refused before as much room is made as the shape claims.
  const first = findLength(list, sizes[0] ?? 1, '');
  if (first !== null) {
    return fail(first);
  }
  const values = create(count);
  let at = 0;
  const fault = fill(list, 0, '');
  return fault === null ? succeed(values) : fail(fault);

  function fill(items: readonly Json[], axis: number, path: string): ValueFault | null {
    const size = sizes[axis] ?? 1;
    const wrong = findLength(items, size, path);
    if (wrong !== null) {
      return wrong;
    }
    const isLast = axis >= sizes.length - 1;
    for (let place = 0; place < size; place += 1) {
      const item = items[place] ?? null;
      if (isLast) {
        if (!set(values, at, item)) {
          return { path: `${path}[${place}]`, message: `expected ${expected}, received ${show(item)}` };
        }
        at += 1;
        continue;
      }
      if (!Array.isArray(item)) {
        return { path: `${path}[${place}]`, message: `expected a list, nested as the shape, received ${show(item)}` };
      }
      const inner = fill(item, axis + 1, `${path}[${place}]`);
      if (inner !== null) {
        return inner;
      }
    }
    return null;
  }
}

function findLength(list: readonly Json[], size: number, path: string): ValueFault | null {
  return list.length === size ? null : { path, message: `expected ${size} values, received ${list.length}` };
}

function show(value: Json): string {
  const text = Array.isArray(value) ? 'a list' : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
