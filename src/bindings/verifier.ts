/**
 * The Verifier port: the repository's model that compares two questions, loaded when it is first asked for. Compose
 * creates one for each isolate, outside any request, and takes a port from it for each request.
 */
import { EXITS_OFF, type ExitPolicy } from '../contract/exits.ts';
import { fail, succeed, type Result } from '../contract/problem.ts';
import type { Classification, ClassifyFault, ClassifyOptions } from '../contract/ports.ts';
import type { Verification, Verifier, VerifyFault } from '../contract/verifier.ts';
import type { ProviderChoice } from '../local/choose-provider.ts';
import { certifiedFor } from '../local/exit-plan.ts';
import type { PairManifest } from '../local/manifest.ts';
import { createClassificationModel } from './classification-model.ts';
import type { ModelParts } from './model-parts.ts';
import type { Background } from './model-pool.ts';
import { withDeadline } from './deadline.ts';
import { createOpenCalls } from './open-calls.ts';

export interface LocalVerifier {
  /** `background` keeps the request alive for work, as ExecutionContext.waitUntil does. */
  forRequest(background: Background): Verifier;
  status(): VerifierStatus;
}

export interface VerifierStatus {
  isLoaded: boolean;
  /** Of the model's stages, and how it was chosen. */
  provider: ProviderChoice;
  /** The WebAssembly heap of all models of the isolate; null before one is loaded. */
  heapBytes: number | null;
  /** Heap and buffers of all models of the isolate. */
  totalBytes: number;
}

export interface VerifierOptions {
  manifest: PairManifest;
  parts: ModelParts;
  /** Of early answers that may differ from the full model's label: the loosest shipped policy within it; 0 runs to the end. */
  maxDisagreement?: number;
  /** The longest that a request waits, for the model to load above all; the work goes on behind it. */
  timeoutMs?: number;
}

const TASK = 'same';
const LATE: VerifyFault = { kind: 'unavailable', detail: 'late' };
/** A probability that was rounded to 0 or 1 says no more than this. */
const MOST_LOGIT = 20;
const DIFFERENT = 0;
const SAME = 1;

/** Throws an Error where the model has no task `same` of two labels. */
export function createVerifier({
  manifest,
  parts,
  maxDisagreement = 0,
  timeoutMs = 1000,
}: VerifierOptions): LocalVerifier {
  const task = manifest.tasks[TASK];
  if (task?.labels.join() !== 'different,same') {
    throw new Error(
      `model ${manifest.name}: expected a task ${TASK} of different,same, received ${String(task?.labels)}`,
    );
  }
  const model = createClassificationModel(manifest, parts);
  const policy: ExitPolicy = certifiedFor(task.settings, maxDisagreement) ?? EXITS_OFF;
  const options: ClassifyOptions = {
    policy: { thresholds: policy.thresholds },
    sentinel: null,
    isSampled: false,
    truncateTo: null,
  };
  const calls = createOpenCalls();

  return {
    forRequest: (background) => ({
      backlog: () => calls.count(),
      verify(asked, answered) {
        const verifying = verify(asked, answered, background);
        background(verifying);
        return withDeadline(verifying, timeoutMs, fail(LATE));
      },
    }),
    status: () => ({
      ...parts.pool.status(),
      isLoaded: model.isLoaded(),
      provider: parts.providerOf(manifest),
    }),
  };

  async function verify(
    asked: string,
    answered: string,
    background: Background,
  ): Promise<Result<Verification, VerifyFault>> {
    const leave = calls.enter();
    try {
      const pair = { kind: 'pair', first: asked, second: answered } as const;
      const judged = await model.classify(TASK, pair, options, background);
      return judged.ok ? succeed(toVerification(judged.value)) : fail(toFault(judged.problem));
    } catch (error) {
      return fail({ kind: 'unavailable', detail: error instanceof Error ? error.message : String(error) });
    } finally {
      leave();
    }
  }
}

/** Where the repository has no such model: a gateway without one serves no hit that has to be verified. */
export const NO_VERIFIER: Verifier = {
  backlog: () => 0,
  verify: () => Promise.resolve(fail({ kind: 'unavailable', detail: 'no model of task pair-classification' })),
};

function toVerification({ probabilities, exit, tokens }: Classification): Verification {
  const logit = Math.log(probabilities[SAME] ?? 0) - Math.log(probabilities[DIFFERENT] ?? 0);
  return { logit: Math.max(-MOST_LOGIT, Math.min(MOST_LOGIT, logit)), exit, tokens };
}

function toFault(fault: ClassifyFault): VerifyFault {
  return fault.kind === 'too-long' || fault.kind === 'empty'
    ? { kind: fault.kind }
    : { kind: 'unavailable', detail: fault.kind };
}
