/** `npm run model:add` where it ends before Python is asked, or where there is none. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'perigee-add-test-'));
const file = join(folder, 'some.onnx');
writeFileSync(file, 'not asked');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function add(args: readonly string[], env: Record<string, string> = {}) {
  const command = [join(import.meta.dirname, 'model-add.ts'), ...args, '--task', 'tensors'];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, {
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });
  return { status, stdout, lines: stderr.trim().split('\n') };
}

describe('npm run model:add', () => {
  it.each<[string, string[], Record<string, string>, string]>([
    ['a file that is not there', [join(folder, 'none.onnx')], {}, 'expected an ONNX file, received none'],
    [
      "a task's name",
      [file, '--name', 'sst2'],
      {},
      '--name: expected a name that no model has, received sst2, of models/text',
    ],
    ['a folder that is', [file, '--out', folder], {}, 'expected a new folder, received one that exists'],
    [
      'a Python that cannot be started',
      [file, '--out', join(folder, 'out')],
      { PERIGEE_PYTHON: join(folder, 'python') },
      'cannot be started',
    ],
    [
      'no Python at all',
      [file, '--out', join(folder, 'out')],
      { PERIGEE_PYTHON: '', PATH: folder, XDG_CACHE_HOME: folder },
      'expected Python 3.11 or newer on the PATH, or its path in PERIGEE_PYTHON',
    ],
  ])(
    'tells %s in one line, and writes nothing',
    (_, args, env, message) => {
      const { status, stdout, lines } = add(args, env);
      expect([status, stdout, lines]).toEqual([1, '', [expect.stringContaining(message)]]);
      expect(existsSync(join(folder, 'out'))).toBe(false);
    },
    30_000,
  );
});
