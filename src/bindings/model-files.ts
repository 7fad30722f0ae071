/**
 * A model's files, read from the Worker's static assets and checked against its manifest: a file that is absent, cut
 * short or not the one that was measured never reaches the model. Throws an Error naming model, file and what differs.
 */
import type { Manifest } from '../local/manifest.ts';
import type { Attempt } from './lazy.ts';

export interface ModelFiles {
  read(file: string): Promise<Uint8Array<ArrayBuffer>>;
}

/** `assets` answers under `/models/<name>/<file>`, the name being that of the file's own model; `timeoutMs` is for one file, from the request to its last byte. */
export function createModelFiles(
  manifest: Pick<Manifest, 'name' | 'files'>,
  assets: Pick<Fetcher, 'fetch'>,
  { timeoutMs = 10_000 }: { timeoutMs?: number } = {},
): ModelFiles {
  return {
    async read(file) {
      const expected = manifest.files[file];
      if (expected === undefined) {
        throw broken(file, 'a file that its manifest lists', 'one that it does not');
      }
      const bytes = await fetchBytes(file, expected.from ?? manifest.name);
      if (bytes.length !== expected.bytes) {
        throw broken(file, `${expected.bytes} bytes`, `${bytes.length}`);
      }
      const digest = await sha256(bytes);
      if (digest !== expected.sha256) {
        throw broken(file, `SHA-256 ${expected.sha256}`, digest);
      }
      return bytes;
    },
  };

  async function fetchBytes(file: string, folder: string): Promise<Uint8Array<ArrayBuffer>> {
    // The binding looks at the path alone.
    const url = `https://assets.invalid/models/${folder}/${file}`;
    const response = await assets.fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
    if (response.status !== 200) {
      await response.body?.cancel();
      throw broken(file, 'status 200 from the static assets', `${response.status}`);
    }
    return new Uint8Array(await response.arrayBuffer());
  }

  function broken(file: string, expectation: string, received: string): Error {
    return new Error(`model ${manifest.name}: file ${file}: expected ${expectation}, received ${received}`);
  }
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Reads for a load that may be given up meanwhile: then it throws, and holds nothing further. */
export function readUnlessAbandoned(model: string, files: ModelFiles, attempt: Attempt): ModelFiles['read'] {
  return async (file) => {
    const bytes = await files.read(file);
    if (attempt.isAbandoned) {
      throw new Error(`model ${model}: its load was abandoned`);
    }
    return bytes;
  };
}
