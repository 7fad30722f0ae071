/**
 * The request controls in a client's headers: the standard `Cache-Control`, the `cf-aig-*` names as aliases, and
 * `x-perigee-*`. A header that cannot be understood is a problem that names it, never ignored.
 */
import { fail, succeed, type Problem, type Result } from '../contract/problem.ts';
import { PRIORITIES, ROUTING_POLICIES, type Controls } from '../contract/request.ts';

/** KV keeps nothing for less than a minute; a year is longer than any model. */
const MIN_TTL_SECONDS = 60;
const MAX_TTL_SECONDS = 31_536_000;

export function parseControls(headers: Headers): Result<Controls> {
  const problems: Problem[] = [];
  const read = <T>(name: string, parse: (text: string) => T | null, expected: string): T | null => {
    const text = headers.get(name);
    const value = text === null ? null : parse(text.trim());
    if (text !== null && value === null) {
      problems.push({
        kind: 'invalid',
        param: name,
        message: `${name}: expected ${expected}, received ${JSON.stringify(text.slice(0, 80))}.`,
      });
    }
    return value;
  };
  const directives = parseCacheControl(headers.get('cache-control') ?? '');
  const ttl = wholeNumber(MIN_TTL_SECONDS, MAX_TTL_SECONDS);
  const ttlExpected = `whole seconds from ${MIN_TTL_SECONDS} to ${MAX_TTL_SECONDS}`;
  const controls: Controls = {
    cache: cacheMode(directives, read('cf-aig-skip-cache', flag, 'true or false') ?? false),
    onlyIfCached: directives.has('only-if-cached'),
    maxAgeSeconds: maxAge(directives, problems),
    ttlSeconds: read('x-perigee-ttl', ttl, ttlExpected) ?? read('cf-aig-cache-ttl', ttl, ttlExpected),
    similarity: read('x-perigee-similarity', fraction, 'a number from 0 to 1'),
    namespace: read('x-perigee-namespace', name, NAME_EXPECTED) ?? '',
    cacheKey: read(
      'cf-aig-cache-key',
      (text) => (text.length > 0 && text.length <= 1024 ? text : null),
      '1 to 1024 characters',
    ),
    residency: read('x-perigee-residency', name, NAME_EXPECTED)?.toLowerCase() ?? null,
    session: read('x-perigee-session', sessionName, '1 to 256 characters'),
    priority: read('x-perigee-priority', oneOf(PRIORITIES), PRIORITIES.join(' or ')) ?? 'interactive',
    routing: read('x-perigee-routing', oneOf(ROUTING_POLICIES), ROUTING_POLICIES.join(', ')),
    cachesToolTurns: read('x-perigee-cache-tool-turns', flag, 'true or false') ?? false,
    exits: read('x-perigee-exit', onOrOff, 'on or off') ?? 'on',
    accuracy: read('x-perigee-accuracy', accuracy, 'a number from 0.5 to 1'),
    quality: read('x-perigee-quality', fraction, 'a number from 0 to 1'),
  };
  const [problem] = problems;
  return problem === undefined ? succeed(controls) : fail(problem);
}

const NAME_EXPECTED = '1 to 64 letters, digits, ".", "_" or "-"';

/** RFC 9111: `no-store` keeps a request out of the cache, `no-cache` and `Pragma`-like `max-age=0` ask for a new answer. */
function cacheMode(directives: ReadonlyMap<string, string>, skips: boolean): Controls['cache'] {
  if (directives.has('no-store') || skips) {
    return 'bypass';
  }
  return directives.has('no-cache') ? 'refresh' : 'use';
}

function maxAge(directives: ReadonlyMap<string, string>, problems: Problem[]): number | null {
  const text = directives.get('max-age');
  if (text === undefined) {
    return null;
  }
  const seconds = wholeNumber(0, Number.MAX_SAFE_INTEGER)(text);
  if (seconds === null) {
    problems.push({
      kind: 'invalid',
      param: 'cache-control',
      message: 'cache-control: expected max-age in whole seconds.',
    });
  }
  return seconds;
}

function parseCacheControl(text: string): Map<string, string> {
  const directives = text.split(',').map((part) => part.trim().toLowerCase().split('=', 2));
  return new Map(directives.map(([name = '', value = '']) => [name.trim(), value.trim().replaceAll('"', '')]));
}

function wholeNumber(min: number, max: number): (text: string) => number | null {
  return (text) => (/^\d{1,16}$/.test(text) && Number(text) >= min && Number(text) <= max ? Number(text) : null);
}

function fraction(text: string): number | null {
  return /^(?:0|1)(?:\.\d+)?$|^\.\d+$/.test(text) && Number(text) <= 1 ? Number(text) : null;
}

function accuracy(text: string): number | null {
  const number = fraction(text);
  return number !== null && number >= 0.5 ? number : null;
}

function onOrOff(text: string): 'on' | 'off' | null {
  const value = text.toLowerCase();
  return value === 'on' || value === 'off' ? value : null;
}

function oneOf<T extends string>(known: readonly T[]): (text: string) => T | null {
  return (text) => known.find((one) => one === text.toLowerCase()) ?? null;
}

function sessionName(text: string): string | null {
  return text.length > 0 && text.length <= 256 ? text : null;
}

function flag(text: string): boolean | null {
  const value = text.toLowerCase();
  return value === 'true' ? true : value === 'false' ? false : null;
}

function name(text: string): string | null {
  return /^[\w.-]{1,64}$/.test(text) ? text : null;
}
