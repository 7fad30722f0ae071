/**
 * A Worker of one's own in workerd, with a model's files behind its binding ASSETS and the manifest as MANIFEST: for
 * whatever must be measured on the kernels that serve. It is asked in JSON; nothing listens beside workerd's own socket
 * on 127.0.0.1.
 */
import { existsSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import {
  convertV4MiniflareOptions,
  Log,
  LogLevel,
  Miniflare,
  Response,
  type Json,
  type Request,
  type V4WorkerOptions,
} from 'miniflare';
import { bundleWorker } from './bundle-worker.ts';

const MODELS = join(import.meta.dirname, '../models');

export interface ModelWorker {
  /** The answer to `body`. Throws with what the Worker said where it is no 200. */
  ask(body: unknown): Promise<unknown>;
  stop(): Promise<void>;
}

export interface ModelWorkerOptions {
  /** The Worker's entry, a file. */
  main: string;
  /** The folder that holds the manifest and what it lists; files of other models lie in the repository. */
  modelFolder: string;
  /** Bindings beside ASSETS and MANIFEST. */
  bindings?: Record<string, Json>;
}

export async function startModelWorker({ main, modelFolder, bindings }: ModelWorkerOptions): Promise<ModelWorker> {
  const manifest = readManifest(modelFolder);
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      host: '127.0.0.1',
      port: 0,
      log: new Log(LogLevel.ERROR),
      cf: false,
      workers: [
        {
          ...bundleWorker(main),
          name: 'model-worker',
          modulesRoot: '/',
          bindings: { ...bindings, MANIFEST: manifest },
          serviceBindings: { ASSETS: (request: Request) => toFile(request.url, modelFolder, manifest.name) },
        } satisfies V4WorkerOptions,
      ],
    }),
  );
  try {
    await miniflare.ready;
  } catch (error) {
    await miniflare.dispose();
    throw error;
  }
  return {
    async ask(body) {
      const answer = await miniflare.dispatchFetch('http://model.invalid/', {
        method: 'POST',
        body: JSON.stringify(body),
      });
      if (answer.status !== 200) {
        throw new Error(`${basename(main)}: expected status 200, received ${answer.status}: ${await answer.text()}`);
      }
      return answer.json();
    },
    stop: () => miniflare.dispose(),
  };
}

/** Throws where there is no manifest. Whether it is a good one is the Worker's to say. */
function readManifest(modelFolder: string): { name: string } & Record<string, Json> {
  const file = join(modelFolder, 'manifest.json');
  if (!existsSync(file)) {
    throw new Error(`model: expected a folder with a manifest.json, received ${resolve(modelFolder)}`);
  }
  return JSON.parse(readFileSync(file, 'utf8')) as { name: string };
}

/** Of `/models/<name>/<file>`. */
function toFile(url: string, modelFolder: string, name: string): Response {
  const [, owner = '', file = ''] = /^\/models\/([\w.-]+)\/([\w.-]+)$/.exec(new URL(url).pathname) ?? [];
  const path = join(owner === name ? modelFolder : join(MODELS, owner), file);
  return file === '' || !existsSync(path) ? new Response(null, { status: 404 }) : new Response(readFileSync(path));
}
