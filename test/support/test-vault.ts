/** A vault with a key of the tests. */
import { createVault, type Vault, type VaultOptions } from '../../src/bindings/vault.ts';

/** 32 bytes as base64, distinct for each number. */
export function testSecret(number = 1): string {
  return btoa(String.fromCharCode(...Array.from({ length: 32 }, (_, place) => (place * 7 + number) % 256)));
}

export function createTestVault(options: Partial<VaultOptions> = {}): Vault {
  return createVault({ keys: [{ id: 'k1', secret: testSecret() }], isEncrypted: true, ...options });
}
