/**
 * JSON Patch (RFC 6902) as far as kustomizations here use it: `add`, `replace` and `remove`. Pure; throws a ManifestError
 * where an operation does not fit what it is applied to, as a path that was right for an older base does.
 */
import { z } from 'zod';
import { isJsonObject } from '../../src/contract/json.ts';
import { at, ManifestError } from './manifest.ts';

export const OPERATIONS = z.array(
  z.discriminatedUnion('op', [
    z.strictObject({ op: z.enum(['add', 'replace']), path: z.string(), value: z.json() }),
    z.strictObject({ op: z.literal('remove'), path: z.string() }),
  ]),
);

type Operation = z.infer<typeof OPERATIONS>[number];

export function applyPatch<T>(document: T, operations: readonly Operation[]): T {
  const copy = structuredClone(document);
  for (const operation of operations) {
    applyOne(copy, operation);
  }
  return copy;
}

function applyOne(document: unknown, operation: Operation): void {
  const keys = operation.path
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
  const key = keys.pop();
  const parent = at(document, ...keys);
  if (key === undefined || !(Array.isArray(parent) || isJsonObject(parent))) {
    throw new ManifestError(`${operation.op} ${operation.path}: there is nothing that could hold it`);
  }
  if (operation.op !== 'add' && at(parent, key) === undefined) {
    throw new ManifestError(`${operation.op} ${operation.path}: there is no such field`);
  }
  if (Array.isArray(parent)) {
    changeList(parent, key, operation);
  } else if (operation.op === 'remove') {
    delete parent[key];
  } else {
    parent[key] = operation.value;
  }
}

function changeList(list: unknown[], key: string, operation: Operation): void {
  const place = key === '-' ? list.length : Number(key);
  if (!Number.isInteger(place) || place < 0 || place > list.length) {
    throw new ManifestError(`${operation.op} ${operation.path}: the list has ${list.length} entries`);
  }
  if (operation.op === 'remove') {
    list.splice(place, 1);
  } else {
    list.splice(place, operation.op === 'replace' ? 1 : 0, operation.value);
  }
}
