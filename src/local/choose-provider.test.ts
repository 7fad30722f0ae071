import { describe, expect, it } from 'vitest';
import { agreementOf, chooseProvider } from './choose-provider.ts';

describe('chooseProvider()', () => {
  it.each([
    { wasm: 10, webgpu: 9, agreement: 1, provider: 'webgpu', reason: 'measured as faster' },
    { wasm: 10, webgpu: 9.1, agreement: 1, provider: 'wasm', reason: 'WebGPU measured as no faster' },
    { wasm: 10, webgpu: 1, agreement: 0.98, provider: 'wasm', reason: 'WebGPU gave other values' },
    { wasm: 10, webgpu: 1, agreement: Number.NaN, provider: 'wasm', reason: 'WebGPU gave other values' },
    { wasm: 0, webgpu: 3, agreement: 1, provider: 'wasm', reason: 'the clock stands still' },
    { wasm: 3, webgpu: 0, agreement: 1, provider: 'wasm', reason: 'the clock stands still' },
    { wasm: Number.NaN, webgpu: 1, agreement: 1, provider: 'wasm', reason: 'the clock stands still' },
  ])('$provider for $wasm and $webgpu ms at a cosine of $agreement', ({ wasm, webgpu, agreement, ...choice }) => {
    const measuredMs = { wasm, webgpu };
    expect(chooseProvider({ measuredMs, agreement })).toEqual({ ...choice, measuredMs });
  });
});

describe('agreementOf()', () => {
  const state = (...values: number[]) => ({ values: Float32Array.from(values), tokens: 1, width: values.length });

  it.each([
    [state(1, 2), state(2, 4), 1],
    [state(1, 0), state(0, 1), 0],
    [state(1, 0), state(-1, 0), -1],
  ])('is the cosine', (a, b, cosine) => {
    expect(agreementOf(a, b)).toBeCloseTo(cosine, 12);
  });

  it.each([
    [state(1, 2), state(1, 2, 3)],
    [state(1, Number.NaN), state(1, 2)],
    [state(0, 0), state(0, 0)],
  ])('is no number where there is nothing to compare', (a, b) => {
    expect(agreementOf(a, b)).toBeNaN();
  });
});
