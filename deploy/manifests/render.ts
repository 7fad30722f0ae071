/**
 * Renders a kustomization as `kubectl kustomize` does, as far as those here go: resources, components, and patches by
 * target. A field that is none of these is refused, so that what is checked is never less than what would be applied.
 * Reads files; throws a ManifestError.
 */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { applyPatch, OPERATIONS } from './apply-patch.ts';
import { isManifest, ManifestError, nameOf, type Manifest } from './manifest.ts';

const FILE = 'kustomization.yaml';

const KUSTOMIZATION = z.strictObject({
  apiVersion: z.enum(['kustomize.config.k8s.io/v1beta1', 'kustomize.config.k8s.io/v1alpha1']),
  kind: z.enum(['Kustomization', 'Component']),
  resources: z.array(z.string()).default([]),
  components: z.array(z.string()).default([]),
  patches: z
    .array(z.strictObject({ target: z.strictObject({ kind: z.string(), name: z.string() }), patch: z.string() }))
    .default([]),
});

type Patch = z.infer<typeof KUSTOMIZATION>['patches'][number];

/** All objects of a folder, of the bases it names, and of its components, patched. */
export function render(folder: string): Manifest[] {
  return renderOnto([], folder);
}

/** A component works on what was rendered before it; a base stands alone. */
function renderOnto(before: readonly Manifest[], folder: string): Manifest[] {
  const { resources, components, patches } = readKustomization(folder);
  const own = resources.flatMap((resource) => {
    const path = join(folder, resource);
    if (!existsSync(path)) {
      throw new ManifestError(`${folder}: there is no ${resource}`);
    }
    return statSync(path).isDirectory() ? render(path) : readManifests(path);
  });
  const all = components.reduce<Manifest[]>(
    (documents, component) => renderOnto(documents, join(folder, component)),
    [...before, ...own],
  );
  const twice = all.find((one, place) => all.findIndex((other) => nameOf(other) === nameOf(one)) !== place);
  if (twice !== undefined) {
    throw new ManifestError(`${folder}: ${nameOf(twice)} is there twice`);
  }
  return patches.reduce((documents, patch) => patchAll(documents, patch, folder), all);
}

function readKustomization(folder: string): z.infer<typeof KUSTOMIZATION> {
  const path = join(folder, FILE);
  const [value] = existsSync(path) ? readDocuments(path) : [];
  const parsed = KUSTOMIZATION.safeParse(value);
  if (!parsed.success) {
    throw new ManifestError(`${path}: ${z.prettifyError(parsed.error)}`);
  }
  return parsed.data;
}

function readManifests(path: string): Manifest[] {
  return readDocuments(path).map((value) => {
    if (!isManifest(value)) {
      throw new ManifestError(`${path}: a document without apiVersion, kind and metadata.name`);
    }
    return value;
  });
}

/** Kubernetes reads YAML 1.1, where `on` and `yes` are booleans. */
function readDocuments(path: string): unknown[] {
  return parseYaml(readFileSync(path, 'utf8'), path);
}

function parseYaml(text: string, from: string): unknown[] {
  const documents = parseAllDocuments(text, { version: '1.1' });
  return [...documents].map((document) => {
    const [fault] = document.errors;
    if (fault !== undefined) {
      throw new ManifestError(`${from}: ${fault.message}`);
    }
    return document.toJS() as unknown;
  });
}

/** `kubectl kustomize` passes over a patch that hits nothing; here that is a mistake. */
function patchAll(documents: readonly Manifest[], { target, patch }: Patch, folder: string): Manifest[] {
  const name = new RegExp(`^(?:${target.name})$`);
  const isTarget = (one: Manifest): boolean => one.kind === target.kind && name.test(one.metadata.name);
  if (!documents.some(isTarget)) {
    throw new ManifestError(`${folder}: a patch for ${target.kind} ${target.name}, which is not there`);
  }
  const [value] = parseYaml(patch, folder);
  const operations = OPERATIONS.safeParse(value);
  if (!operations.success) {
    throw new ManifestError(`${folder}: the patch for ${target.name}: ${z.prettifyError(operations.error)}`);
  }
  return documents.map((one) => (isTarget(one) ? applyPatch(one, operations.data) : one));
}
