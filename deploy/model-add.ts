/**
 * `npm run model:add -- FILE.onnx --task tensors|classify`: makes an ONNX file a model of the repository. Python's tools read, cut
 * and quantise it (models/recipes/add), the Worker's own runtime measures it here. What cannot be served is told in one
 * line, with exit code 1, and nothing is written.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { AddError } from './model-add/add-error.ts';
import { parseArguments, type AddArguments } from './model-add/arguments.ts';
import { describePlan, rampTable, reportTable } from './model-add/card.ts';
import { chooseVariant, type Choice } from './model-add/choose.ts';
import { fitRamps, readLabels } from './model-add/classifier.ts';
import { memoryBudget } from './model-add/memory-budget.ts';
import { measureVariant, type Measured } from './model-add/measure.ts';
import { readPlan, type Plan } from './model-add/plan.ts';
import { runRecipe } from './model-add/python.ts';
import { writeModel } from './model-add/write-model.ts';

const ROOT = join(import.meta.dirname, '..');
/** Of a static asset, at Cloudflare. */
const MAX_FILE_BYTES = 25 * 1024 * 1024;

async function main(): Promise<void> {
  const work = mkdtempSync(join(tmpdir(), 'perigee-add-'));
  try {
    await add(parseArguments(process.argv.slice(2), join(ROOT, 'models')), work);
  } catch (error) {
    console.error(error instanceof AddError ? error.message : error);
    process.exitCode = 1;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

async function add(args: AddArguments, work: string): Promise<void> {
  const { file, out, name } = args;
  if (!existsSync(file)) {
    throw new AddError(`${file}: expected an ONNX file, received none`);
  }
  if (existsSync(out)) {
    throw new AddError(`${out}: expected a new folder, received one that exists; --name gives another`);
  }
  refuseTaken(name);
  if (dirname(out) === join(ROOT, 'models') && basename(out) !== name) {
    throw new AddError(
      `--out: expected a folder of models/ to be named as the model, ${name}, received ${basename(out)}`,
    );
  }
  runRecipe('prepare.py', toPython(args, work), say);
  const plan = readPlan(work);
  const labels = args.task === 'classify' ? readLabels(args, plan) : [];
  console.log(`${name}: ${describePlan(plan)}`);
  const budget = await memoryBudget(ROOT);
  const variants = Object.fromEntries(
    Object.keys(plan.variants).map((variant): [string, Measured] => [variant, measure(plan, work, variant, budget)]),
  );
  const choice = choose(args, variants);
  console.log(reportTable({ plan, variants }).join('\n'));
  plan.notes.forEach((note) => console.log(note));
  if (args.task === 'classify' && args.calibrate.length === 0) {
    say(
      'Without --calibrate the ramps are fitted on noise: good for a trial, worthless for your inputs. Exits start off.',
    );
  }
  const ramps = args.task === 'classify' ? fitRamps(work, choice.variant, say) : null;
  console.log([...(ramps === null ? [] : rampTable(ramps)), `Kept ${choice.reason}.`].join('\n'));
  writeModel({ args, plan, choice, variants, ramps, labels }, work);
  const route = ramps === null ? `/v2/models/${name}/infer` : '/v1/classify';
  console.log(`Written to ${out}; POST ${route} after the next start or deploy.`);
}

/** What /v1/models shows is known by its name: models, and the tasks of those that classify. */
function refuseTaken(name: string): void {
  const models = join(ROOT, 'models');
  for (const folder of readdirSync(models)) {
    const file = join(models, folder, 'manifest.json');
    const manifest = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { tasks?: object }) : {};
    if (folder === name || Object.hasOwn(manifest.tasks ?? {}, name)) {
      throw new AddError(`--name: expected a name that no model has, received ${name}, of models/${folder}`);
    }
  }
}

function say(line: string): void {
  console.log(line);
}

function toPython(args: AddArguments, work: string): string[] {
  const { file, task, stages, cut, quantise, shapes, calibrate } = args;
  return [
    file,
    '--work',
    work,
    '--task',
    task,
    '--stages',
    String(stages),
    '--cut',
    cut,
    '--quantise',
    quantise,
    ...shapes.flatMap((shape) => ['--shape', shape]),
    ...calibrate.flatMap((rows) => ['--calibrate', rows]),
  ];
}

/** A variant that runs and does not fit is one that cannot be used. */
function measure(plan: Plan, work: string, variant: string, budget: number): Measured {
  const large = (plan.variants[variant] ?? []).find(({ bytes }) => bytes > MAX_FILE_BYTES);
  if (large !== undefined) {
    const fault = `expected files of at most ${MAX_FILE_BYTES} bytes, the limit for a static asset, received ${large.bytes}; --stages cuts it`;
    return { ok: false, fault };
  }
  const measured = measureVariant(work, variant);
  return measured.ok && measured.value.heapBytes > budget
    ? { ok: false, fault: `expected at most ${budget} bytes in memory, received ${measured.value.heapBytes}` }
    : measured;
}

function choose({ file, quantise }: AddArguments, variants: Readonly<Record<string, Measured>>): Choice {
  const choice = chooseVariant(variants, quantise);
  if (choice !== null) {
    return choice;
  }
  const reasons = Object.entries(variants).map(
    ([name, measured]) => `${name}: ${measured.ok ? 'strays too far' : measured.fault}`,
  );
  const wish = quantise === 'int8' ? 'as int8' : 'as it is';
  throw new AddError(`${file}: the runtime cannot serve it ${wish}: ${reasons.join('; ')}`);
}

await main();
