import { describe, expect, test } from 'vitest';
import { createFakeClock } from '../../test/support/fake-clock.ts';
import { createFakeKeys } from '../../test/support/fake-keys.ts';
import { parseApiKey } from '../access/api-key.ts';
import { authenticate } from '../access/authenticate.ts';
import { createKey, isAdmin, listKeys, revokeKey } from './keys.ts';

describe('createKey()', () => {
  test('keeps a record that lets the key on, and never the key', async () => {
    const [keys, clock] = [createFakeKeys(), createFakeClock()];
    const { text, record } = await createKey({ name: 'laptop' }, { keys, clock });
    const key = parseApiKey(text) ?? { id: '', secret: '' };
    const stored = await keys.find(key.id);
    expect(await authenticate(key, stored)).toMatchObject({ ok: true, value: { id: 'default', keyId: record.id } });
    expect(JSON.stringify([stored, record])).not.toContain(key.secret);
    expect(record).toEqual({
      id: key.id,
      name: 'laptop',
      tenant: 'default',
      models: null,
      residency: null,
      routing: null,
      createdAt: clock.now(),
    });
  });

  test('takes what is wished', async () => {
    const wish = { name: 'ci', tenant: 'alice', models: ['small'], residency: 'EU' };
    const { record } = await createKey(wish, { keys: createFakeKeys(), clock: createFakeClock() });
    expect(record).toMatchObject({ ...wish, residency: 'eu' });
  });

  test('never gives one key twice', async () => {
    const ports = { keys: createFakeKeys(), clock: createFakeClock() };
    const [one, other] = [await createKey({ name: 'a' }, ports), await createKey({ name: 'a' }, ports)];
    expect(one.record.id).not.toBe(other.record.id);
    expect(one.text.slice(-64)).not.toBe(other.text.slice(-64));
  });
});

test('listKeys() shows no digest', async () => {
  const ports = { keys: createFakeKeys(), clock: createFakeClock() };
  const { record } = await createKey({ name: 'a' }, ports);
  expect(await listKeys(ports)).toEqual([record]);
});

test('revokeKey() says whether there was such a key', async () => {
  const ports = { keys: createFakeKeys(), clock: createFakeClock() };
  const { record } = await createKey({ name: 'a' }, ports);
  expect([await revokeKey(record.id, ports), await revokeKey(record.id, ports)]).toEqual([true, false]);
  expect(await ports.keys.find(record.id)).toBeNull();
});

test.each([
  ['the token', 'admin-token-1234', true],
  ['another', 'admin-token-1235', false],
  ['its beginning', 'admin-token', false],
  ['nothing', '', false],
])('isAdmin() with %s', async (_name, token, expected) => {
  expect(await isAdmin(token, 'admin-token-1234')).toBe(expected);
});
