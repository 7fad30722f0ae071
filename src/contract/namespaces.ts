/** What an operator decides for a namespace of the cache, and how its answers are taken away. */
import type { Result } from './problem.ts';
import type { StoreFault } from './ports.ts';

export interface NamespacePolicy {
  /** `read-through`: identical questions at one time are one origin call. `cache-aside`: each makes its own. */
  read: 'read-through' | 'cache-aside';
  /**
   * `write-behind`: stored after the answer left. `write-through`: stored before the answer has left whole. `write-around`: answers of requests
   * are not stored, preloaded ones alone are found.
   */
  write: 'write-behind' | 'write-through' | 'write-around';
  ttlSeconds: number;
  /** For so long after its end an answer is still given, while it is asked for anew in the background. */
  staleSeconds: number;
  /** Whose answers a request may be given: those of its key, of its tenant, or of all tenants. */
  audience: 'key' | 'tenant' | 'shared';
  /** `learnt`: near hits are served as far as what was learnt of them keeps to `delta`. `similarity`: as far as their cosine reaches the threshold; nothing is promised. */
  judge: 'learnt' | 'similarity';
  /** The share of requests that may be answered wrongly, 0 to 1. */
  delta: number;
  /** The share of near hits and near misses that are checked against the origin, 0 to 1. */
  shadowShare: number;
}

export interface NamespaceState {
  policy: NamespacePolicy;
  /** Changes with each purge; what was stored under another is never found again. */
  generation: string;
}

/** `tenant` null: the namespace that all tenants share. */
export interface NamespaceName {
  tenant: string | null;
  namespace: string;
}

export interface Namespaces {
  /** From the isolate's memory, refreshed in the background; the first request of an isolate waits for the store. */
  serve(name: { tenant: string; namespace: string }): Promise<Result<NamespaceState, StoreFault>>;
  /** From the store. */
  read(name: NamespaceName): Promise<Result<Partial<NamespacePolicy>, StoreFault>>;
  /** Replaces what was set before. Reaches all isolates within the refresh and the store's own delay. */
  set(name: NamespaceName, policy: Partial<NamespacePolicy>): Promise<Result<null, StoreFault>>;
  /** `namespace` null: all of the tenant's. As quickly as `set`. */
  purge(name: { tenant: string | null; namespace: string | null }): Promise<Result<null, StoreFault>>;
}
