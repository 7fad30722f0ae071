/** The page, the runtime's WebAssembly and the model repository, on a port of 127.0.0.1 that the system picks. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';

const ROOT = join(import.meta.dirname, '../..');
/** The runtime lives in a worker, where a large module may be instantiated at once, as in workerd. */
const EMPTY_PAGE = `<!doctype html><meta charset="utf-8"><title>Perigee</title><link rel="icon" href="data:,"><pre></pre>
<script type="module">
  const worker = new Worker('/page.js', { type: 'module' });
  const said = () => new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => (data.error === undefined ? resolve(data) : reject(new Error(data.error)));
    worker.onerror = ({ message }) => reject(new Error(message));
  });
  // A message that comes before the module has run to its end is lost.
  const ready = said();
  globalThis.askRuntime = async (input) => {
    await ready;
    worker.postMessage(input);
    return said();
  };
</script>`;

export interface PageServer {
  url: string;
  stop(): Promise<void>;
}

export async function servePage(entry: string): Promise<PageServer> {
  const script = await bundlePage(entry);
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://page.invalid').pathname;
    const [type, body] = answer(path, script);
    response.writeHead(body === null ? 404 : 200, { 'content-type': type }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answer(path: string, script: string): [type: string, body: string | Uint8Array | null] {
  if (path === '/') {
    return ['text/html', EMPTY_PAGE];
  }
  if (path === '/page.js') {
    return ['text/javascript', script];
  }
  const [, folder = '', file = ''] =
    /^\/(models\/[\w-]+|node_modules\/[\w@./-]+|\.generated)\/([\w.-]+)$/.exec(path) ?? [];
  const type = file.endsWith('.wasm') ? 'application/wasm' : 'application/octet-stream';
  try {
    return [type, file === '' ? null : readFileSync(join(ROOT, folder, file))];
  } catch {
    return [type, null];
  }
}

/** As wrangler does, `import module from '….wasm'` gives a compiled module. */
const COMPILED_WASM: Plugin = {
  name: 'compiled-wasm',
  setup(build) {
    build.onResolve({ filter: /\.wasm$/ }, ({ path }) => ({
      path: path.replace(/^.*\/(?=(?:node_modules|\.generated)\/)/, '/'),
      namespace: 'wasm',
    }));
    build.onLoad({ filter: /.*/, namespace: 'wasm' }, ({ path }) => ({
      contents: `export default await WebAssembly.compileStreaming(fetch(${JSON.stringify(path)}));`,
    }));
  },
};

async function bundlePage(entry: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, entry)],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2024',
    plugins: [COMPILED_WASM],
    logLevel: 'error',
  });
  return outputFiles[0]?.text ?? '';
}
