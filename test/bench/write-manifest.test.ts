import { expect, test } from 'vitest';
import { withLatencies } from './write-manifest.ts';

const BEFORE = `${JSON.stringify({ name: 'm', latencyMs: {}, files: { a: { bytes: 1 } } }, null, 2)}\n`;

test('withLatencies() writes the table as JSON.stringify would, and nothing else', () => {
  const after = withLatencies(BEFORE, { '8': 2.5, '16': 5 });
  expect(after).toBe(
    `${JSON.stringify({ name: 'm', latencyMs: { '8': 2.5, '16': 5 }, files: { a: { bytes: 1 } } }, null, 2)}\n`,
  );
});

test('withLatencies() replaces an earlier table', () => {
  expect(withLatencies(withLatencies(BEFORE, { '8': 2.5 }), { '8': 3 })).toBe(withLatencies(BEFORE, { '8': 3 }));
});

test('withLatencies() refuses a manifest without a table', () => {
  expect(() => withLatencies('{}', { '8': 1 })).toThrow('expected one latencyMs, received 0');
});
