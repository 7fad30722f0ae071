/**
 * The journey of a request, in its order: may they ask, of which model, have we answered it, which origin answers, what is kept.
 * Each step lies in `journey/` or in a stage; here is only their order. Nothing throws for an expected failure.
 */
import { parseApiKey } from './access/api-key.ts';
import { authenticate, forbidden, mayUseModel } from './access/authenticate.ts';
import { ageSeconds } from './cache/freshness.ts';
import { replay } from './cache/replay.ts';
import { splitQuestion } from './cache/split-question.ts';
import type { Answer } from './contract/answer.ts';
import type { Ports } from './contract/ports.ts';
import { fail, succeed, type Problem, type Result } from './contract/problem.ts';
import type { ClassifyRequest, EmbeddingRequest, GenerationRequest, Tenant } from './contract/request.ts';
import type { InferRequest, TensorModel } from './contract/tensors.ts';
import type { Settings } from './contract/settings.ts';
import type { Recorder, StageNote, Trace } from './contract/trace.ts';
import { classifyInputs, describeExits, giveFeedback, type ClassifyAnswer } from './journey/classify-inputs.ts';
import { embedInputs, type EmbeddingAnswer } from './journey/embed-inputs.ts';
import { endHit } from './journey/end-hit.ts';
import { fill } from './journey/fill.ts';
import { inferTensors, type InferAnswer } from './journey/infer-tensors.ts';
import { lookUp, toEntryId, type Found } from './journey/look-up.ts';
import { meterHit } from './journey/meter.ts';
import { placeRequest } from './journey/place-request.ts';
import { resolveModel } from './journey/resolve-model.ts';
import { record } from './meter/record.ts';
import { findMisuse, serves } from './origin/catalogue.ts';

/** Opens the trace of a request, whatever its route. */
export function startRecord(
  head: Parameters<typeof record>[0],
  { clock, log }: Pick<Ports, 'clock' | 'log'>,
): Recorder {
  return record(head, { clock, log });
}

/**
 * Who asks? `credential` is the text after `Bearer`, null where there was none. Throws when keys cannot be read. An isolate's first request
 * waits here for the origins in force as well, whose look-up began beside the key's.
 */
export async function admit(credential: string | null, ports: Ports, recorder: Recorder): Promise<Result<Tenant>> {
  const key = credential === null ? null : parseApiKey(credential);
  if (key === null) {
    const message = credential === null ? 'You did not provide an API key.' : 'Incorrect API key provided.';
    return fail({ kind: 'unauthenticated', message });
  }
  const admitted = await recorder.stage(
    'access',
    async () => authenticate(key, await ports.keys.find(key.id)),
    (result) => (result.ok ? 'admitted' : result.problem.kind),
  );
  if (admitted.ok) {
    await ports.catalogue.ready();
    recorder.set({ tenant: admitted.value.id, key: admitted.value.keyId });
  }
  return admitted;
}

export async function answer(
  wished: GenerationRequest,
  ports: Ports,
  settings: Settings,
  recorder: Recorder,
): Promise<Result<Answer>> {
  recorder.set({ model: wished.model, stream: wished.isStream });
  const resolved = await resolveModel(wished, ports, settings, recorder);
  if (!resolved.ok) {
    return resolved;
  }
  const request = resolved.value;
  const split = splitQuestion(request);
  const asked = await placeRequest(request, split, ports, settings);

  const found = await lookUp(asked, ports, settings, recorder);
  if (found.hit !== null) {
    const { hit } = found;
    recorder.endsWith(() => endHit(asked, { ...found, hit }, ports, settings, recorder));
    return succeed(answerFromCache(hit, request, ports, recorder));
  }
  recorder.set({ cache: asked.plan.otherwise });
  if (request.controls.onlyIfCached) {
    return fail({ kind: 'not-cached' });
  }
  return fill(asked, found, ports, settings, recorder);
}

