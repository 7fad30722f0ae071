/** Which variant of a model is kept: the nearest int8 one where it is as fast as fp32 and near enough, else fp32. Pure. */
import type { Measured, Measurement } from './measure.ts';

export interface Choice {
  variant: string;
  measurement: Measurement;
  /** In words, for whoever added the model. */
  reason: string;
}

/** Below, an int8 model is taken to stray too far. */
const MIN_COSINE = 0.99;
const MIN_TOP1 = 0.98;

/** Null where none of what is wished for runs, or int8 alone does and strays too far. */
export function chooseVariant(
  variants: Readonly<Record<string, Measured>>,
  wish: 'auto' | 'int8' | 'none',
): Choice | null {
  const { fp32: plain } = variants;
  const fp32 = plain !== undefined && plain.ok ? plain.value : null;
  const quantised = Object.entries(variants)
    .flatMap(([variant, measured]) =>
      variant !== 'fp32' && measured.ok ? [{ variant, measurement: measured.value }] : [],
    )
    .toSorted((a, b) => cosineOf(b.measurement) - cosineOf(a.measurement));
  const [nearest] = quantised;
  if (wish === 'int8') {
    return nearest === undefined ? null : { ...nearest, reason: `${nearest.variant}, as asked for` };
  }
  if (fp32 === null) {
    const usable = quantised.find(({ measurement }) => isNear(measurement));
    return usable === undefined ? null : { ...usable, reason: `${usable.variant}: fp32 cannot be served` };
  }
  if (nearest === undefined) {
    return {
      variant: 'fp32',
      measurement: fp32,
      reason: wish === 'none' ? 'fp32, as asked for' : 'fp32: no int8 runs',
    };
  }
  const usable = quantised.filter(({ measurement }) => isNear(measurement));
  const faster = usable.find(({ measurement }) => measurement.latencyMs <= fp32.latencyMs);
  if (faster !== undefined) {
    return { ...faster, reason: `${faster.variant}: near enough, and no slower than fp32` };
  }
  const why =
    usable.length > 0
      ? `int8 is slower (${show(nearest.measurement.latencyMs)} against ${show(fp32.latencyMs)} ms)`
      : `int8 strays too far (least cosine ${cosineOf(nearest.measurement).toFixed(4)}, top-1 ${showTop1(nearest.measurement)})`;
  return { variant: 'fp32', measurement: fp32, reason: `fp32: ${why}` };
}

function isNear(measurement: Measurement): boolean {
  return (
    cosineOf(measurement) >= MIN_COSINE &&
    Object.values(measurement.fidelity).every(({ top1 }) => top1 === null || top1 >= MIN_TOP1)
  );
}

function cosineOf({ fidelity }: Measurement): number {
  return Math.min(...Object.values(fidelity).map(({ leastCosine }) => leastCosine));
}

function showTop1({ fidelity }: Measurement): string {
  const shares = Object.values(fidelity).flatMap(({ top1 }) => (top1 === null ? [] : [top1]));
  return shares.length === 0 ? 'not defined' : Math.min(...shares).toFixed(3);
}

function show(ms: number): string {
  return ms.toFixed(2);
}
