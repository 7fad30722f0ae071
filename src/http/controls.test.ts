import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CONTROLS } from '../../test/support/samples.ts';
import type { Controls } from '../contract/request.ts';
import { parseControls } from './controls.ts';

const TTL = 'expected whole seconds from 60 to 31536000';
const NAME = 'expected 1 to 64 letters, digits, ".", "_" or "-"';
const FLAG = 'expected true or false';
const KEY = 'expected 1 to 1024 characters';
const FRACTION = 'expected a number from 0 to 1';

describe('parseControls()', () => {
  test('asks for nothing where there is no header', () => {
    expect(parseControls(new Headers())).toEqual({ ok: true, value: CONTROLS });
  });

  test.each<[string, string, Partial<Controls>]>([
    ['cache-control', 'no-store', { cache: 'bypass' }],
    ['cache-control', 'no-cache', { cache: 'refresh' }],
    ['cache-control', 'no-cache, no-store', { cache: 'bypass' }],
    ['cache-control', 'max-age=60', { maxAgeSeconds: 60 }],
    ['cache-control', 'max-age=0', { maxAgeSeconds: 0 }],
    ['cache-control', 'Max-Age = "60" , No-Cache', { maxAgeSeconds: 60, cache: 'refresh' }],
    ['cache-control', 'only-if-cached', { onlyIfCached: true }],
    ['cache-control', 'no-transform, stale-if-error=60, ,', {}],
    ['cache-control', '', {}],
    ['cf-aig-skip-cache', 'true', { cache: 'bypass' }],
    ['cf-aig-skip-cache', 'FALSE', {}],
    ['cf-aig-cache-ttl', '3600', { ttlSeconds: 3600 }],
    ['cf-aig-cache-key', 'my key', { cacheKey: 'my key' }],
    ['cf-aig-cache-key', 'k'.repeat(1024), { cacheKey: 'k'.repeat(1024) }],
    ['x-perigee-ttl', '60', { ttlSeconds: 60 }],
    ['x-perigee-ttl', '31536000', { ttlSeconds: 31_536_000 }],
    ['x-perigee-similarity', '0', { similarity: 0 }],
    ['x-perigee-similarity', '1', { similarity: 1 }],
    ['x-perigee-similarity', '1.000', { similarity: 1 }],
    ['x-perigee-similarity', ' .95 ', { similarity: 0.95 }],
    ['x-perigee-namespace', 'docs.v2_a-b', { namespace: 'docs.v2_a-b' }],
    ['x-perigee-namespace', 'Docs', { namespace: 'Docs' }],
    ['x-perigee-residency', 'EU', { residency: 'eu' }],
    ['x-perigee-session', 'chat 7', { session: 'chat 7' }],
    ['x-perigee-priority', 'Batch', { priority: 'batch' }],
    ['x-perigee-priority', 'interactive', {}],
    ['x-perigee-routing', 'COST', { routing: 'cost' }],
    ['x-perigee-cache-tool-turns', 'True', { cachesToolTurns: true }],
    ['x-perigee-cache-tool-turns', 'false', {}],
    ['x-perigee-exit', 'off', { exits: 'off' }],
    ['x-perigee-exit', 'On', {}],
    ['x-perigee-accuracy', '0.99', { accuracy: 0.99 }],
    ['x-perigee-accuracy', '.5', { accuracy: 0.5 }],
    ['x-perigee-accuracy', '1', { accuracy: 1 }],
    ['x-perigee-quality', '0', { quality: 0 }],
    ['x-perigee-quality', '.97', { quality: 0.97 }],
  ])('reads %s: %s', (name, value, expected) => {
    expect(parseControls(new Headers({ [name]: value }))).toEqual({ ok: true, value: { ...CONTROLS, ...expected } });
  });

  test.each([
    ['cf-aig-skip-cache', '1', FLAG],
    ['x-perigee-exit', '2', 'expected on or off'],
    ['x-perigee-session', 's'.repeat(257), 'expected 1 to 256 characters'],
    ['x-perigee-priority', 'high', 'expected interactive or batch'],
    ['x-perigee-routing', 'fast', 'expected latency, balanced, cost'],
    ['x-perigee-accuracy', '0.49', 'expected a number from 0.5 to 1'],
    ['x-perigee-accuracy', '1.1', 'expected a number from 0.5 to 1'],
    ['x-perigee-accuracy', '99 %', 'expected a number from 0.5 to 1'],
    ['x-perigee-quality', '1.1', FRACTION],
    ['x-perigee-quality', 'high', FRACTION],
    ['cf-aig-cache-ttl', '59', TTL],
    ['cf-aig-cache-key', '', KEY],
    ['cf-aig-cache-key', 'k'.repeat(1025), KEY],
    ['x-perigee-ttl', '59', TTL],
    ['x-perigee-ttl', '31536001', TTL],
    ['x-perigee-ttl', '60.5', TTL],
    ['x-perigee-ttl', '1e3', TTL],
    ['x-perigee-ttl', '-60', TTL],
    ['x-perigee-ttl', '', TTL],
    ['x-perigee-similarity', '1.2', FRACTION],
    ['x-perigee-similarity', '-0.1', FRACTION],
    ['x-perigee-similarity', '95%', FRACTION],
    ['x-perigee-similarity', 'NaN', FRACTION],
    ['x-perigee-similarity', '', FRACTION],
    ['x-perigee-namespace', '', NAME],
    ['x-perigee-namespace', 'a b', NAME],
    ['x-perigee-namespace', 'a/b', NAME],
    ['x-perigee-namespace', 'a'.repeat(65), NAME],
    ['x-perigee-residency', 'e u', NAME],
    ['x-perigee-cache-tool-turns', 'yes', FLAG],
  ])('refuses %s: %s and names the header', (name, value, expected) => {
    expect(parseControls(new Headers({ [name]: value }))).toEqual({
      ok: false,
      problem: {
        kind: 'invalid',
        param: name,
        message: `${name}: ${expected}, received ${JSON.stringify(value.slice(0, 80))}.`,
      },
    });
  });

  test.each(['max-age', 'max-age=', 'max-age=soon', 'max-age=-1', 'max-age=1.5', 'max-age=99999999999999999'])(
    'refuses cache-control: %s',
    (value) => {
      expect(parseControls(new Headers({ 'cache-control': value }))).toMatchObject({
        ok: false,
        problem: { kind: 'invalid', param: 'cache-control' },
      });
    },
  );

  test('prefers its own lifetime to the alias', () => {
    const headers = new Headers({ 'x-perigee-ttl': '60', 'cf-aig-cache-ttl': '3600' });
    expect(parseControls(headers)).toMatchObject({ value: { ttlSeconds: 60 } });
  });

  test('never throws, and never takes a number out of its bounds', () => {
    const name = fc.constantFrom('x-perigee-similarity', 'x-perigee-ttl', 'cache-control', 'cf-aig-cache-ttl');
    fc.assert(
      fc.property(name, fc.stringMatching(/^[ -~]{0,30}$/), (header, value) => {
        const parsed = parseControls(new Headers({ [header]: value }));
        const { similarity, ttlSeconds } = parsed.ok ? parsed.value : CONTROLS;
        expect(similarity === null || (similarity >= 0 && similarity <= 1)).toBe(true);
        expect(ttlSeconds === null || ttlSeconds >= 60).toBe(true);
      }),
    );
  });
});
