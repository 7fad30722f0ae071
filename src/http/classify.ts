/**
 * POST /v1/classify: vLLM's request and answer, and images (`classify-body.ts`). Beside vLLM's fields each result has its `score`, with
 * `return_all_scores` every label's (`scores`, the likeliest first), and where it left the model (`perigee`).
 */
import type { Classification } from '../contract/ports.ts';
import { succeed, type Result } from '../contract/problem.ts';
import type { ClassifyRequest } from '../contract/request.ts';
import { classify } from '../gateway.ts';
import type { ClassifyAnswer } from '../journey/classify-inputs.ts';
import type { AppContext } from './context.ts';
import { readClassifyBody } from './classify-body.ts';
import { openHead } from './open-request.ts';
import { requireKey } from './require-key.ts';
import { respondProblem } from './respond.ts';

export async function classifications(c: AppContext): Promise<Response> {
  const read = await readClassify(c);
  if (!read.ok) {
    return respondProblem(c, read.problem);
  }
  const { request, wantsAllScores } = read.value;
  const classified = await classify(request, c.get('ports'), c.get('recorder'));
  if (!classified.ok) {
    return respondProblem(c, classified.problem);
  }
  const { task, results, tokens, served } = classified.value;
  c.header('x-perigee-exit', describeExits(results));
  c.header('x-perigee-model-version', task.version);
  c.header('x-perigee-policy-version', served.version);
  return c.json({
    id: `classify-${c.get('requestId').replace(/^req_/, '')}`,
    object: 'list',
    created: Math.floor(c.get('ports').clock.now() / 1000),
    model: task.name,
    data: results.map((result, index) => ({ index, ...toData(result, classified.value, wantsAllScores) })),
    usage: { prompt_tokens: tokens, total_tokens: tokens, completion_tokens: 0, prompt_tokens_details: null },
  });
}

/** OpenAI's route, kept free for a model that can answer it. */
export async function moderations(c: AppContext): Promise<Response> {
  const tenant = await requireKey(c);
  const message = 'There is no moderation model here.';
  return respondProblem(c, tenant.ok ? { kind: 'not-implemented', message } : tenant.problem);
}

function toData(
  { label, confidence, probabilities, wasTruncated, ...result }: Classification,
  { task: { labels } }: ClassifyAnswer,
  wantsAllScores: boolean,
): object {
  const probs = Array.from(probabilities);
  const scores = labels.map((name, at) => ({ label: name, score: probs[at] ?? 0 }));
  return {
    label: labels[label] ?? String(label),
    score: confidence,
    probs,
    num_classes: labels.length,
    ...(wantsAllScores ? { scores: scores.toSorted((a, b) => b.score - a.score) } : {}),
    perigee: { exit: toExit(result), confidence, truncated: wasTruncated },
  };
}

/** Of a larger batch the header says how many left where: clients take no more than some 16 kB of headers in all. */
const MAX_LISTED = 64;

/** By input, `1, full`; beyond {@link MAX_LISTED} inputs summed up, `1;n=90, full;n=10`, in the ramps' order. */
function describeExits(results: readonly Classification[]): string {
  if (results.length <= MAX_LISTED) {
    return results.map(toExit).join(', ');
  }
  const inOrder = results.toSorted((a, b) => (a.exit ?? Infinity) - (b.exit ?? Infinity));
  return [...Map.groupBy(inOrder, toExit)].map(([exit, left]) => `${exit};n=${left.length}`).join(', ');
}

/** Ramps count from 1, as people do. */
function toExit({ exit }: Pick<Classification, 'exit'>): number | 'full' {
  return exit === null ? 'full' : exit + 1;
}

async function readClassify(c: AppContext): Promise<Result<{ request: ClassifyRequest; wantsAllScores: boolean }>> {
  const head = await openHead(c);
  if (!head.ok) {
    return head;
  }
  const { tenant, controls } = head.value;
  const read = await readClassifyBody(c.req.raw, c.get('gateway').settings.limits);
  if (!read.ok) {
    return read;
  }
  const { wantsAllScores, ...asked } = read.value;
  const request = { id: c.get('requestId'), ...asked, signal: c.req.raw.signal, tenant, controls };
  return succeed({ request, wantsAllScores });
}
