/**
 * The pods that objects make, and which of them a label selector takes. Pure.
 */
import { isJsonObject, type JsonObject } from '../../src/contract/json.ts';
import { at, listAt, show, type Manifest } from './manifest.ts';

export interface Workload {
  manifest: Manifest;
  labels: JsonObject;
  /** The pod's spec. */
  pod: JsonObject;
  /** Init containers first. */
  containers: JsonObject[];
}

export function workloadsOf(manifests: readonly Manifest[]): Workload[] {
  return manifests.flatMap((manifest) => {
    const pod = at(manifest, 'spec', 'template', 'spec');
    const labels = at(manifest, 'spec', 'template', 'metadata', 'labels');
    return isJsonObject(pod)
      ? [
          {
            manifest,
            pod,
            labels: isJsonObject(labels) ? labels : {},
            containers: [...listAt(pod, 'initContainers'), ...listAt(pod, 'containers')],
          },
        ]
      : [];
  });
}

/** As the API says: an empty selector takes all; of expressions, those used here (`In`) are known and others take nothing. */
export function selects(selector: unknown, labels: unknown): boolean {
  const equal = at(selector, 'matchLabels');
  const pairs = Object.entries(isJsonObject(equal) ? equal : {});
  return (
    pairs.every(([key, value]) => at(labels, key) === value) &&
    listAt(selector, 'matchExpressions').every((expression) => {
      const values = at(expression, 'values');
      return (
        expression['operator'] === 'In' &&
        Array.isArray(values) &&
        values.some((value) => value === at(labels, show(expression['key'])))
      );
    })
  );
}

/** Whether a port of the pod has this name or number. */
export function hasPort({ containers }: Pick<Workload, 'containers'>, port: unknown): boolean {
  return containers.flatMap((container) => listAt(container, 'ports')).some((one) => isPort(one, port));
}

export function isPort(one: JsonObject, port: unknown): boolean {
  return one['name'] === port || one['containerPort'] === port;
}
