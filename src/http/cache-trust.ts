/** /v1/cache/feedback, /stats and /labels: what is known of a namespace's near hits, and what clients say of them. */
import type { CacheStats, LabelledPair } from '../contract/trust.ts';
import type { StoreFault } from '../contract/ports.ts';
import type { Result } from '../contract/problem.ts';
import { giveFeedback, readLabels, readStats } from '../journey/trust-domain.ts';
import type { AppContext } from './context.ts';
import { openHead, openRequest } from './open-request.ts';
import { respondProblem } from './respond.ts';
import { cacheFeedback, labelsQuery } from './schemas.ts';
import { validate } from './validate.ts';

const LABELS_LIMIT = 1000;

/** POST /v1/cache/feedback. */
export async function postFeedback(c: AppContext): Promise<Response> {
  const opened = await openRequest(c);
  if (!opened.ok) {
    return respondProblem(c, opened.problem);
  }
  const valid = validate(cacheFeedback, opened.value.body);
  if (!valid.ok) {
    return respondProblem(c, valid.problem);
  }
  const { request_id: requestId, correct } = valid.value;
  const heard = await giveFeedback({ requestId, isRight: correct }, opened.value, c.get('ports'));
  return respond(c, heard, (isKnown) =>
    isKnown
      ? c.json({ heard: true })
      : respondProblem(c, {
          kind: 'not-found',
          message: 'There is no such near hit of this tenant and namespace in the last day.',
        }),
  );
}

/** GET /v1/cache/stats. */
export async function getStats(c: AppContext): Promise<Response> {
  const opened = await openHead(c);
  return opened.ok
    ? respond(c, await readStats(opened.value, c.get('ports')), (stats) => c.json(toBody(stats)))
    : respondProblem(c, opened.problem);
}

/** GET /v1/cache/labels. */
export async function getLabels(c: AppContext): Promise<Response> {
  const opened = await openHead(c);
  if (!opened.ok) {
    return respondProblem(c, opened.problem);
  }
  const valid = validate(labelsQuery, c.req.query());
  if (!valid.ok) {
    return respondProblem(c, valid.problem);
  }
  const { after = 0, limit = LABELS_LIMIT } = valid.value;
  const labels = await readLabels({ after, limit }, opened.value, c.get('ports'));
  return respond(c, labels, (pairs) =>
    pairs === 'shared'
      ? respondProblem(c, {
          kind: 'forbidden',
          message: 'Tenants share this namespace: what others asked is not exported.',
          param: 'x-perigee-namespace',
        })
      : c.body(pairs.map((pair) => `${JSON.stringify(toLine(pair))}\n`).join(''), 200, {
          'content-type': 'application/x-ndjson',
        }),
  );
}

function respond<T>(c: AppContext, result: Result<T | null, StoreFault>, toResponse: (value: T) => Response): Response {
  if (!result.ok) {
    c.get('recorder').set({ problem: `trust: ${result.problem.detail}` });
    return respondProblem(c, { kind: 'cache-unavailable' });
  }
  return result.value === null
    ? respondProblem(c, { kind: 'not-found', message: 'Nothing is cached under this residency.' })
    : toResponse(result.value);
}

function toBody({ trust, ...stats }: CacheStats): object {
  return {
    requests: stats.requests,
    exact_hits: stats.exactHits,
    near_hits: stats.nearHits,
    shared_answers: stats.sharedAnswers,
    misses: stats.misses,
    refusals: stats.refusals,
    saved_tokens: stats.savedTokens,
    saved_usd: stats.savedUsd,
    lost_reports: stats.lostReports,
    trust: {
      delta: trust.delta,
      searched: trust.searched,
      most_wrong: trust.mostWrong,
      checked_hits: trust.checkedHits,
      wrong_hits: trust.wrongHits,
      wrong_share: trust.wrongShare,
      failed_checks: trust.failedChecks,
      expected_wrong_share: trust.expectedWrongShare,
      labels: trust.labels,
      threshold: trust.threshold,
      share: trust.share,
      has_own_head: trust.hasOwnHead,
      barred_entries: trust.barredEntries,
      is_unsettled: trust.isUnsettled,
      is_lost: trust.isLost,
    },
  };
}

function toLine({ number, asked, answered, isRight, similarity, source, at }: LabelledPair): object {
  return { number, text_a: asked, text_b: answered, label: Number(isRight), similarity, source, at };
}