export async function embed(
  request: EmbeddingRequest,
  ports: Ports,
  recorder: Recorder,
): Promise<Result<EmbeddingAnswer>> {
  recorder.set({ model: request.model });
  if (request.model !== ports.embedder.model.name) {
    return fail({ kind: 'model-not-found', model: request.model });
  }
  if (!mayUseModel(request.tenant, request.model)) {
    return fail(forbidden(request.model));
  }
  const embedded = await recorder.stage(
    'embed',
    () => embedInputs(request, ports),
    (result) => (result.ok ? `${result.value.vectors.length} inputs` : describe(result.problem)),
  );
  if (embedded.ok) {
    recorder.set({ prompt_tokens: embedded.value.tokens, tokens_from: 'local' });
  }
  return embedded;
}

export async function classify(
  request: ClassifyRequest,
  ports: Ports,
  recorder: Recorder,
): Promise<Result<ClassifyAnswer>> {
  recorder.set({ model: request.model });
  const task = ports.classifier.tasks.find(
    ({ name, model }) => request.model === name || request.model === `${model}/${name}`,
  );
  if (task === undefined) {
    return fail({ kind: 'model-not-found', model: request.model });
  }
  if (!mayUseModel(request.tenant, task.name)) {
    return fail(forbidden(request.model));
  }
  const classified = await recorder.stage(
    'classify',
    () => classifyInputs(request, task, ports),
    (result) => (result.ok ? describeExits(result.value.results) : describe(result.problem)),
  );
  if (classified.ok) {
    const { tokens, sampled } = classified.value;
    recorder.set({ prompt_tokens: tokens, tokens_from: 'local' });
    if (sampled.length > 0) {
      recorder.endsWith(() => learn(request, classified.value, ports, recorder));
    }
  }
  return classified;
}

async function learn(
  request: ClassifyRequest,
  answer: ClassifyAnswer,
  ports: Ports,
  recorder: Recorder,
): Promise<Partial<Trace>> {
  await recorder.stage(
    'feedback',
    () => giveFeedback(request, answer, ports),
    (count) => `${count} of ${answer.sampled.length} sampled`,
  );
  return {};
}

export async function infer(
  request: InferRequest,
  model: TensorModel,
  ports: Ports,
  recorder: Recorder,
): Promise<Result<InferAnswer>> {
  recorder.set({ model: request.model });
  return recorder.stage(
    'infer',
    () => inferTensors(request, model, ports),
    (result) => (result.ok ? `${result.value.outputs.length} outputs` : describe(result.problem)),
  );
}

/** Where a model of tensors is that the tenant may use: in the Worker, or at origins, where the name is none of its own. */
export function findTensorModel(
  { model: name, version }: Pick<InferRequest, 'model' | 'version'>,
  tenant: Tenant,
  { tensors, board }: Pick<Ports, 'tensors' | 'board'>,
): Result<TensorModel | 'at an origin'> {
  const named = tensors.models.filter((one) => one.name === name);
  const model = named.find((one) => version === null || version === one.version);
  const isRemote = named.length === 0 && serves(board.origins(), name);
  if (model === undefined && !isRemote) {
    return fail({ kind: 'model-not-found', model: version === null ? name : `${name}/versions/${version}` });
  }
  if (!mayUseModel(tenant, name)) {
    return fail(forbidden(name));
  }
  const misuse = isRemote ? findMisuse(board.origins(), name, ['kserve']) : null;
  return misuse === null ? succeed(model ?? 'at an origin') : fail(misuse);
}

/** For the trace, which may say more than the answer does. */
function describe(problem: Problem): string | StageNote {
  return problem.kind === 'model-unavailable' || problem.kind === 'inputs-rejected'
    ? { decision: problem.kind, detail: problem.detail }
    : problem.kind;
}

function answerFromCache(
  { stored, similarity, key }: NonNullable<Found['hit']>,
  request: GenerationRequest,
  ports: Ports,
  recorder: Recorder,
): Answer {
  const status = similarity === null ? 'HIT' : 'SEMANTIC HIT';
  recorder.set({ cache: status, similarity, ...meterHit(stored, ports.board.origins()) });
  return {
    format: request.isStream ? 'event-stream' : 'json',
    body: replay(stored, request),
    cache: { status, ageSeconds: ageSeconds(stored, ports.clock.now()), similarity, entry: toEntryId(key) },
    origin: null,
    model: stored.model,
  };
}
