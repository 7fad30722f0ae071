import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stagedFixture } from '../../test/support/staged-classifier.ts';
import { classify } from './classify.ts';

const at = (...thresholds: (number | null)[]) => ({ thresholds });

describe('classify()', () => {
  it('leaves at the first ramp that is sure enough, and runs no further stage', async () => {
    const { model, embedded, ran } = stagedFixture({ confidences: [0.6, 0.9, 0.95], labels: [0, 1, 1, 1] });
    const { exit, verdict } = await classify(model, embedded, { policy: at(0.8, 0.8, 0.8), isSampled: false });
    expect([exit, verdict.label, ran]).toEqual([1, 1, [0, 1]]);
    expect(verdict.confidence).toBeCloseTo(0.9, 6);
  });

  it('runs to the end where no ramp is sure enough, or all are off', async () => {
    for (const policy of [at(0.99, 0.99, 0.99), at(null, null, null), at()]) {
      const { model, embedded, ran } = stagedFixture({ confidences: [0.6, 0.9, 0.95], labels: [0, 0, 0, 1] });
      const { exit, verdict, finish } = await classify(model, embedded, { policy, isSampled: false });
      expect([exit, verdict.label, ran, finish]).toEqual([null, 1, [0, 1, 2, 3], null]);
    }
  });

  it('does not compute a ramp that is off', async () => {
    const { model, embedded, judged } = stagedFixture({ confidences: [0.9, 0.9, 0.9], labels: [0, 0, 0, 0] });
    await classify(model, embedded, { policy: at(null, null, 0.5), isSampled: false });
    expect(judged()).toEqual([2]);
  });

  it('computes the sentinel even where it is off, and says what it saw', async () => {
    const { model, embedded, judged } = stagedFixture({ confidences: [0.9, 0.8, 0.7], labels: [0, 0, 0, 0] });
    const options = { policy: at(null, null, 0.5), isSampled: false, sentinel: 1 };
    const { confidences, exit } = await classify(model, embedded, options);
    expect([judged(), exit]).toEqual([[1, 2], 2]);
    expect(confidences).toEqual([null, expect.closeTo(0.8, 6), expect.closeTo(0.7, 6)]);
  });

  it('leaves before any stage where a ramp on the first state is sure enough', async () => {
    const { model: other, embedded, ran } = stagedFixture({ confidences: [0.9, 0.8, 0.7], labels: [1, 1, 1, 1] });
    const model = { ...other, rampStages: [-1, 0, 1] };
    // The fixture's first state says nothing: a half each.
    const { exit, finish } = await classify(model, embedded, { policy: at(0.5), isSampled: true });
    expect([exit, [...ran]]).toEqual([0, []]);
    const sample = await finish?.((run) => run());
    expect([ran, sample?.agrees]).toEqual([
      [0, 1, 2, 3],
      [false, true, true],
    ]);
    expect(sample?.confidences.map((value) => Number(value.toFixed(6)))).toEqual([0.5, 0.9, 0.8]);
    expect((await classify(model, embedded, { policy: at(0.6, 0.6), isSampled: false })).exit).toBe(1);
  });

  it('leaves at a confidence that equals the threshold', async () => {
    const { model, embedded } = stagedFixture({ confidences: [0.9, 0.9, 0.9], labels: [0, 0, 0, 0] });
    const first = await classify(model, embedded, { policy: at(0.1), isSampled: false });
    const { confidence } = first.verdict;
    expect((await classify(model, embedded, { policy: at(confidence), isSampled: false })).exit).toBe(0);
    expect((await classify(model, embedded, { policy: at(confidence + 1e-9), isSampled: false })).exit).toBeNull();
  });
});

describe('finish()', () => {
  it('runs what is left, each stage in a turn of its own, and compares every ramp with the end', async () => {
    const { model, embedded, ran } = stagedFixture({ confidences: [0.9, 0.6, 0.7], labels: [1, 0, 1, 1] });
    const { exit, finish } = await classify(model, embedded, { policy: at(0.8, null, null), isSampled: true });
    expect([exit, [...ran]]).toEqual([0, [0]]);
    let turns = 0;
    const sample = await finish?.((run) => {
      turns++;
      return run();
    });
    expect([turns, ran]).toEqual([3, [0, 1, 2, 3]]);
    expect(sample?.agrees).toEqual([true, false, true]);
    expect(sample?.confidences.map((value) => Number(value.toFixed(6)))).toEqual([0.9, 0.6, 0.7]);
  });

  it('says the same wherever the request left', async () => {
    const threshold = fc.constantFrom(null, 0.5, 0.75, 0.99);
    const confidence = fc.constantFrom(0.55, 0.8, 0.9);
    const label = fc.constantFrom(0, 1);
    await fc.assert(
      fc.asyncProperty(
        fc.tuple(threshold, threshold, threshold),
        fc.tuple(confidence, confidence, confidence),
        fc.tuple(label, label, label, label),
        async (thresholds, confidences, labels) => {
          const { model, embedded } = stagedFixture({ confidences, labels });
          const full = await classify(model, embedded, { policy: at(), isSampled: true });
          const early = await classify(model, embedded, { policy: { thresholds }, isSampled: true });
          const runNow = (run: () => ReturnType<(typeof model.stages)[number]['run']>) => run();
          expect(await early.finish?.(runNow)).toEqual(await full.finish?.(runNow));
        },
      ),
    );
  });
});
