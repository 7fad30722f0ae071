/** Writes a model's folder: stages, manifest, card. It is put together beside its place and moved there as a whole. */
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { parseTensorManifest } from '../../src/local/tensors/manifest.ts';
import type { AddArguments } from './arguments.ts';
import { writeCard } from './card.ts';
import type { Choice } from './choose.ts';
import { describeClassifier, type FittedRamps } from './classifier.ts';
import type { Measured } from './measure.ts';
import type { Plan, PlannedStage } from './plan.ts';

export interface Added {
  args: AddArguments;
  plan: Plan;
  choice: Choice;
  variants: Readonly<Record<string, Measured>>;
  /** Of `--task classify`; else null and empty. */
  ramps: FittedRamps | null;
  labels: readonly string[];
}

/** The fields that every manifest has, for a model of these files. */
export type DescribeFile = (files: readonly string[]) => object;

/** What the runtime takes of the heap before any session. */
const RUNTIME_BYTES = 16 * 1024 * 1024;
/** A session is never smaller than this multiple of its file. */
const HEAP_FACTOR = 1.3;

export function writeModel(added: Added, work: string): void {
  const { args, plan, choice } = added;
  const stages = plan.variants[choice.variant] ?? [];
  const folder = `${args.out}.new`;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  try {
    for (const { file } of stages) {
      copyFileSync(join(work, choice.variant, file), join(folder, file));
    }
    const describe: DescribeFile = (files) => describeModel(added, folder, files);
    const manifest =
      args.task === 'tensors'
        ? describeTensors(added, stages, describe)
        : describeClassifier(added, { work, folder, describe });
    writeFileSync(join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
    writeFileSync(join(folder, 'README.md'), writeCard(added));
    mkdirSync(dirname(args.out), { recursive: true });
    renameSync(folder, args.out);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

function describeTensors({ plan, choice }: Added, stages: readonly PlannedStage[], describe: DescribeFile): object {
  const manifest = {
    task: 'tensors',
    inputs: plan.inputs,
    outputs: plan.outputs,
    stages: stages.map(({ file, inputs, outputs }) => ({ file, inputs, outputs })),
    maxElements: choice.measurement.maxElements,
    ...describe(stages.map(({ file }) => file)),
  };
  // As the Worker will read it.
  parseTensorManifest(manifest);
  return manifest;
}

function describeModel({ args, plan, choice }: Added, folder: string, names: readonly string[]): object {
  const files = Object.fromEntries(names.map((file) => [file, describeFile(join(folder, file))]));
  const bytes = (plan.variants[choice.variant] ?? []).reduce((sum, stage) => sum + stage.bytes, 0);
  const digests = Object.entries(files).map(([file, { sha256 }]) => `${file} ${sha256}`);
  return {
    name: args.name,
    version: digest(digests.join('\n')).slice(0, 12),
    licence: args.licence,
    source: `${basename(args.file)}, SHA-256 ${digest(readFileSync(args.file))}`,
    createdAt: Math.floor(Date.now() / 1000),
    heapBytes: Math.ceil(Math.max(choice.measurement.heapBytes - RUNTIME_BYTES, HEAP_FACTOR * bytes)),
    files,
    variant: choice.variant,
    fidelity: choice.measurement.fidelity,
    latencyMs: Number(choice.measurement.latencyMs.toFixed(3)),
  };
}

function describeFile(file: string): { bytes: number; sha256: string } {
  const data = readFileSync(file);
  return { bytes: data.length, sha256: digest(data) };
}

function digest(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}
