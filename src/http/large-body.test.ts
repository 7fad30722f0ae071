/** Bodies of the default limit, 10 MiB, made to cost as much as they can: each is a 4xx after bounded work. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createFakeGateway } from '../../test/support/fake-gateway.ts';
import { findInputFault, findListFault, findPartFault } from './first-fault.ts';

const BYTES = 10 * 1024 * 1024;
const CHAT = '/v1/chat/completions';
const COMPLETIONS = '/v1/completions';
const EMBEDDINGS = '/v1/embeddings';

// Generous, for a busy machine: it is work that is bounded here, not time.
vi.setConfig({ testTimeout: 30_000 });

afterEach(() => {
  vi.restoreAllMocks();
});

describe('a body of 10 MiB', () => {
  test.each<[string, string, string, string, string]>([
    ['token ids of a prompt', COMPLETIONS, 'prompt', '1', '[]'],
    ['token ids of an input', EMBEDDINGS, 'input', '1', '[]'],
    ['empty lists', EMBEDDINGS, 'input', '[]', '[]'],
    ['inputs', EMBEDDINGS, 'input', '"a"', '[]'],
    ['messages', CHAT, 'messages', '{}', '[]'],
    ['parts', CHAT, 'messages', '{"type":"x"}', '[{"role":"user","content":[]}]'],
    ['tools', CHAT, 'tools', '{}', '[]'],
    ['nothing but brackets', CHAT, 'messages', '[', '[]'],
    ['values in a field that is not known', CHAT, 'metadata', '{"a":0}', '[]'],
  ])('of %s is refused before it is parsed', async (_name, path, field, item, around) => {
    const { post } = createFakeGateway();
    const head = `{"model":"small","${field}":`;
    const raw = head + around.replace('[]', `[${fill(item, BYTES - 100)}]`) + '}';
    const parse = vi.spyOn(JSON, 'parse');
    const sent = await post(path, raw);
    const parsed = Math.max(...parse.mock.calls.map(([text]) => text.length));
    expect([sent.status, sent.json]).toMatchObject([413, { error: { code: 'too_large', param: field } }]);
    // The answer alone, which this test reads.
    expect(parsed).toBeLessThan(1000);
    expect(sent.text.length).toBeLessThan(1000);
  });

  test.each<[string, string, string]>([
    ['one text', CHAT, `{"model":"small","messages":[{"role":"user","content":"${'a'.repeat(BYTES - 100)}"}]}`],
    ['escapes', CHAT, `{"model":"small","messages":[{"role":"user","content":"${'\\"'.repeat(BYTES / 2 - 50)}"}]}`],
  ])('of %s passes on', async (_name, path, raw) => {
    expect((await createFakeGateway().post(path, raw)).status).toBe(200);
  });
});

describe('a body with as many values as may be', () => {
  const most = 199_000;

  test.each<[string, string, string, number, string]>([
    ['token ids of an input', EMBEDDINGS, `"input":[${times('1', most)}]`, 400, 'input[0]'],
    ['inputs', EMBEDDINGS, `"input":[${times('"a"', most)}]`, 413, 'input'],
    ['empty inputs', EMBEDDINGS, `"input":[${times('[]', most / 2)}]`, 413, 'input'],
    ['wrong token ids', COMPLETIONS, `"prompt":[${times('-1', most)}]`, 400, 'prompt[0]'],
    ['prompts', COMPLETIONS, `"prompt":[${times('"a"', most)}]`, 413, 'prompt'],
    ['messages', CHAT, `"messages":[${times('{}', most / 2)}]`, 413, 'messages'],
    [
      'wrong parts',
      CHAT,
      `"messages":[{"role":"user","content":[${times('{}', most / 2)}]}]`,
      400,
      'messages[0].content[0].type',
    ],
    [
      'wrong tools',
      CHAT,
      `"messages":[{"role":"user","content":"a"}],"tools":[${times('{}', most / 2)}]`,
      400,
      'tools[0].type',
    ],
    ['wrong stops', CHAT, `"messages":[{"role":"user","content":"a"}],"stop":[${times('1', most)}]`, 400, 'stop[0]'],
  ])('%s: refused by its first fault', async (_name, path, fields, status, param) => {
    const { post } = createFakeGateway();
    const sent = await post(path, `{"model":"small",${fields}}`);
    expect([sent.status, sent.json]).toMatchObject([status, { error: { param } }]);
    expect(sent.text.length).toBeLessThan(1000);
  });
});

describe('a check of a list', () => {
  test.each<[string, (list: readonly unknown[]) => unknown, unknown[]]>([
    ['of inputs', findInputFault, ['a', 1]],
    ['of token ids', findInputFault, [1, -1]],
    ['of lists of token ids', findInputFault, [[1], []]],
    ['of parts', (list) => findListFault(list, findPartFault), [{ type: 'x' }, { type: 'text' }]],
  ])('%s looks no further than the first fault', (_name, check, head) => {
    const looked = new Set<string | symbol>();
    const list = new Proxy([...head, ...Array<unknown>(1000).fill(head[0])], {
      get: (target, name, receiver) => {
        looked.add(name);
        return Reflect.get(target, name, receiver) as unknown;
      },
    });
    expect(check(list)).toMatchObject({ path: expect.arrayContaining([1]) as unknown });
    for (const name of ['length', Symbol.iterator]) {
      looked.delete(name);
    }
    expect(looked).toEqual(new Set(['0', '1']));
  });
});

function fill(item: string, bytes: number): string {
  return times(item, Math.floor(bytes / (item.length + 1)));
}

function times(item: string, count: number): string {
  return Array<string>(Math.floor(count)).fill(item).join(',');
}
