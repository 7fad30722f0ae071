/**
 * A deterministic stand-in for the classification models: one task, `mood`, of model `text`, with three ramps. The label
 * is `glad` where the text holds that word. The first ramp is sure of texts of up to four words, the second of up to
 * eight, the third never; the first is wrong where the text says so. Records its calls; faults and backlog can be set.
 */
import type { ClassificationTask, Classifier, ClassifyFault, ClassifyOptions } from '../../src/contract/ports.ts';
import { fail, succeed } from '../../src/contract/problem.ts';
import type { ClassifyInput } from '../../src/contract/request.ts';

export interface FakeClassifier extends Classifier {
  readonly calls: { task: string; input: ClassifyInput; options: ClassifyOptions }[];
  /** Texts whose remaining stages ran, in their order. */
  readonly finished: string[];
  /** Where set, what every call answers. */
  fault: ClassifyFault | null;
  /** What `backlog()` answers. */
  waiting: number;
}

const VOCABULARY = 30_522;
const SPECIAL_TOKENS = 2;

export const MOOD: ClassificationTask = {
  name: 'mood',
  model: 'text',
  version: 'fake',
  labels: ['sad', 'glad'],
  ramps: 3,
  takes: 'text',
  maxTokens: 256,
};

export function createFakeClassifier(): FakeClassifier {
  const fake: FakeClassifier = {
    tasks: [MOOD],
    calls: [],
    finished: [],
    fault: null,
    waiting: 0,
    backlog: () => fake.waiting,
    // oxlint-disable-next-line require-await -- the port is asynchronous
    async classify(task, input, options) {
      fake.calls.push({ task: task.name, input, options });
      if (fake.fault !== null) {
        return fail(fake.fault);
      }
      if (input.kind === 'image') {
        return fail({ kind: 'wrong-kind', takes: 'text' });
      }
      const bad = input.kind === 'tokens' ? input.ids.find((id) => id < 0 || id >= VOCABULARY) : undefined;
      if (bad !== undefined) {
        return fail({ kind: 'bad-token', id: bad, vocabulary: VOCABULARY });
      }
      const text = input.kind === 'text' ? input.text : input.ids.join(' ');
      const words: readonly string[] = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
      if (words.length === 0) {
        return fail({ kind: 'empty' });
      }
      const { maxTokens } = task;
      const length = words.length + SPECIAL_TOKENS;
      const { truncateTo, policy, isSampled } = options;
      if (truncateTo === null && length > maxTokens) {
        return fail({ kind: 'too-long', tokens: length, maxTokens });
      }
      const limit = truncateTo === null || truncateTo < 0 ? maxTokens : Math.min(truncateTo, maxTokens);
      const confidences = [words.length <= 4 ? 0.99 : 0.6, words.length <= 8 ? 0.97 : 0.6, 0.6];
      const label = words.includes('glad') ? 1 : 0;
      const seen = confidences.map((_, ramp) => (ramp === 0 && words.includes('wrong') ? 1 - label : label));
      const left = confidences.findIndex((confidence, ramp) => confidence >= (policy.thresholds[ramp] ?? Infinity));
      const given = seen[left] ?? label;
      const confidence = confidences[left] ?? 0.9;
      return succeed({
        label: given,
        probabilities: given === 0 ? [confidence, 1 - confidence] : [1 - confidence, confidence],
        confidence,
        exit: left < 0 ? null : left,
        confidences: confidences.map((seenAt, ramp) => (left < 0 || ramp <= left ? seenAt : null)),
        tokens: Math.min(length, limit),
        wasTruncated: length > limit,
        finish: isSampled
          ? () => {
              fake.finished.push(text);
              return Promise.resolve({ confidences, agrees: seen.map((one) => one === label) });
            }
          : null,
      });
    },
  };
  return fake;
}
