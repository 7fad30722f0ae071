/** What every Classifier must do. Runs on the fake and, in workerd, on the real one. */
import { describe, expect, it } from 'vitest';
import { EXITS_OFF, type ExitPolicy } from '../../src/contract/exits.ts';
import type { Classification, Classifier, ClassifyFault, ClassifyOptions } from '../../src/contract/ports.ts';
import type { Result } from '../../src/contract/problem.ts';
import type { EmbeddingInput } from '../../src/contract/request.ts';

/** Everything leaves at the first ramp. */
const AT_ONCE: ExitPolicy = { thresholds: [0] };

export function describeClassifier(name: string, create: () => Classifier): void {
  const options = (more: Partial<ClassifyOptions> = {}): ClassifyOptions => ({
    policy: EXITS_OFF,
    sentinel: null,
    isSampled: false,
    truncateTo: -1,
    ...more,
  });
  const hello = text('so glad');

  describe(`${name}: classify()`, () => {
    const run = (input: EmbeddingInput, more: Partial<ClassifyOptions> = {}) => {
      const classifier = create();
      const [task] = classifier.tasks;
      if (task === undefined) {
        throw new Error('classifier: expected a task, received none');
      }
      return classifier.classify(task, input, options(more));
    };

    it('gives for every task a probability for each label, the largest with its label', async () => {
      const classifier = create();
      for (const task of classifier.tasks) {
        const { label, confidence, probabilities, exit } = valueOf(await classifier.classify(task, hello, options()));
        const all = Array.from(probabilities);
        expect(all).toHaveLength(task.labels.length);
        expect(all.reduce((sum, value) => sum + value)).toBeCloseTo(1, 9);
        expect([label, confidence, exit]).toEqual([all.indexOf(Math.max(...all)), Math.max(...all), null]);
      }
    });

    it('gives the same input the same answer', async () => {
      expect(valueOf(await run(hello))).toEqual(valueOf(await run(hello)));
    });

    it('leaves where the policy says so', async () => {
      expect(valueOf(await run(hello, { policy: AT_ONCE })).exit).toBe(0);
      expect(valueOf(await run(hello, { policy: { thresholds: [null, 0] } })).exit).toBe(1);
      expect(valueOf(await run(hello, { policy: { thresholds: [1.1] } })).exit).toBeNull();
    });

    it('says how sure the ramps on the way were', async () => {
      const { confidences, confidence } = valueOf(await run(hello, { policy: AT_ONCE }));
      expect([confidences[0], confidences[1]]).toEqual([confidence, null]);
    });

    it('goes on later for a sampled input alone, and says the same wherever it left', async () => {
      expect(valueOf(await run(hello, { policy: AT_ONCE })).finish).toBeNull();
      const early = valueOf(await run(hello, { policy: AT_ONCE, isSampled: true }));
      const full = valueOf(await run(hello, { isSampled: true }));
      const feedback = await early.finish?.();
      const [task] = create().tasks;
      expect([early.exit, full.exit]).toEqual([0, null]);
      expect(feedback).toEqual(await full.finish?.());
      expect(feedback?.confidences).toHaveLength(task?.ramps ?? -1);
      expect(feedback?.confidences[0]).toBe(early.confidence);
      expect(feedback?.agrees[0]).toBe(early.label === full.label);
    });

    it('cuts a long input, and says so', async () => {
      const long = text('word '.repeat(1_000));
      expect(valueOf(await run(long))).toMatchObject({ tokens: 256, wasTruncated: true });
      expect(valueOf(await run(long, { truncateTo: 8 }))).toMatchObject({ tokens: 8, wasTruncated: true });
      expect(valueOf(await run(hello, { truncateTo: null }))).toMatchObject({ tokens: 4, wasTruncated: false });
      expect(faultOf(await run(long, { truncateTo: null }))).toEqual({
        kind: 'too-long',
        tokens: 1_002,
        maxTokens: 256,
      });
    });

    it('takes token ids, and refuses those outside the vocabulary', async () => {
      expect(valueOf(await run({ kind: 'tokens', ids: [7592, 2088] })).tokens).toBe(4);
      expect(faultOf(await run({ kind: 'tokens', ids: [30_522] }))).toEqual({
        kind: 'bad-token',
        id: 30_522,
        vocabulary: 30_522,
      });
    });

    it.each([text(''), text(' \n\t'), { kind: 'tokens', ids: [] } as const])(
      'refuses the empty input %j',
      async (input) => {
        expect(faultOf(await run(input))).toEqual({ kind: 'empty' });
      },
    );

    it('leaves no backlog behind', async () => {
      const classifier = create();
      const [task] = classifier.tasks;
      await Promise.all([1, 2, 3].map(async () => task && classifier.classify(task, hello, options())));
      expect(classifier.backlog()).toBe(0);
    });
  });
}

function text(words: string): EmbeddingInput {
  return { kind: 'text', text: words };
}

function valueOf(result: Result<Classification, ClassifyFault>): Classification {
  if (!result.ok) {
    throw new Error(`classification: expected one, received ${JSON.stringify(result.problem)}`);
  }
  return result.value;
}

function faultOf(result: Result<Classification, ClassifyFault>): ClassifyFault {
  if (result.ok) {
    throw new Error('classification: expected a fault, received a label');
  }
  return result.problem;
}
