import { expect, test } from 'vitest';
import { toBenchArgs } from './args.ts';

test('toBenchArgs() takes the files of --drift with one flag or with several', () => {
  const once = toBenchArgs(['exits', '--task', 'sst2', '--drift', 'cr/part', 'mr/part', '--json', 'out.json']);
  const twice = toBenchArgs(['exits', '--task', 'sst2', '--drift', 'cr/part', '--drift', 'mr/part']);
  expect([once.name, once.driftFiles, once.jsonFile]).toEqual(['exits', ['cr/part', 'mr/part'], 'out.json']);
  expect(twice.driftFiles).toEqual(once.driftFiles);
});

test('toBenchArgs() takes the tables of --rtt and the file of --trace', () => {
  const args = toBenchArgs(['routing', '--rtt', '/a.csv', '/b.csv', '--trace', '/t.jsonl']);
  expect([args.rttFiles, args.traceFile]).toEqual([['/a.csv', '/b.csv'], '/t.jsonl']);
});

test('toBenchArgs() takes the files of --eval; a benchmark of one takes the first', () => {
  const { name, evalFile, evalFiles } = toBenchArgs(['tiers', '--eval', '/a', '/b', '--json', 'out.json']);
  expect({ name, evalFile, evalFiles }).toEqual({ name: 'tiers', evalFile: '/a', evalFiles: ['/a', '/b'] });
  expect(toBenchArgs(['tiers'])).toMatchObject({ evalFile: null, evalFiles: [] });
});

test.each([
  [['exits', 'embed'], 'expected the name of one benchmark'],
  [['exits', '--limit', '0'], '--limit: expected a whole number above 0, received 0'],
  [['exits', '--limit', 'ten'], '--limit: expected a whole number above 0, received ten'],
])('toBenchArgs() refuses %j', (args, message) => {
  expect(() => toBenchArgs(args)).toThrow(message);
});
