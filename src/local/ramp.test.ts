import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
// From models/recipes/text/golden.py: the recipe's own code in numpy.
import golden from '../../test/golden/ramps.json' with { type: 'json' };
import { parseClassifiers } from './classifiers.ts';
import type { Hidden } from './hidden.ts';
import { headLogits, judgeAtEnd, judgeAtRamp, rampLogits } from './ramp.ts';

const { sizes } = golden;
const classifiers = parseClassifiers(bytesOf(golden.classifiers), {
  ...sizes,
  rampWidths: Array.from({ length: sizes.ramps }, () => sizes.width),
});
const cases = golden.cases.map(({ hidden, tokens, ramps, head }) => ({
  hidden: { values: new Float32Array(bytesOf(hidden)), tokens, width: sizes.width },
  tokens,
  ramps,
  head,
}));

describe('rampLogits()', () => {
  it.each(cases)("gives the reference's logits for $tokens tokens", ({ hidden, ramps }) => {
    expect(classifiers.ramps.map((ramp) => rounded(rampLogits(ramp, hidden)))).toEqual(ramps.map(rounded));
  });
});

describe('headLogits()', () => {
  it.each(cases)("gives the reference's logits for $tokens tokens", ({ hidden, head }) => {
    expect(rounded(headLogits(classifiers.head, hidden))).toEqual(rounded(head));
  });
});

describe('judgeAtRamp()', () => {
  it('gives the likeliest class, its probability, and probabilities that add up to 1', () => {
    for (const { hidden, ramps } of cases) {
      classifiers.ramps.forEach((ramp, at) => {
        const { label, confidence, probabilities } = judgeAtRamp(ramp, hidden);
        const logits = ramps[at] ?? [];
        expect(label).toBe(logits.indexOf(Math.max(...logits)));
        expect(confidence).toBe(Math.max(...probabilities));
        expect(probabilities.reduce((sum, value) => sum + value)).toBeCloseTo(1, 12);
      });
    }
  });

  it('stays finite for any finite state', () => {
    const state = fc.array(fc.float({ noNaN: true, min: -1e6, max: 1e6 }), { minLength: 8, maxLength: 8 });
    fc.assert(
      fc.property(fc.array(state, { minLength: 1, maxLength: 6 }), (rows) => {
        const [ramp] = classifiers.ramps;
        const hidden: Hidden = { values: Float32Array.from(rows.flat()), tokens: rows.length, width: 8 };
        const { confidence } = ramp === undefined ? { confidence: 0 } : judgeAtRamp(ramp, hidden);
        expect(confidence).toBeGreaterThanOrEqual(1 / 3);
        expect(confidence).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('judgeAtEnd()', () => {
  it('throws for a state that is no number, rather than leave on it', () => {
    const hidden = { values: new Float32Array(8).fill(Number.NaN), tokens: 1, width: 8 };
    expect(() => judgeAtEnd(classifiers.head, hidden)).toThrow('expected finite logits, received NaN');
  });
});

/** The reference computes in float32: about six digits of it count. */
function rounded(logits: ArrayLike<number>): number[] {
  return Array.from(logits, (value) => Math.round(value * 1e4) / 1e4);
}

function bytesOf(base64: string): ArrayBuffer {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0)).buffer;
}
