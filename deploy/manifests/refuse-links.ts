/**
 * Holds the objects of a region against each other: what a schema cannot see, and an API server takes without a word. A
 * selector that takes no pod, a port that no one has, a scaler of nothing. Pure.
 */
import { at, listAt, nameOf, show, type Manifest } from './manifest.ts';
import { hasPort, isPort, selects, workloadsOf, type Workload } from './workloads.ts';

/** The faults, one line each. `manifests` are all of a region. */
export function refuseLinks(manifests: readonly Manifest[]): string[] {
  const workloads = workloadsOf(manifests);
  return manifests.flatMap((manifest) =>
    [
      ...podLinks(manifest, workloads),
      ...probeLinks(manifest, workloads),
      ...serviceLinks(manifest, manifests),
      ...targetLinks(manifest, manifests),
    ].map((fault) => `${nameOf(manifest)}: ${fault}`),
  );
}

/** What selects pods, and names their ports. */
function podLinks(manifest: Manifest, workloads: readonly Workload[]): string[] {
  const selector = podSelector(manifest);
  if (selector === undefined) {
    return [];
  }
  const isOwn = manifest.kind === 'Deployment';
  const taken = workloads.filter((one) => selects(selector, one.labels) && (!isOwn || one.manifest === manifest));
  const ports = [
    ...listAt(manifest, 'spec', 'ports').map((port) => port['targetPort']),
    ...listAt(manifest, 'spec', 'ingress').flatMap((rule) => listAt(rule, 'ports').map(({ port }) => port)),
  ];
  return [
    ...(taken.length === 0 ? ['its selector takes no pod'] : []),
    ...ports.flatMap((port) =>
      taken
        .filter((workload) => !hasPort(workload, port))
        .map((workload) => `${nameOf(workload.manifest)} has no port ${show(port)}`),
    ),
  ];
}

function podSelector(manifest: Manifest): unknown {
  switch (manifest.kind) {
    case 'Service':
      return { matchLabels: at(manifest, 'spec', 'selector') };
    case 'NetworkPolicy':
      return at(manifest, 'spec', 'podSelector');
    case 'PodDisruptionBudget':
    case 'Deployment':
      return at(manifest, 'spec', 'selector');
    default:
      return undefined;
  }
}

function probeLinks(manifest: Manifest, workloads: readonly Workload[]): string[] {
  const containers = workloads.find((one) => one.manifest === manifest)?.containers ?? [];
  return containers.flatMap((container) =>
    ['startupProbe', 'readinessProbe', 'livenessProbe'].flatMap((probe) => {
      const port = at(container, probe, 'httpGet', 'port');
      const isThere = port === undefined || listAt(container, 'ports').some((one) => isPort(one, port));
      return isThere ? [] : [`the ${probe} asks port ${show(port)}, which its container does not have`];
    }),
  );
}

/** What calls Services: monitors, routes, and the tunnel's configuration. */
function serviceLinks(manifest: Manifest, manifests: readonly Manifest[]): string[] {
  const services = manifests.filter(({ kind }) => kind === 'Service');
  const isServed = (name: unknown, port: unknown): boolean =>
    services.some(
      (service) =>
        service.metadata.name === name && listAt(service, 'spec', 'ports').some((one) => one['port'] === port),
    );
  const backends = listAt(manifest, 'spec', 'rules').flatMap((rule) => listAt(rule, 'backendRefs'));
  const urls =
    manifest.kind === 'ConfigMap' ? [...JSON.stringify(manifest).matchAll(/\bhttp:\/\/([\w-]+):(\d+)/g)] : [];
  const called = [
    ...backends.map(({ name, port }) => ({ name, port })),
    ...urls.map(([, name, port]) => ({ name, port: Number(port) })),
  ];
  const unserved = called
    .filter(({ name, port }) => !isServed(name, port))
    .map(({ name, port }) => `no Service ${show(name)} has port ${show(port)}`);
  if (manifest.kind !== 'ServiceMonitor') {
    return unserved;
  }
  const watched = services.filter((service) =>
    selects(at(manifest, 'spec', 'selector'), at(service, 'metadata', 'labels')),
  );
  return listAt(manifest, 'spec', 'endpoints').flatMap(({ port }) =>
    watched.some((service) => listAt(service, 'spec', 'ports').some(({ name }) => name === port))
      ? []
      : [`no Service that it selects has port ${show(port)}`],
  );
}

function targetLinks(manifest: Manifest, manifests: readonly Manifest[]): string[] {
  const isThere = (kind: unknown, name: unknown): boolean =>
    manifests.some((other) => other.kind === kind && other.metadata.name === name);
  const target = at(manifest, 'spec', 'scaleTargetRef');
  const kind = at(target, 'kind') ?? 'Deployment';
  const scaled =
    target === undefined || isThere(kind, at(target, 'name'))
      ? []
      : [`there is no ${show(kind)} ${show(at(target, 'name'))}`];
  const sections = listAt(manifest, 'spec', 'parentRefs').flatMap(({ name, sectionName }) => {
    const gateway = manifests.find((other) => other.kind === 'Gateway' && other.metadata.name === name);
    const isListening = listAt(gateway, 'spec', 'listeners').some((listener) => listener['name'] === sectionName);
    return isListening ? [] : [`no Gateway ${show(name)} listens as ${show(sectionName)}`];
  });
  return [...scaled, ...sections];
}
