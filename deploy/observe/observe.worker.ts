/**
 * Runs in workerd. For each input, what every ramp and the full model say of it: through the gateway's own tokenizer,
 * sessions and ramps, so that what is certified from it is what is served.
 */
import { createModelParts } from '../../src/bindings/model-parts.ts';
import { createModelPool } from '../../src/bindings/model-pool.ts';
import { RUNTIME_HEAP_BYTES } from '../../src/bindings/model-stages.ts';
import { heapBytes } from '../../src/bindings/onnx-sessions.ts';
import type { Classifiers } from '../../src/local/classifiers.ts';
import type { Hidden } from '../../src/local/hidden.ts';
import { parseManifest, rampStages, type TextClassificationManifest } from '../../src/local/manifest.ts';
import { judgeAtEnd, judgeAtRamp, type Verdict } from '../../src/local/ramp.ts';
import { runStages, type StageSession } from '../../src/local/run-stages.ts';
import type { Observation, ObserveBody } from './observation.ts';

interface Env {
  ASSETS: Fetcher;
  MANIFEST: unknown;
}

// Nothing else is loaded, so nothing has to leave.
const BUDGET_BYTES = 1e9;
/** The classifier token and the separator. */
const SPECIAL_TOKENS = 2;

type Observer = (body: ObserveBody, background: (work: Promise<unknown>) => void) => Promise<Observation[]>;

let observer: Observer | null = null;

export default {
  async fetch(request, env, context) {
    observer ??= createObserver(parseManifest(env.MANIFEST, 'classification'), env.ASSETS);
    const observed = await observer(await request.json(), (work) => context.waitUntil(work));
    return Response.json(observed);
  },
} satisfies ExportedHandler<Env>;

function createObserver(manifest: TextClassificationManifest, assets: Fetcher): Observer {
  const pool = createModelPool({ budgetBytes: BUDGET_BYTES, heapBytes, runtimeBytes: RUNTIME_HEAP_BYTES });
  const parts = createModelParts(assets, pool);
  const text = parts.text(manifest);
  const stages = parts.stages(manifest);
  const places = rampStages(manifest);
  const classifiers = new Map(Object.keys(manifest.tasks).map((task) => [task, parts.classifiers(manifest, task)]));

  return (body, background) =>
    text.use(background, (words) =>
      stages.use(background, async (sessions) => {
        const part = classifiers.get(body.task);
        if (part === undefined) {
          throw new Error(`task: expected one of ${[...classifiers.keys()].join()}, received ${body.task}`);
        }
        return part.use(background, async (found) => {
          const observed: Observation[] = [];
          for (const { text: given } of body.inputs) {
            const encoded = words.encode({ kind: 'text', text: given }, { truncateTo: -1 }, manifest.input);
            const ids = encoded.ok ? encoded.value.ids : [];
            if (ids.length <= SPECIAL_TOKENS) {
              throw new Error(`input ${observed.length}: expected a text with a token of its own, received ${given}`);
            }
            observed.push(toObservation(await observe(sessions, places, found, words.gather(ids))));
          }
          return observed;
        });
      }),
    );
}

/** Of each ramp, and last of the full model. */
async function observe(
  sessions: readonly StageSession[],
  places: readonly number[],
  { ramps, head }: Classifiers,
  embedded: Hidden,
): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  let stage = 0;
  let last = embedded;
  for await (const hidden of runStages(sessions, embedded)) {
    const ramp = ramps[places.indexOf(stage++)];
    if (ramp !== undefined) {
      verdicts.push(judgeAtRamp(ramp, hidden));
    }
    last = hidden;
  }
  return [...verdicts, judgeAtEnd(head, last)];
}

function toObservation(verdicts: readonly Verdict[]): Observation {
  return {
    confidences: verdicts.map(({ confidence }) => confidence),
    labels: verdicts.map(({ label }) => label),
  };
}
