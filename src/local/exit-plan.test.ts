import { describe, expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from './exits/settings.ts';
import { certifiedFor, exitsOf } from './exit-plan.ts';
import type { ClassificationManifest } from './manifest.ts';

const settings = [0.005, 0.02, 0.01].map((bound) => ({
  bound,
  confidence: 0.95,
  thresholds: [bound],
  calibrated: { rows: 300, misses: 0 },
}));

describe('certifiedFor()', () => {
  test.each([
    [0.01, 0.01],
    [1 - 0.99, 0.01],
    [1 - 0.98, 0.02],
    [0.015, 0.01],
    [0.5, 0.02],
  ])('takes for the bound %d the loosest setting that keeps it', (bound, expected) => {
    expect(certifiedFor(settings, bound)?.thresholds).toEqual([expected]);
  });

  test.each([0.004, 0])('takes none for the bound %d, which nothing keeps', (bound) => {
    expect(certifiedFor(settings, bound)).toBeNull();
  });
});

describe('exitsOf()', () => {
  const manifest = {
    name: 'text',
    version: 'v1',
    stages: ['stage-0.onnx', 'stage-1.onnx', 'stage-2.onnx'].map((file) => ({ file })),
    ramps: [{ after: 'stage-1.onnx', blocks: 1 }],
    tasks: { mood: { settings, costs: { stages: [2, 3, 1], ramps: [0.01] } } },
  } as unknown as ClassificationManifest;

  test('gives the controller costs, settings and what is certified for its constraint', () => {
    const [exits] = exitsOf(manifest, () => ({ ...DEFAULT_SETTINGS, constraint: 0.02 }));
    expect(exits).toEqual({
      model: 'text',
      version: 'v1',
      task: 'mood',
      ramps: 1,
      plan: { settings: { ...DEFAULT_SETTINGS, constraint: 0.02 }, costs: { blocks: [5, 1], ramps: [0.01] } },
      shipped: {
        policy: { thresholds: [0.02] },
        guard: { thresholds: [0.01] },
        evidence: { rows: 300, misses: 0 },
        reference: null,
      },
      settings,
    });
  });

  test('a ramp before the first stage has no time before it', () => {
    const ramps = [{ after: null, blocks: 0 }, ...manifest.ramps];
    const task = { settings: [], costs: { stages: [2, 3, 1], ramps: [0.01, 0.01] } };
    const [exits] = exitsOf(
      { ...manifest, ramps, tasks: { mood: task } } as unknown as ClassificationManifest,
      () => DEFAULT_SETTINGS,
    );
    expect(exits?.plan.costs.blocks).toEqual([0, 5, 1]);
  });

  test('says what the rows looked like that certified it', () => {
    const traffic = { sentinel: 0, edges: [0.9], bins: [1, 2], exits: [2, 1] };
    const task = { settings: settings.map((one) => ({ ...one, traffic })), costs: { stages: [1, 1, 1], ramps: [0] } };
    const [exits] = exitsOf(
      { ...manifest, tasks: { mood: task } } as unknown as ClassificationManifest,
      () => DEFAULT_SETTINGS,
    );
    expect(exits?.shipped?.reference).toEqual({
      id: 0,
      sentinel: 0,
      edges: [0.9],
      bins: [0.375, 0.625],
      exits: [0.625, 0.375],
    });
  });

  test('ships nothing where nothing is certified for it', () => {
    expect(exitsOf(manifest, () => ({ ...DEFAULT_SETTINGS, constraint: 0.001 }))[0]?.shipped).toBeNull();
  });
});
