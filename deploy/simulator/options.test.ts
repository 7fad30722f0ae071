import { expect, test } from 'vitest';
import type { SimulatorOptions } from './options.ts';
import { toSettings } from './options.ts';

test.each<[Partial<SimulatorOptions>, string]>([
  [{ region: '' }, 'region: expected printable ASCII without spaces, received ""'],
  [{ models: [] }, 'models: expected at least one name'],
  [{ jitter: 2 }, 'jitter: expected a number from 0 to 1, received 2'],
  [{ port: 1.5 }, 'port: expected an integer from 0 to 65535, received 1.5'],
  [{ ttftMs: -1 }, 'ttftMs: expected a number from 0 to 3600000, received -1'],
  [{ msPerToken: Number.NaN }, 'msPerToken: expected a number from 0 to 3600000, received NaN'],
  [{ faults: [{ kind: 'status', status: 200 }] }, 'faults[0].status: expected an integer from 400 to 599'],
])('toSettings() throws on %j, naming field, expectation and value', (options, message) => {
  expect(() => toSettings({ region: 'us-east', ...options })).toThrow(message);
});
