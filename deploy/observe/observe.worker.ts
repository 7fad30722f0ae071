/**
 * Runs in workerd. For each input, what every ramp and the full model say of it: through the gateway's own tokenizer,
 * sessions and ramps, so that what is certified from it is what is served.
 */
import { createModelInput, type StagedInput } from '../../src/bindings/model-input.ts';
import { createModelParts } from '../../src/bindings/model-parts.ts';
import { createModelPool } from '../../src/bindings/model-pool.ts';
import { RUNTIME_HEAP_BYTES } from '../../src/bindings/model-stages.ts';
import { heapBytes } from '../../src/bindings/onnx-sessions.ts';
import { succeed } from '../../src/contract/problem.ts';
import type { Classifiers } from '../../src/local/classifiers.ts';
import type { Hidden } from '../../src/local/hidden.ts';
import { parseManifest, rampStages, type StagedManifest } from '../../src/local/manifest.ts';
import { statesOf, type StageSession } from '../../src/local/run-stages.ts';
import { toVerdict, type Verdict } from '../../src/local/verdict.ts';
import type { Observation, ObserveBody, ObservedInput } from './observation.ts';

interface Env {
  ASSETS: Fetcher;
  MANIFEST: unknown;
}

// Nothing else is loaded, so nothing has to leave.
const BUDGET_BYTES = 1e9;
type Observer = (body: ObserveBody, background: (work: Promise<unknown>) => void) => Promise<Observation[]>;

let observer: Observer | null = null;

export default {
  async fetch(request, env, context) {
    observer ??= createObserver(parseClassification(env.MANIFEST), env.ASSETS);
    const observed = await observer(await request.json(), (work) => context.waitUntil(work));
    return Response.json(observed);
  },
} satisfies ExportedHandler<Env>;

function parseClassification(json: unknown): StagedManifest {
  const manifest = parseManifest(json);
  if (manifest.task === 'embedding') {
    throw new Error(`model ${manifest.name}: expected one that classifies`);
  }
  return manifest;
}

function createObserver(manifest: StagedManifest, assets: Fetcher): Observer {
  const pool = createModelPool({ budgetBytes: BUDGET_BYTES, heapBytes, runtimeBytes: RUNTIME_HEAP_BYTES });
  const parts = createModelParts(assets, pool);
  const first = createModelInput(manifest, parts);
  const stages = parts.stages(manifest);
  const places = rampStages(manifest);
  const classifiers = new Map(Object.keys(manifest.tasks).map((task) => [task, parts.classifiers(manifest, task)]));

  return async ({ task, inputs }, background) => {
    const part = classifiers.get(task);
    if (part === undefined) {
      throw new Error(`task: expected one of ${[...classifiers.keys()].join()}, received ${task}`);
    }
    const observed: Observation[] = [];
    for (const input of inputs) {
      const verdicts = await first.use(toInput(input), { truncateTo: -1 }, background, ({ state }) =>
        stages.use(background, (sessions) =>
          part.use(background, async (found) => succeed(await observe(sessions, places, found, state))),
        ),
      );
      if (!verdicts.ok) {
        throw new Error(`input ${observed.length}: ${JSON.stringify(verdicts.problem)}`);
      }
      observed.push(toObservation(verdicts.value));
    }
    return observed;
  };
}

function toInput(input: ObservedInput): StagedInput {
  if ('first' in input) {
    return { kind: 'pair', ...input };
  }
  return 'text' in input
    ? { kind: 'text', text: input.text }
    : { kind: 'image', bytes: Uint8Array.from(atob(input.image), (letter) => letter.charCodeAt(0)) };
}

/** Of each ramp, and last of the full model. */
async function observe(
  sessions: readonly StageSession[],
  places: readonly number[],
  { ramps, head }: Classifiers,
  embedded: Hidden,
): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  let stage = -1;
  let last = embedded;
  for await (const hidden of statesOf(sessions, embedded)) {
    const ramp = ramps[places.indexOf(stage++)];
    if (ramp !== undefined) {
      verdicts.push(toVerdict(ramp(hidden)));
    }
    last = hidden;
  }
  return [...verdicts, toVerdict(head(last))];
}

function toObservation(verdicts: readonly Verdict[]): Observation {
  return {
    confidences: verdicts.map(({ confidence }) => confidence),
    labels: verdicts.map(({ label }) => label),
  };
}
