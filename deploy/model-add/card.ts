/** A model's card, and the same figures for the terminal. Pure. */
import { basename } from 'node:path';
import type { TensorSpec } from '../../src/contract/tensors.ts';
import type { FittedRamps } from './classifier.ts';
import type { Fidelity } from './compare.ts';
import type { Plan } from './plan.ts';
import type { Added } from './write-model.ts';

export function writeCard(added: Added): string {
  const { args, plan, choice } = added;
  const stages = plan.variants[choice.variant] ?? [];
  const { cuts } = plan;
  return `# ${args.name}

Added by \`npm run model:add\` from \`${basename(args.file)}\`. Licence: ${args.licence}. Task: ${describeTask(added)}

| | name | datatype | shape (-1: any) |
| --- | --- | --- | --- |
${[...plan.inputs.map(toLine('input')), ...plan.outputs.map(toLine('output'))].join('\n')}

Kept: ${choice.reason}. At most ${choice.measurement.maxElements} values of input a request.
${stages.length === 1 ? 'One stage.' : `${stages.length} stages, cut at ${cuts.map((cut) => `\`${cut}\``).join(', ')}.`}

## Measured

${reportTable(added).join('\n')}

Against onnxruntime with the model as it was given, on ${plan.rows.length} ${plan.calibration.kind} inputs; int8 was calibrated on ${plan.calibration.rows} ${plan.calibration.kind} inputs.
Milliseconds are the median of one input in the Worker's build of ONNX Runtime (WebAssembly, one thread) under Node.
${plan.notes.map((note) => `\n- ${note}`).join('')}${added.ramps === null ? '' : `\n\n## Ramps\n\n${rampTable(added.ramps).join('\n')}`}`
    .trimEnd()
    .concat('\n');
}

function describeTask({ args }: Added): string {
  return args.task === 'tensors'
    ? `plain tensors, by the Open Inference Protocol:\n\`POST /v2/models/${args.name}/infer\`.`
    : `classification of images, with early exits:\n\`POST /v1/classify\`, model \`${args.name}\`.`;
}

/** What the ramps cost, how often they agree with the end, and which thresholds are certified. */
export function rampTable({ observation, fitted }: FittedRamps): string[] {
  const total = observation.stageMs.reduce((sum, ms) => sum + ms, 0);
  const [fit, tune, check] = fitted.rows;
  const until = (stage: number): number => observation.stageMs.slice(0, stage + 1).reduce((sum, ms) => sum + ms, 0);
  const lines = observation.rampMs.map((ms, ramp) => {
    const agreement = fitted.agreement[ramp]?.toFixed(4) ?? '';
    const place = (until(observation.rampStages[ramp] ?? 0) / total).toFixed(3);
    return `| ${ramp + 1} | ${place} | ${(ms / total).toFixed(4)} | ${agreement} | ${fitted.active[ramp] ? 'yes' : 'no'} |`;
  });
  const settings = fitted.settings.map(
    ({ bound, calibrated: { rows, misses, upper }, saved }) =>
      `At most ${100 * bound} % otherwise than the full model: ${misses} of ${rows} rows, at most ${(100 * upper).toFixed(2)} % (95 %); saves ${(100 * saved.median).toFixed(0)} % of the time at the median, ${(100 * saved.mean).toFixed(0)} % on average.`,
  );
  const why = fitted.active.includes(true)
    ? `${check} rows certify nothing (299 without a miss certify 1 %)`
    : 'no ramp is within the budget';
  const none = `Exits are off at the start: ${why}.`;
  return [
    '| ramp | after this share of the time | its own share | agrees with the end | within the budget of 2 % |',
    '| --- | --- | --- | --- | --- |',
    ...lines,
    '',
    `${fit} rows fitted the ramps, ${tune} ordered thresholds, ${check} certify.`,
    ...(settings.length === 0 ? [none] : settings),
  ];
}

/** One line an output and variant, in Markdown. */
export function reportTable({ plan, variants }: Pick<Added, 'plan' | 'variants'>): string[] {
  const lines = Object.entries(variants).flatMap(([variant, measured]) => {
    const bytes = (plan.variants[variant] ?? []).reduce((sum, stage) => sum + stage.bytes, 0);
    if (!measured.ok) {
      return [`| ${variant} | ${bytes} | cannot run: ${measured.fault} | | | | | |`];
    }
    const { fidelity, latencyMs } = measured.value;
    return Object.entries(fidelity).map(
      ([output, found]) =>
        `| ${variant} | ${bytes} | ${latencyMs.toFixed(2)} | ${output} | ${toCells(found).join(' | ')} |`,
    );
  });
  return [
    '| variant | bytes | ms | output | largest difference | mean difference | least cosine | same top-1 |',
    '| --- | --- | --- | --- | --- | --- | --- | --- |',
    ...lines,
  ];
}

function toCells({ maxAbs, meanAbs, leastCosine, top1 }: Fidelity): string[] {
  return [maxAbs.toPrecision(3), meanAbs.toPrecision(3), leastCosine.toFixed(6), top1 === null ? '' : top1.toFixed(3)];
}

function toLine(kind: string): (spec: TensorSpec) => string {
  return ({ name, datatype, shape }) => `| ${kind} | \`${name}\` | ${datatype} | ${JSON.stringify(shape)} |`;
}

export function describePlan({ inputs, outputs, cuts }: Plan): string {
  const stages = cuts.length === 0 ? '' : `, ${cuts.length + 1} stages`;
  return `${inputs.map(show).join(', ')} -> ${outputs.map(show).join(', ')}${stages}`;
}

function show({ name, datatype, shape }: TensorSpec): string {
  return `${name} ${datatype} ${JSON.stringify(shape)}`;
}
