/** A model's card, and the same figures for the terminal. Pure. */
import { basename } from 'node:path';
import type { TensorSpec } from '../../src/contract/tensors.ts';
import type { Fidelity } from './compare.ts';
import type { Plan } from './plan.ts';
import type { Added } from './write-model.ts';

export function writeCard(added: Added): string {
  const { args, plan, choice } = added;
  const { stages, cuts } = { stages: plan.variants[choice.variant] ?? [], cuts: plan.cuts };
  return `# ${args.name}

Added by \`npm run model:add\` from \`${basename(args.file)}\`. Licence: ${args.licence}. Task: plain tensors, by the Open Inference Protocol:
\`POST /v2/models/${args.name}/infer\`.

| | name | datatype | shape (-1: any) |
| --- | --- | --- | --- |
${[...plan.inputs.map(toLine('input')), ...plan.outputs.map(toLine('output'))].join('\n')}

Kept: ${choice.reason}. At most ${choice.measurement.maxElements} values of input a request.
${stages.length === 1 ? 'One stage.' : `${stages.length} stages, cut at ${cuts.map((cut) => `\`${cut}\``).join(', ')}.`}

## Measured

${reportTable(added).join('\n')}

Against onnxruntime with the model as it was given, on ${plan.rows.length} ${plan.calibration.kind} inputs; int8 was calibrated on ${plan.calibration.rows} ${plan.calibration.kind} inputs.
Milliseconds are the median of one input in the Worker's build of ONNX Runtime (WebAssembly, one thread) under Node.
${plan.notes.map((note) => `\n- ${note}`).join('')}`
    .trimEnd()
    .concat('\n');
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
