import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createTestVault, testSecret } from '../../test/support/test-vault.ts';

const PLAIN = new TextEncoder().encode('a secret answer');
const OLDER = { id: 'older', secret: testSecret(1) };
const NEWER = { id: 'newer', secret: testSecret(2) };

describe('createVault()', () => {
  test.each([true, false])('opens what it sealed, for the same owner and name alone (encrypted: %s)', async (on) => {
    const vault = createTestVault({ isEncrypted: on });
    await fc.assert(
      fc.asyncProperty(fc.string(), fc.string(), fc.uint8Array(), async (owner, name, plain) => {
        const sealed = (await vault.seal(owner, name, plain)) ?? expect.fail();
        expect(await vault.open(owner, name, sealed)).toEqual(plain);
        expect(await vault.open(`${owner}x`, name, sealed)).toBeNull();
        expect(await vault.open(owner, `${name}x`, sealed)).toBeNull();
      }),
      { numRuns: 20 },
    );
  });

  test.each([true, false])('opens nothing of which a byte was changed or lost (encrypted: %s)', async (isEncrypted) => {
    const vault = createTestVault({ isEncrypted });
    const sealed = (await vault.seal('alice', 'n', PLAIN)) ?? expect.fail();
    for (let at = 0; at < sealed.length; at++) {
      const changed = sealed.with(at, (sealed[at] ?? 0) ^ 1);
      expect(await vault.open('alice', 'n', changed)).toBeNull();
      expect(await vault.open('alice', 'n', sealed.subarray(0, at))).toBeNull();
    }
  });

  test('seals the same text each time otherwise, and shows none of it', async () => {
    const vault = createTestVault();
    const [one, other] = [await vault.seal('alice', 'n', PLAIN), await vault.seal('alice', 'n', PLAIN)];
    expect(one).not.toEqual(other);
    expect(new TextDecoder().decode(one ?? undefined)).not.toContain('secret');
  });

  test('writes with the newest key, and reads with every key there is', async () => {
    const before = createTestVault({ keys: [OLDER] });
    const during = createTestVault({ keys: [NEWER, OLDER] });
    const after = createTestVault({ keys: [NEWER] });
    const old = (await before.seal('alice', 'n', PLAIN)) ?? expect.fail();
    const fresh = (await during.seal('alice', 'n', PLAIN)) ?? expect.fail();
    expect(await during.open('alice', 'n', old)).toEqual(PLAIN);
    expect(await after.open('alice', 'n', fresh)).toEqual(PLAIN);
    expect([await after.open('alice', 'n', old), await before.open('alice', 'n', fresh)]).toEqual([null, null]);
  });

  test('takes nothing that is not encrypted for encrypted, nor the other way round', async () => {
    const [on, off] = [createTestVault(), createTestVault({ isEncrypted: false })];
    const [sealed, clear] = [await on.seal('alice', 'n', PLAIN), await off.seal('alice', 'n', PLAIN)];
    expect(await on.open('alice', 'n', clear ?? expect.fail())).toBeNull();
    expect(await off.open('alice', 'n', sealed ?? expect.fail())).toBeNull();
  });

  test('seals nothing without a key', async () => {
    const vault = createTestVault({ keys: [] });
    expect([vault.isOpen, await vault.seal('alice', 'n', PLAIN)]).toEqual([false, null]);
  });

  test('names by a digest that the oldest key decides', async () => {
    const digests = await Promise.all(
      [[OLDER], [NEWER, OLDER], [NEWER], []].map((keys) => createTestVault({ keys }).digest('alice')),
    );
    expect(digests[0]).toMatch(/^[\w-]{43}$/);
    expect(digests[1]).toBe(digests[0]);
    expect(new Set(digests).size).toBe(3);
    // SHA-256 of the text, where there is no key.
    expect(digests[3]).toBe('K9gGyX8OAK8aH8Myj6djqSaXI8jbj6xPk69x2xhtbpA');
  });
});
