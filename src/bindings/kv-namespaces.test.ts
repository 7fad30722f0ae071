import { describe, expect, test } from 'vitest';
import { createFakeClock } from '../../test/support/fake-clock.ts';
import { sampleSettings } from '../../test/support/samples.ts';
import type { Namespaces } from '../contract/namespaces.ts';
import { createNamespaces } from './kv-namespaces.ts';

const { namespaces: policies } = sampleSettings().cache;
const FAQ = { tenant: 'alice', namespace: 'faq' };

/** `isolateIn`: an isolate with what KV shows where it runs. All writes end in `written`. */
function createWorld() {
  const clock = createFakeClock();
  const written = new Map<string, string>();
  const isolateIn = (shown: Map<string, string>): Namespaces =>
    createNamespaces({
      kv: {
        get: (name: string) => Promise.resolve(JSON.parse(shown.get(name) ?? 'null')),
        put: (name: string, value: string) => {
          written.set(name, value);
          shown.set(name, value);
          return Promise.resolve();
        },
      } as unknown as KVNamespace,
      clock,
      digest: (text) => Promise.resolve(text),
      policies: { ...policies, faq: { ...policies.default, audience: 'shared' } },
      refreshSeconds: 30,
    }).forRequest(() => undefined);
  return { clock, written, isolateIn };
}

async function generationOf(namespaces: Namespaces, name = { tenant: 'alice', namespace: '' }): Promise<string> {
  const served = await namespaces.serve(name);
  return served.ok ? served.value.generation : expect.fail(served.problem.detail);
}

describe('createNamespaces()', () => {
  test('a policy that is set where the purge is not seen yet leaves the purge as it is', async () => {
    const { clock, written, isolateIn } = createWorld();
    const name = { tenant: 'alice', namespace: '' };
    const before = await generationOf(isolateIn(written));
    clock.advance(1000);
    expect(await isolateIn(written).purge(name)).toMatchObject({ ok: true });
    const purged = await generationOf(isolateIn(written));
    expect(purged).not.toBe(before);
    // Another region, which KV shows nothing of it yet.
    expect(await isolateIn(new Map()).set(name, { ttlSeconds: 60 })).toMatchObject({ ok: true });
    expect(await generationOf(isolateIn(written))).toBe(purged);
    expect(await isolateIn(written).serve(name)).toMatchObject({ value: { policy: { ttlSeconds: 60 } } });
  });

  test('a purge that is made where a policy is not seen yet leaves the policy as it is', async () => {
    const { written, isolateIn } = createWorld();
    const name = { tenant: 'alice', namespace: '' };
    await isolateIn(written).set(name, { ttlSeconds: 60 });
    await isolateIn(new Map()).purge(name);
    expect(await isolateIn(written).serve(name)).toMatchObject({ value: { policy: { ttlSeconds: 60 } } });
  });

  test('an isolate that purged keeps its purge while KV shows an older one', async () => {
    const { clock, isolateIn } = createWorld();
    const shown = new Map<string, string>();
    const isolate = isolateIn(shown);
    await isolate.purge({ tenant: 'alice', namespace: null });
    const purged = await generationOf(isolate);
    shown.clear();
    clock.advance(31_000);
    await generationOf(isolate);
    await Promise.resolve();
    expect(await generationOf(isolate)).toBe(purged);
  });

  test('two purges at one time, or with a clock that is behind, are two generations', async () => {
    const { clock, written, isolateIn } = createWorld();
    const seen = new Set<string>();
    for (const step of [0, 0, -5000]) {
      clock.advance(step);
      await isolateIn(written).purge({ tenant: 'alice', namespace: '' });
      seen.add(await generationOf(isolateIn(written)));
    }
    expect(seen.size).toBe(3);
  });

  test('what tenants share has a purge of its own, which no tenant has', async () => {
    const { clock, written, isolateIn } = createWorld();
    const before = await generationOf(isolateIn(written), FAQ);
    clock.advance(1000);
    await isolateIn(written).purge(FAQ);
    await isolateIn(written).purge({ tenant: 'alice', namespace: null });
    expect(await generationOf(isolateIn(written), FAQ)).toBe(before);
    await isolateIn(written).purge({ tenant: null, namespace: 'faq' });
    const after = await generationOf(isolateIn(written), FAQ);
    expect(after).not.toBe(before);
    expect(await generationOf(isolateIn(written), { tenant: 'bob', namespace: 'faq' })).toBe(after);
  });

  test('what is set for all tenants leaves the namespace shared', async () => {
    const { written, isolateIn } = createWorld();
    await isolateIn(written).set({ tenant: null, namespace: 'faq' }, { audience: 'tenant', ttlSeconds: 60 });
    expect(await isolateIn(written).serve(FAQ)).toMatchObject({
      value: { policy: { audience: 'shared', ttlSeconds: 60 } },
    });
  });
});
