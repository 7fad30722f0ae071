/**
 * Holds each pod against what it mounts and reads, and against the practice of the region: images by version, a memory
 * limit, a file system that is read-only, and a drain that fits into the time until the kill. Pure.
 */
import { isJsonObject, type JsonObject } from '../../src/contract/json.ts';
import { at, listAt, nameOf, show, type Manifest } from './manifest.ts';
import { workloadsOf, type Workload } from './workloads.ts';

/** The faults, one line each. `manifests` are all of a region. */
export function refusePods(manifests: readonly Manifest[]): string[] {
  const secrets = manifests
    .filter(({ kind }) => kind === 'Secret')
    .map((secret) => `${nameOf(secret)}: belongs in no file`);
  const pods = workloadsOf(manifests).flatMap((workload) =>
    [...references(workload, manifests), ...practice(workload)].map(
      (fault) => `${nameOf(workload.manifest)}: ${fault}`,
    ),
  );
  return [...secrets, ...pods];
}

/** The Secrets that pods read, each once: they are made by hand. */
export function secretsOf(manifests: readonly Manifest[]): string[] {
  const names = workloadsOf(manifests).flatMap(({ pod, containers }) => [
    ...variables(containers).map((variable) => at(variable, 'valueFrom', 'secretKeyRef', 'name')),
    ...listAt(pod, 'volumes').map((volume) => at(volume, 'secret', 'secretName')),
  ]);
  return [...new Set(names.filter((name) => typeof name === 'string'))].toSorted();
}

function references({ pod, containers }: Workload, manifests: readonly Manifest[]): string[] {
  const find = (kind: string, name: unknown): Manifest | undefined =>
    manifests.find((one) => one.kind === kind && one.metadata.name === name);
  const volumes = listAt(pod, 'volumes');
  const keys = variables(containers).flatMap((variable) => {
    const reference = at(variable, 'valueFrom', 'configMapKeyRef');
    return isJsonObject(reference) ? [reference] : [];
  });
  const wanted: [string, unknown][] = [
    ['ServiceAccount', at(pod, 'serviceAccountName')],
    ...volumes.map((volume): [string, unknown] => [
      'PersistentVolumeClaim',
      at(volume, 'persistentVolumeClaim', 'claimName'),
    ]),
    ...volumes.map((volume): [string, unknown] => ['ConfigMap', at(volume, 'configMap', 'name')]),
    ...containers
      .flatMap((container) => listAt(container, 'envFrom'))
      .map((source): [string, unknown] => ['ConfigMap', at(source, 'configMapRef', 'name')]),
  ];
  return [
    ...wanted
      .filter(([kind, name]) => name !== undefined && find(kind, name) === undefined)
      .map(([kind, name]) => `there is no ${kind} ${show(name)}`),
    ...keys
      .filter(({ name, key }) => at(find('ConfigMap', name), 'data', show(key)) === undefined)
      .map(({ name, key }) => `there is no ${show(key)} in ConfigMap ${show(name)}`),
    ...containers
      .flatMap((container) => listAt(container, 'volumeMounts'))
      .filter((mount) => !volumes.some(({ name }) => name === mount['name']))
      .map(({ name }) => `mounts ${show(name)}, which is no volume`),
  ];
}

function variables(containers: readonly JsonObject[]): JsonObject[] {
  return containers.flatMap((container) => listAt(container, 'env'));
}

function practice({ pod, containers }: Workload): string[] {
  const hardened = containers.flatMap((container) => [
    ...(/:v?\d[\w.-]*$/.test(show(container['image'])) ? [] : [`the image ${show(container['image'])} has no version`]),
    ...(at(container, 'resources', 'limits', 'memory') === undefined ? ['a container without a memory limit'] : []),
    ...(at(container, 'securityContext', 'readOnlyRootFilesystem') === true
      ? []
      : ['a container that may write its own files']),
    ...(at(container, 'securityContext', 'allowPrivilegeEscalation') === false
      ? []
      : ['a container that may gain privileges']),
  ]);
  const isNonRoot = at(pod, 'securityContext', 'runAsNonRoot') === true;
  return [...hardened, ...(isNonRoot ? [] : ['may run as root']), ...drain(pod, containers)];
}

/** SIGTERM comes after the sleep, the kill after the grace period: what the server takes to drain has to fit in between. */
function drain(pod: JsonObject, containers: readonly JsonObject[]): string[] {
  const grace = Number(at(pod, 'terminationGracePeriodSeconds') ?? 30);
  return containers.flatMap((container) => {
    const args = at(container, 'args');
    const flag = /--(?:shutdown-timeout|exit-timeout-secs)=(\d+)/.exec(Array.isArray(args) ? args.join('\n') : '');
    const needed = Number(at(container, 'lifecycle', 'preStop', 'sleep', 'seconds') ?? 0) + Number(flag?.[1] ?? 0);
    return needed < grace ? [] : [`is killed after ${grace} s and needs ${needed} s to drain`];
  });
}
