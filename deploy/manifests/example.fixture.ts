/** The example regions of the repository, and one object of one of them with one field changed. */
import { join } from 'node:path';
import type { Json } from '../../src/contract/json.ts';
import { applyPatch } from './apply-patch.ts';
import { nameOf, type Manifest } from './manifest.ts';
import { render } from './render.ts';

export type Region = 'eu-central-1' | 'us-east-1';

/** The object's name, the field's path, and what is put there; nothing takes the field out. */
export type Change = [name: string, path: string, value?: Json];

export function region(name: Region): Manifest[] {
  return render(join(import.meta.dirname, '../region/overlays', name));
}

export function change(manifests: readonly Manifest[], [name, path, value]: Change): Manifest[] {
  if (!manifests.some((one) => nameOf(one) === name)) {
    throw new Error(`The region has no ${name}`);
  }
  const operation = value === undefined ? { op: 'remove' as const, path } : { op: 'add' as const, path, value };
  return manifests.map((one) => (nameOf(one) === name ? applyPatch(one, [operation]) : one));
}
