/** The tokenizer where it cannot be loaded, or not in time: it says so, and holds up nobody. */
import { env } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import manifestJson from '../../models/minilm/manifest.json';
import { createTokenizer, type TokenizerOptions } from '../../src/bindings/tokenizer.ts';
import { parseManifest } from '../../src/local/manifest.ts';
import type { Tokenizer } from '../../src/contract/tokenizer.ts';
import { createParts } from '../support/worker/parts.ts';

const manifest = parseManifest(manifestJson, 'embedding');

function create(fetch: (url: string) => Promise<Response>, options: Partial<TokenizerOptions> = {}): Tokenizer {
  const assets = { fetch: (input: RequestInfo | URL) => fetch(new Request(input).url) };
  return createTokenizer({ manifest, parts: createParts({ assets }), ...options }).forRequest((work) => void work);
}

test('encode() names the file that is not there', async () => {
  const tokenizer = create((url) =>
    url.endsWith('tokenizer.json') ? Promise.resolve(new Response(null, { status: 404 })) : env.ASSETS.fetch(url),
  );
  expect(await tokenizer.encode('Hello')).toEqual({
    ok: false,
    problem: {
      kind: 'unavailable',
      detail: 'model minilm: file tokenizer.json: expected status 200 from the static assets, received 404',
    },
  });
});

test('encode() names what memory it lacks', async () => {
  const local = createTokenizer({ manifest, parts: createParts({ budgetBytes: 1_000_000, heap: () => 0 }) });
  const encoded = await local.forRequest((work) => void work).encode('Hello');
  expect(encoded).toMatchObject({ ok: false, problem: { detail: expect.stringContaining('minilm/text') as string } });
});

test('encode() waits for a load once, then not for a while, and gives ids once it is there', async () => {
  const late = Promise.withResolvers<null>();
  let now = 0;
  const tokenizer = create(
    async (url) => {
      await late.promise;
      return env.ASSETS.fetch(url);
    },
    { timeoutMs: 5, pauseMs: 100, now: () => now },
  );
  const detailOf = async (): Promise<string> => {
    const encoded = await tokenizer.encode('Hello');
    return encoded.ok ? 'ids' : encoded.problem.detail;
  };
  expect(await detailOf()).toBe('not loaded within 5 ms');
  expect(await detailOf()).toBe('was not loaded in time a moment ago');
  now = 100;
  expect(await detailOf()).toBe('not loaded within 5 ms');
  late.resolve(null);
  now = 200;
  await expect.poll(detailOf).toBe('ids');
});
