import { describe, expect, test } from 'vitest';
import { createFakeClock, type FakeClock } from '../../test/support/fake-clock.ts';
import { createFakeLog, type FakeLog } from '../../test/support/fake-log.ts';
import type { Recorder } from '../contract/trace.ts';
import { record } from './record.ts';

describe('record()', () => {
  test('opens a trace with its head and the time', () => {
    const { recorder, clock } = start();
    expect(recorder.trace).toMatchObject({
      request_id: 'req_1',
      route: 'POST /v1/embeddings',
      colo: 'FRA',
      started_at: clock.now(),
      tenant: null,
      status: 0,
      stages: [],
      ended: 'complete',
    });
  });

  test('notes stages in their order, with the time each took and what it decided', async () => {
    const { recorder, clock } = start();
    const outcome = await recorder.stage(
      'cache',
      () => take(clock, 3, 'miss'),
      (word) => word,
    );
    await recorder.stage(
      'origin',
      () => take(clock, 40, 'x'),
      () => ({ decision: 'near', detail: 'timeout' }),
    );
    expect(outcome).toBe('miss');
    expect(recorder.trace.stages).toEqual([
      { stage: 'cache', decision: 'miss', ms: 3 },
      { stage: 'origin', decision: 'near', detail: 'timeout', ms: 40 },
    ]);
  });

  test('leave() notes status and the time to the head, finish() the whole time, and writes once', async () => {
    const { recorder, clock, log } = start();
    clock.advance(5);
    recorder.leave(200);
    clock.advance(20);
    expect(log.traces).toEqual([]);
    await recorder.finish();
    expect(log.traces).toEqual([expect.objectContaining({ status: 200, head_ms: 5, total_ms: 25 })]);
  });

  test('finish() runs what is left, waits for it and notes what it learnt', async () => {
    const { recorder, clock, log } = start();
    recorder.endsWith(() => take(clock, 7, { completion_tokens: 5, store: 'stored' }));
    await recorder.finish();
    expect(log.traces).toEqual([expect.objectContaining({ completion_tokens: 5, store: 'stored', total_ms: 7 })]);
  });

  test('finish() writes the line even where what is left fails', async () => {
    const { recorder, log } = start();
    recorder.endsWith(() => Promise.reject(new Error('no such entry')));
    await recorder.finish();
    expect(log.traces).toEqual([expect.objectContaining({ store: 'failed: no such entry' })]);
  });

  test('two requests share nothing', async () => {
    const [one, other] = [start(), start()];
    one.recorder.set({ tenant: 'alice' });
    await one.recorder.stage(
      'cache',
      () => Promise.resolve(),
      () => 'miss',
    );
    expect(other.recorder.trace).toMatchObject({ tenant: null, stages: [] });
  });
});

function start(): { recorder: Recorder; clock: FakeClock; log: FakeLog } {
  const [clock, log] = [createFakeClock(), createFakeLog()];
  const head = { request_id: 'req_1', route: 'POST /v1/embeddings', colo: 'FRA' };
  return { clock, log, recorder: record(head, { clock, log }) };
}

async function take<T>(clock: FakeClock, ms: number, value: T): Promise<T> {
  await Promise.resolve();
  clock.advance(ms);
  return value;
}
