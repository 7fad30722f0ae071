/** Perigee's production bundle in workerd, with KV, Durable Objects, the static assets and vars, on a free port of 127.0.0.1. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import {
  convertV4MiniflareOptions,
  Log,
  LogLevel,
  Miniflare,
  type V4WorkerOptions,
  type WorkerdStructuredLog,
} from 'miniflare';
import {
  unstable_getMiniflareWorkerOptions as toWorkerOptions,
  unstable_readConfig as readConfig,
  type Unstable_Config as Config,
} from 'wrangler';
import type { WorkerModule } from '../../../deploy/bundle-worker.ts';
import { developmentCacheKey } from '../../../deploy/development-key.ts';
import { readHeapBytes } from './read-heap.ts';
import { createStateFolder } from './state-folder.ts';

const NAME = 'perigee';
const ROOT = join(import.meta.dirname, '../../..');
const FILES_ALONE = 'export default { fetch: () => new Response(null, { status: 404 }) };';

export interface WorkerdOptions {
  /** The entry comes first. */
  modules: readonly WorkerModule[];
  vars: Readonly<Record<string, unknown>>;
  /**
   * What requests say of where they came in (`request.cf`), set by a router that stands before the Worker; null leaves the router out,
   * which takes time of its own.
   */
  cf: Readonly<Record<string, unknown>> | null;
  onLog: (log: WorkerdStructuredLog) => void;
  /** Its memory can be looked into, and it may call `gc()`, which takes some of its time. */
  isInspected?: boolean;
}

export interface Workerd {
  url: URL;
  adminToken: string;
  /** Bytes of the isolate's heap that are in use, garbage not yet collected too. Throws where it is not inspected. */
  heapBytes: () => Promise<number>;
  stop: () => Promise<void>;
}

export async function startWorkerd({
  modules,
  vars,
  cf,
  onLog,
  isInspected = false,
}: WorkerdOptions): Promise<Workerd> {
  const adminToken = randomBytes(24).toString('hex');
  const config = readConfig({ config: join(ROOT, 'wrangler.toml') });
  const { modulesRules: _rules, assets: _assets, ...workerOptions } = toWorkerOptions(config).workerOptions;
  const state = createStateFolder('perigee-workerd-');
  if (isInspected) {
    process.env['MINIFLARE_WORKERD_V8_FLAGS'] = '--expose-gc';
  }
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      host: '127.0.0.1',
      port: 0,
      log: new Log(LogLevel.ERROR),
      cf: cf ?? false,
      ...(isInspected ? { inspectorHost: '127.0.0.1', inspectorPort: 0 } : {}),
      resourcePersistencePath: state.path,
      handleStructuredLogs: onLog,
      workers: [
        {
          ...workerOptions,
          name: NAME,
          modules: [...modules],
          modulesRoot: '/',
          bindings: { ...config.vars, ...vars, ADMIN_TOKEN: adminToken, CACHE_KEYS: developmentCacheKey() },
          serviceBindings: { [config.assets?.binding ?? 'ASSETS']: 'static-assets' },
          unsafeDirectSockets: [{ host: '127.0.0.1', port: 0 }],
        },
        toAssetsWorker(config),
      ],
    }),
  );
  const stop = async (): Promise<void> => {
    await miniflare.dispose();
    state.remove();
  };
  try {
    const url = await (cf === null ? miniflare.unsafeGetDirectURL() : miniflare.ready);
    return {
      url,
      adminToken,
      heapBytes: async () => readHeapBytes(new URL(`/core:user:${NAME}`, await miniflare.getInspectorURL())),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The files lie behind a Worker of their own, so that requests to Perigee need not pass through it. */
function toAssetsWorker({ assets, compatibility_date: compatibilityDate }: Config): V4WorkerOptions {
  if (compatibilityDate === undefined || assets?.directory === undefined) {
    throw new Error('wrangler.toml: expected a compatibility_date and [assets] with a directory');
  }
  return {
    name: 'static-assets',
    compatibilityDate,
    modules: [{ type: 'ESModule', path: 'index.js', contents: FILES_ALONE }],
    modulesRoot: '/',
    assets: { directory: join(ROOT, assets.directory) },
  };
}
