/** Who shares answers: an owner's name is part of each scope, and what is stored is sealed for it. Pure. */
import type { NamespacePolicy } from '../contract/namespaces.ts';
import type { Tenant } from '../contract/request.ts';

export function ownerOf({ id, keyId }: Pick<Tenant, 'id' | 'keyId'>, audience: NamespacePolicy['audience']): string {
  switch (audience) {
    case 'key':
      return `key/${id}/${keyId}`;
    case 'tenant':
      return `tenant/${id}`;
    case 'shared':
      return 'shared';
  }
}
