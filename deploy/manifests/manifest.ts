/**
 * A Kubernetes object as the checks see it: what was read from YAML, of which only the head is known for certain.
 */
import { isJsonObject, type JsonObject } from '../../src/contract/json.ts';

export interface Manifest extends JsonObject {
  apiVersion: string;
  kind: string;
  metadata: JsonObject & { name: string };
}

/** A kustomization that cannot be rendered; the message names the folder and what is wrong. */
export class ManifestError extends Error {}

export function isManifest(value: unknown): value is Manifest {
  return (
    isJsonObject(value) &&
    typeof value['apiVersion'] === 'string' &&
    typeof value['kind'] === 'string' &&
    isJsonObject(value['metadata']) &&
    typeof value['metadata']['name'] === 'string'
  );
}

/** Such as `Deployment vllm`. */
export function nameOf({ kind, metadata }: Manifest): string {
  return `${kind} ${metadata.name}`;
}

/** What lies at a path of keys and places, such as `at(pod, 'spec', 'containers', 0)`; undefined where there is nothing. */
export function at(value: unknown, ...path: (string | number)[]): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      Array.isArray(inner)
        ? inner[Number(key)]
        : isJsonObject(inner) && Object.hasOwn(inner, key)
          ? inner[key]
          : undefined,
    value,
  );
}

/** The objects of a list; none where there is no list. */
export function listAt(value: unknown, ...path: (string | number)[]): JsonObject[] {
  const list = at(value, ...path);
  return Array.isArray(list) ? list.filter(isJsonObject) : [];
}

/** A value as a message shows it: a text as it is, all else as JSON. */
export function show(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing');
}
