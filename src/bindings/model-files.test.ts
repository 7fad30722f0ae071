import { describe, expect, it } from 'vitest';
import { createModelFiles } from './model-files.ts';

const bytes = new TextEncoder().encode('hello');
const sha256 = '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824';

function filesWith(response: () => Response) {
  const urls: string[] = [];
  const assets = {
    fetch: (url: RequestInfo | URL) => {
      urls.push(new Request(url).url);
      return Promise.resolve(response());
    },
  };
  return {
    urls,
    files: createModelFiles(
      { name: 'tiny', files: { 'a.bin': { bytes: 5, sha256 }, 'c.bin': { bytes: 5, sha256, from: 'other' } } },
      assets,
    ),
  };
}

describe('createModelFiles()', () => {
  it('reads a file from the model’s folder', async () => {
    const { files, urls } = filesWith(() => new Response(bytes));
    expect(await files.read('a.bin')).toEqual(bytes);
    expect(urls.map((url) => new URL(url).pathname)).toEqual(['/models/tiny/a.bin']);
  });

  it('reads a shared file from the folder of the model that owns it', async () => {
    const { files, urls } = filesWith(() => new Response(bytes));
    await files.read('c.bin');
    expect(urls.map((url) => new URL(url).pathname)).toEqual(['/models/other/c.bin']);
  });

  it.each([
    [
      'is missing',
      () => new Response('no', { status: 404 }),
      'expected status 200 from the static assets, received 404',
    ],
    ['is cut short', () => new Response('hell'), 'expected 5 bytes, received 4'],
    ['is another', () => new Response('jello'), `expected SHA-256 ${sha256}, received`],
  ])('throws where the file %s, naming model, file and what differs', async (_, response, message) => {
    await expect(filesWith(response).files.read('a.bin')).rejects.toThrow(`model tiny: file a.bin: ${message}`);
  });

  it('throws for a file that the manifest does not list', async () => {
    const { files, urls } = filesWith(() => new Response(bytes));
    await expect(files.read('b.bin')).rejects.toThrow('model tiny: file b.bin');
    expect(urls).toEqual([]);
  });
});
