import { expect, test, vi } from 'vitest';
import type { Trace } from '../contract/trace.ts';
import { createTraceLog } from './trace-log.ts';

test('createTraceLog() writes a line a trace, and its warnings once before the first', () => {
  const lines: string[] = [];
  vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
  vi.spyOn(console, 'warn').mockImplementation((line: string) => void lines.push(line));
  const log = createTraceLog(['something is not set']);
  const trace = { request_id: 'req_1' } as Trace;
  expect(lines).toEqual([]);
  log.write(trace);
  log.write(trace);
  expect(lines).toEqual(['{"warning":"something is not set"}', '{"request_id":"req_1"}', '{"request_id":"req_1"}']);
  vi.restoreAllMocks();
});
