/** Ramps and head as they run in the Worker, on the SIMD kernel, against what the recipe's own code gives. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createKernel } from '../../src/bindings/kernel.ts';
import { createClassifiers, type Classifier } from '../../src/local/classifiers.ts';
import type { Hidden } from '../../src/local/hidden.ts';
import { countWeights, type ClassifierSizes } from '../../src/local/manifest.ts';
import { toVerdict } from '../../src/local/verdict.ts';
// From models/recipes/text/golden.py: the recipe's own code in numpy.
import golden from '../golden/ramps.json' with { type: 'json' };

const { ramps: count, width, queries, units, classes } = golden.sizes;
const rampWidths = Array.from({ length: count }, () => width);
const { ramps, head } = createClassifiers(
  bytesOf(golden.classifiers),
  { rampWidths, width, queries, units, classes },
  createKernel,
);
const cases = golden.cases.map((one) => ({
  ...one,
  state: { values: new Float32Array(bytesOf(one.hidden)), tokens: one.tokens, width },
}));

describe('createClassifiers()', () => {
  it.each(cases)("gives the reference's logits for $tokens tokens", ({ state, ramps: expected, head: last }) => {
    expect(ramps.map((ramp) => rounded(ramp(state)))).toEqual(expected.map(rounded));
    expect(rounded(head(state))).toEqual(rounded(last));
  });

  it('takes sizes that are no multiples of four, and states that the memory has to grow for', () => {
    fc.assert(
      fc.property(shapes, ({ seed, tokens, width: wide, queries: looks, units: narrow, classes: many }) => {
        const sizes = { rampWidths: [wide], width: wide, queries: looks, units: narrow, classes: many };
        const numbers = (length: number): Float32Array =>
          Float32Array.from({ length }, (_, at) => Math.sin(seed + at * 1.7) / 2);
        const weights = numbers(countWeights(sizes));
        const made = createClassifiers(weights.buffer as ArrayBuffer, sizes, createKernel);
        const state: Hidden = { values: numbers(tokens * wide), tokens, width: wide };
        const expected = slowly(weights, sizes, state);
        expect(distance(made.ramps[0], state, expected.ramp)).toBeLessThan(2e-4);
        expect(distance(made.head, state, expected.head)).toBeLessThan(2e-4);
      }),
      { numRuns: 60 },
    );
  });

  it('stays finite for any finite state', () => {
    const row = fc.array(fc.float({ noNaN: true, min: -1e6, max: 1e6 }), { minLength: width, maxLength: width });
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 6 }), (rows) => {
        const [ramp] = ramps;
        const hidden: Hidden = { values: Float32Array.from(rows.flat()), tokens: rows.length, width };
        const { confidence } = ramp === undefined ? { confidence: 0 } : toVerdict(ramp(hidden));
        expect(confidence).toBeGreaterThanOrEqual(1 / classes);
        expect(confidence).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('gives the same after a larger state', () => {
    const [small, , large] = cases;
    const [ramp] = ramps;
    const before = small && ramp?.(small.state);
    const wide = { values: new Float32Array(9000 * width).fill(0.5), tokens: 9000, width };
    expect(ramp?.(wide)).toHaveLength(classes);
    expect(large && rounded(head(large.state))).toEqual(large && rounded(large.head));
    expect(small && ramp?.(small.state)).toEqual(before);
  });

  it.each([
    [{ values: new Float32Array(7), tokens: 1, width: 7 }, '1 x 7'],
    [{ values: new Float32Array(9), tokens: 1, width: 8 }, '1 x 8'],
    [{ values: new Float32Array(0), tokens: 0, width: 8 }, '0 x 8'],
  ])('throws for a state of another size: %#', (state, received) => {
    expect(() => ramps[0]?.(state)).toThrow(`expected a state of width 8, received ${received}`);
    expect(() => head(state)).toThrow(`received ${received}`);
  });

  it.each([-4, 4])('throws for a file that is %d bytes off', (off) => {
    const { byteLength } = bytesOf(golden.classifiers);
    const make = (): unknown =>
      createClassifiers(
        new ArrayBuffer(byteLength + off),
        { rampWidths, width, queries, units, classes },
        createKernel,
      );
    expect(make).toThrow(`expected ${byteLength} bytes, received ${byteLength + off}`);
  });
});

const shapes = fc.record({
  seed: fc.nat(1000),
  tokens: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.constant(9000)),
  width: fc.integer({ min: 1, max: 19 }),
  queries: fc.integer({ min: 1, max: 5 }),
  units: fc.integer({ min: 1, max: 9 }),
  classes: fc.integer({ min: 2, max: 11 }),
});

/** The definition, in float64. */
function slowly(
  weights: Float32Array,
  { width: wide, queries: looks, units: narrow, classes: many }: ClassifierSizes,
  { values, tokens }: Hidden,
): { ramp: number[]; head: number[] } {
  let at = 0;
  const take = (length: number): number[] => [...weights.subarray(at, (at += length))];
  const rows = Array.from({ length: tokens }, (_, token) => [...values.subarray(token * wide, (token + 1) * wide)]);
  const sumBy = (shares: readonly number[]): number[] =>
    Array.from({ length: wide }, (_, column) =>
      dot(
        shares,
        rows.map((row) => row[column] ?? 0),
      ),
    );
  const mean = sumBy(rows.map(() => 1 / tokens));
  const pooled = [...mean];
  for (let look = 0; look < looks; look++) {
    const query = take(wide);
    const powers = rows.map((row) => Math.exp(dot(row, query)));
    const total = powers.reduce((sum, power) => sum + power, 0);
    pooled.push(...sumBy(powers.map((power) => power / total)));
  }
  const layer = (matrix: readonly number[], bias: readonly number[], input: readonly number[]): number[] =>
    bias.map((value, row) => value + dot(matrix.slice(row * input.length, (row + 1) * input.length), input));
  const [middle, middleBias, out, outBias, headOut, headBias] = [
    narrow * pooled.length,
    narrow,
    many * narrow,
    many,
    many * wide,
    many,
  ].map(take);
  const active = layer(middle ?? [], middleBias ?? [], pooled).map(
    (x) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))),
  );
  return { ramp: layer(out ?? [], outBias ?? [], active), head: layer(headOut ?? [], headBias ?? [], mean) };
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0);
}

/** The largest difference of any logit; NaN where they are not as many. */
function distance(classifier: Classifier | undefined, state: Hidden, expected: readonly number[]): number {
  const given = [...(classifier?.(state) ?? [])];
  return given.length === expected.length
    ? Math.max(...given.map((value, at) => Math.abs(value - (expected[at] ?? 0))))
    : Number.NaN;
}

/** The reference computes in float32: about six digits of it count. */
function rounded(logits: ArrayLike<number>): number[] {
  return Array.from(logits, (value) => Math.round(value * 1e4) / 1e4);
}

function bytesOf(base64: string): ArrayBuffer {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0)).buffer;
}
