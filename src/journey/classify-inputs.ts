/**
 * Answers a classify request in the Worker: each input in turn, under the policy in force. The first input that cannot
 * be classified fails the request, named by its place. What is to be learnt from the inputs runs after the answer left.
 */
import type { ExitSample, ServedPolicy } from '../contract/exits.ts';
import type { Classification, ClassificationTask, Ports } from '../contract/ports.ts';
import { fail, succeed, type Result } from '../contract/problem.ts';
import type { ClassifyRequest } from '../contract/request.ts';
import { toDraw } from '../contract/draw.ts';
import { fitInputs } from './fit-input.ts';
import { toInputProblem } from './input-problem.ts';

export interface ClassifyAnswer {
  task: ClassificationTask;
  /** In the inputs' order. */
  results: readonly Classification[];
  /** Special tokens included. */
  tokens: number;
  served: ServedPolicy;
  /** The inputs' places that were sampled. */
  sampled: readonly number[];
}

/** Each sampled input keeps a hidden state (384 KiB at 256 tokens) until its remaining stages have run. */
const MAX_SAMPLED = 8;

export async function classifyInputs(
  request: ClassifyRequest,
  task: ClassificationTask,
  ports: Ports,
): Promise<Result<ClassifyAnswer>> {
  const { classifier, exits } = ports;
  const { controls, truncateTo, inputs, signal } = request;
  const fitted = fitInputs(inputs, task);
  if (!fitted.ok) {
    const { place, fault } = fitted.problem;
    return fail(toInputProblem(fault, nameInput(request, place), task.model));
  }
  const served = await exits.serve(task, controls);
  const { policy, sentinel } = served;
  // While others wait, nothing is computed that no answer needs.
  const places = isBusy(ports) ? [] : drawSample(request, served);
  const results: Classification[] = [];
  for (const [place, input] of fitted.value.entries()) {
    if (signal.aborted) {
      return fail({ kind: 'cancelled' });
    }
    const isSampled = places.includes(place);
    const classified = await classifier.classify(task, input, { policy, sentinel, isSampled, truncateTo });
    if (!classified.ok) {
      return fail(toInputProblem(classified.problem, nameInput(request, place), task.model));
    }
    served.note(classified.value);
    results.push(classified.value);
  }
  const tokens = results.reduce((sum, result) => sum + result.tokens, 0);
  return succeed({ task, results, tokens, served, sampled: places });
}

/** What a raw body or a form's one file is called needs no place. */
function nameInput({ field, inputs }: ClassifyRequest, place: number): string {
  return field !== 'input' && inputs.length === 1 ? field : `${field}[${place}]`;
}

/** The coin is tossed before the first stage and knows nothing of the input, so that samples are fair. */
function drawSample({ id, inputs }: ClassifyRequest, { share }: ServedPolicy): number[] {
  const draws = inputs.map((_, place) => ({ place, draw: toDraw(`${id}/${place}`) }));
  const drawn = draws.filter(({ draw }) => draw < share * 2 ** 32);
  // Where there are too many, the lowest draws: the first places might be unlike the others.
  const lowest = drawn.toSorted((a, b) => a.draw - b.draw).slice(0, MAX_SAMPLED);
  return lowest.map(({ place }) => place).toSorted((a, b) => a - b);
}

/**
 * Runs what the sampled inputs left out, and reports how the ramps compare: of all of them or of none, since those that
 * left early are lost more easily than those that ran to the end, and only they can miss. Answers how many. Never throws.
 */
export async function giveFeedback(
  request: ClassifyRequest,
  { served, results, sampled }: ClassifyAnswer,
  ports: Ports,
): Promise<number> {
  // A busy isolate answers first.
  if (isBusy(ports)) {
    return 0;
  }
  const samples: ExitSample[] = [];
  for (const place of sampled) {
    const feedback = (await results[place]?.finish?.()) ?? null;
    if (feedback === null) {
      return 0;
    }
    samples.push({ key: toDraw(`${request.id}/${place}/key`), ...feedback });
  }
  for (const sample of samples) {
    served.report(sample);
  }
  return samples.length;
}

/** The isolate's one thread has answers to compute. */
function isBusy({ classifier, embedder, tensors }: Ports): boolean {
  return classifier.backlog() + embedder.backlog() + tensors.backlog() > 0;
}

/** In words, for the trace: `exit 2`, `full`, or for several inputs how many left where. */
export function describeExits(results: readonly Pick<Classification, 'exit'>[]): string {
  const counts = new Map<string, number>();
  for (const { exit } of results) {
    const name = exit === null ? 'full' : `exit ${exit + 1}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  if (results.length === 1) {
    return [...counts.keys()].join();
  }
  const entries = [...counts].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return entries.map(([name, count]) => `${name}: ${count}`).join(', ');
}
