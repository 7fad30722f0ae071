import { describe, expect, test } from 'vitest';
import { ADMIN_TOKEN, createFakeGateway, type FakeGateway, type Sent } from '../../test/support/fake-gateway.ts';

const ENTRY = {
  id: 'third',
  url: 'https://third.example.com/v1',
  region: 'r',
  latitude: 1,
  longitude: 1,
  jurisdiction: 'jp',
  models: [{ id: 'rare' }],
};
const FIRST = '/admin/origins/near';
const THIRD = '/admin/origins/third';

function createAdmin({ send }: Pick<FakeGateway, 'send'>) {
  return (
    method: string,
    path = '/admin/origins',
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Sent> =>
    send(path, {
      method,
      headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
}

function idsOf({ json }: Sent): string[] {
  return (json['origins'] as { id: string }[]).map(({ id }) => id);
}

describe('/admin/origins', () => {
  test('shows what is configured, and its version', async () => {
    const shown = await createAdmin(createFakeGateway())('GET');
    expect(shown.json).toMatchObject({ version: 0, source: 'configured', configuration_changed: false });
    expect([idsOf(shown), shown.headers.get('etag')]).toEqual([['near', 'far'], '"0"']);
  });

  test('adds an origin that answers at once, drains it, and removes it', async () => {
    const gateway = createFakeGateway();
    const admin = createAdmin(gateway);
    const asked = async (): Promise<unknown> => {
      const { status, headers } = await gateway.post(
        '/v1/chat/completions',
        { model: 'rare', messages: [{ role: 'user', content: 'Hello' }] },
        { 'cache-control': 'no-store' },
      );
      return [status, headers.get('x-perigee-origin')];
    };
    expect(await asked()).toEqual([404, null]);

    const added = await admin('PUT', THIRD, ENTRY);
    expect([added.status, idsOf(added)]).toEqual([200, ['near', 'far', 'third']]);
    expect(await asked()).toEqual([200, 'third']);

    const drained = await admin('POST', `${THIRD}/drain`, { draining: true });
    expect(drained.json['origins']).toContainEqual({ ...ENTRY, draining: true });
    expect(await asked()).toEqual([503, null]);

    await admin('POST', `${THIRD}/drain`, { draining: false });
    expect(await asked()).toEqual([200, 'third']);
    expect(idsOf(await admin('DELETE', THIRD))).toEqual(['near', 'far']);
    expect(await asked()).toEqual([404, null]);
  });

  test('replaces all, and goes back to what is configured', async () => {
    const admin = createAdmin(createFakeGateway());
    const replaced = await admin('PUT', '/admin/origins', { origins: [ENTRY] });
    expect(replaced.json).toMatchObject({ version: 1, source: 'stored', origins: [ENTRY] });
    const back = await admin('DELETE');
    expect(back.json).toMatchObject({ version: 2, source: 'configured' });
    expect(idsOf(back)).toEqual(['near', 'far']);
  });

  test.each<[string, string, string, unknown, number, string | null]>([
    ['a bad entry, naming its field', 'PUT', '/admin/origins', { origins: [ENTRY, {}] }, 400, 'origins[1].id'],
    ['a misspelt list', 'PUT', '/admin/origins', { orgins: [ENTRY] }, 400, null],
    ['no list', 'PUT', '/admin/origins', {}, 400, 'origins'],
    ['an entry with an unknown field', 'PUT', THIRD, { ...ENTRY, api_key: 'sk' }, 400, 'api_key'],
    ['an entry of another id', 'PUT', FIRST, ENTRY, 400, 'id'],
    ['an entry that is no object', 'PUT', FIRST, '[1]', 400, null],
    ['a drain that says nothing', 'POST', `${FIRST}/drain`, {}, 400, 'draining'],
    ['an unknown origin to be drained', 'POST', `${THIRD}/drain`, { draining: true }, 404, null],
    ['an unknown origin to be removed', 'DELETE', THIRD, undefined, 404, null],
  ])('refuses %s, and changes nothing', async (_name, method, path, body, status, param) => {
    const gateway = createFakeGateway();
    const admin = createAdmin(gateway);
    const before = gateway.ports.board.origins();
    const refused = await admin(method, path, body);
    expect([refused.status, refused.json]).toMatchObject([status, { error: { param } }]);
    expect((await admin('GET')).json).toMatchObject({ version: 0, source: 'configured' });
    expect(gateway.ports.board.origins()).toBe(before);
  });

  test('shows no URL of an entry that is refused, for it may hold a secret', async () => {
    const admin = createAdmin(createFakeGateway());
    const { status, text } = await admin('PUT', THIRD, { ...ENTRY, url: 'https://user:hunter2@third.example.com' });
    expect([status, text.includes('hunter2')]).toEqual([400, false]);
  });

  test('changes only the version that is named', async () => {
    const admin = createAdmin(createFakeGateway());
    const put = (tag: string): Promise<Sent> => admin('PUT', THIRD, ENTRY, { 'if-match': tag });
    expect((await put('"0"')).headers.get('etag')).toBe('"1"');
    const stale = await put('"0"');
    expect([stale.status, stale.json]).toMatchObject([412, { error: { code: 'version_mismatch' } }]);
    expect((await put('0')).status).toBe(400);
    expect((await put('*')).headers.get('etag')).toBe('"2"');
  });

  test('is a 503 where the catalogue cannot be reached, and the reason is for the trace alone', async () => {
    const gateway = createFakeGateway();
    gateway.ports.catalogue.fault = 'the catalogue did not answer within 2000 ms';
    const admin = createAdmin(gateway);
    for (const { status, json } of [await admin('GET'), await admin('PUT', THIRD, ENTRY)]) {
      expect([status, json]).toMatchObject([503, { error: { code: 'catalogue_unavailable' } }]);
    }
    expect(gateway.ports.log.traces[0]).toMatchObject({
      problem: 'catalogue: the catalogue did not answer within 2000 ms',
    });
  });

  test.each([
    ['GET', '/admin/origins'],
    ['PUT', '/admin/origins'],
    ['DELETE', '/admin/origins'],
    ['PUT', FIRST],
    ['DELETE', FIRST],
    ['POST', `${FIRST}/drain`],
  ])('lets nobody on without the admin token: %s %s', async (method, path) => {
    const { send, createKey, ports } = createFakeGateway();
    const before = ports.board.origins();
    expect((await send(path, { method })).status).toBe(401);
    const headers = { authorization: `Bearer ${await createKey()}`, 'content-type': 'application/json' };
    expect((await send(path, { method, headers })).status).toBe(401);
    expect(ports.board.origins()).toBe(before);
  });

  test('does not exist without an admin token', async () => {
    const { send } = createFakeGateway({ vars: { ADMIN_TOKEN: '' } });
    expect((await send('/admin/origins')).status).toBe(404);
  });
});
