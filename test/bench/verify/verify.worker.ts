/** Runs in workerd: pairs through the gateway's own tokenizer, sessions and ramps, each leaving where it is told to. */
import { createClassificationModel, type ClassificationModel } from '../../../src/bindings/classification-model.ts';
import { createModelParts } from '../../../src/bindings/model-parts.ts';
import { createModelPool } from '../../../src/bindings/model-pool.ts';
import { RUNTIME_HEAP_BYTES } from '../../../src/bindings/model-stages.ts';
import { heapBytes } from '../../../src/bindings/onnx-sessions.ts';
import { EXITS_OFF, type ExitPolicy } from '../../../src/contract/exits.ts';
import { parseManifest } from '../../../src/local/manifest.ts';
import type { VerifyAnswer, VerifyBody } from './messages.ts';

interface Env {
  ASSETS: Fetcher;
  MANIFEST: unknown;
}

// Nothing else is loaded, so nothing has to leave.
const BUDGET_BYTES = 1e9;

let model: ClassificationModel | null = null;

export default {
  async fetch(request, env, context) {
    model ??= createModel(env);
    const { pairs, ramp } = await request.json<VerifyBody>();
    const policy = leavingAt(ramp);
    const tokens: number[] = [];
    for (const [first, second] of pairs) {
      const options = { policy, sentinel: null, isSampled: false, truncateTo: null };
      const judged = await model.classify('same', { kind: 'pair', first, second }, options, (work) =>
        context.waitUntil(work),
      );
      if (!judged.ok || judged.value.exit !== ramp) {
        throw new Error(`expected a pair that leaves at ${ramp}, received ${JSON.stringify(judged)}`);
      }
      tokens.push(judged.value.tokens);
    }
    return Response.json({ tokens, heapBytes: heapBytes() ?? 0 } satisfies VerifyAnswer);
  },
} satisfies ExportedHandler<Env>;

function createModel({ ASSETS, MANIFEST }: Env): ClassificationModel {
  const pool = createModelPool({ budgetBytes: BUDGET_BYTES, heapBytes, runtimeBytes: RUNTIME_HEAP_BYTES });
  return createClassificationModel(parseManifest(MANIFEST, 'pair-classification'), createModelParts(ASSETS, pool));
}

/** At that ramp alone, whatever it says. */
function leavingAt(ramp: number | null): ExitPolicy {
  return ramp === null ? EXITS_OFF : { thresholds: [...Array.from({ length: ramp }, () => null), 0] };
}
