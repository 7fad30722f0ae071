import { describe, expect, test } from 'vitest';
import { createTimeline } from './events.ts';
import { createGpu, type GpuJob, type GpuSpec } from './gpu.ts';

const SPEC: GpuSpec = { msPerToken: 0.1, overheadMs: 0, tokenMs: 10, slots: 2, readers: 1, cacheBlocks: 3 };
const JOB: GpuJob = { promptTokens: 1_000, answerTokens: 10, blocks: [] };

describe('createGpu()', () => {
  test('reads one prompt after the other, and generates side by side', () => {
    const gpu = createGpu(SPEC, () => 1);
    expect(gpu.accept(JOB, 0)).toMatchObject({ startedAt: 0, firstTokenAt: 100, endedAt: 200 });
    expect(gpu.accept(JOB, 50)).toMatchObject({ startedAt: 100, firstTokenAt: 200, endedAt: 300 });
  });

  test('reads as many at a time as it has readers, and admits as many as it has slots', () => {
    const gpu = createGpu({ ...SPEC, readers: 2 }, () => 1);
    const starts = [0, 0, 0].map((at) => gpu.accept(JOB, at).startedAt);
    expect(starts).toEqual([0, 0, 200]);
  });

  test('predicts what it then does, with those under way before it', () => {
    const gpu = createGpu(SPEC, () => 1);
    gpu.accept(JOB, 0);
    const predicted = gpu.predict(JOB, 20, [{ job: JOB, arrivedAt: 10 }]);
    gpu.accept(JOB, 10);
    expect(gpu.accept(JOB, 20).firstTokenAt).toBe(predicted);
  });

  test('reads no block that it holds, and gives up those used longest ago', () => {
    const gpu = createGpu(SPEC, () => 1);
    gpu.accept({ ...JOB, promptTokens: 1_024, blocks: [1, 2] }, 0);
    expect(gpu.accept({ ...JOB, promptTokens: 2_000, blocks: [1, 2, 3] }, 1_000).cachedTokens).toBe(1_024);
    gpu.accept({ ...JOB, promptTokens: 600, blocks: [8, 9] }, 2_000);
    expect(gpu.accept({ ...JOB, promptTokens: 2_000, blocks: [1, 2, 3] }, 3_000).cachedTokens).toBe(512);
  });

  test('reports what happened since the last report', () => {
    const gpu = createGpu(SPEC, () => 1);
    [0, 0, 0].forEach((at) => gpu.accept(JOB, at));
    expect(gpu.report(150)).toMatchObject({ waiting: 1, running: 2, prefillMs: 100, prefillMsPerToken: 0.1, busy: 1 });
    expect(gpu.report(1_000).running).toBe(0);
  });

  test('takes longer where it is slow, and has lost all after a stop', () => {
    const gpu = createGpu(SPEC, (at) => (at >= 1_000 ? 3 : 1));
    expect(gpu.accept(JOB, 1_000).firstTokenAt).toBe(1_300);
    gpu.stop(5_000);
    expect(gpu.accept(JOB, 4_000).startedAt).toBe(5_000);
  });
});

test('createTimeline() runs the soonest first, and equals in their order', () => {
  const timeline = createTimeline();
  const seen: string[] = [];
  const note = (name: string) => () => void seen.push(`${name}@${timeline.now()}`);
  [5, 1, 3, 1, 4].forEach((at, place) => timeline.at(at, note(`${place}`)));
  timeline.at(2, () => timeline.at(0, note('late')));
  timeline.run();
  expect(seen).toEqual(['1@1', '3@1', 'late@2', '2@3', '4@4', '0@5']);
});
