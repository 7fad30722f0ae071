/**
 * Forwards a request to the best origin, and to one other where the first fails before its first byte has left for the
 * client. What an origin said wrong goes to the trace; the caller gets the last problem in general words.
 */
import { OriginFault, type Origin } from '../contract/origin.ts';
import type { Ports } from '../contract/ports.ts';
import { fail, succeed, type Problem, type Result } from '../contract/problem.ts';
import type { GenerationRequest } from '../contract/request.ts';
import type { Settings } from '../contract/settings.ts';
import type { Recorder } from '../contract/trace.ts';
import type { Usage } from '../contract/usage.ts';
import { choose } from '../origin/choose.ts';
import { isRetryable, judgeHead, toProblem } from '../origin/judge-reply.ts';
import { toCall } from '../origin/outgoing.ts';
import { readCompletion } from '../origin/read-completion.ts';
import { openRelay, type Relay } from '../origin/relay.ts';

/** The first origin and one other. */
const MAX_ATTEMPTS = 2;

export type Forwarded =
  | { format: 'json'; origin: Origin; text: string; usage: Usage | null }
  | { format: 'event-stream'; origin: Origin; relay: Relay };

type Attempt =
  | { kind: 'answered'; value: Forwarded }
  | { kind: 'failed'; problem: Problem; detail: string; mayRetry: boolean };

export async function forward(
  request: GenerationRequest,
  ports: Ports,
  settings: Settings,
  recorder: Recorder,
): Promise<Result<Forwarded>> {
  const chosen = choose({
    origins: settings.origins,
    model: request.model,
    residencies: [request.tenant.residency, request.controls.residency],
    place: request.place,
    avoidedUntil: (origin) => ports.health.avoidedUntil(origin),
    now: ports.clock.now(),
  });
  if (!chosen.ok) {
    return chosen;
  }
  let last: Problem = { kind: 'internal' };
  for (const origin of chosen.value.slice(0, MAX_ATTEMPTS)) {
    const attempt = await recorder.stage(
      'origin',
      () => attemptAt(origin, request, ports, settings),
      (outcome) =>
        outcome.kind === 'answered'
          ? origin.id
          : { decision: `${origin.id} ${outcome.problem.kind}`, detail: outcome.detail },
    );
    if (attempt.kind === 'answered') {
      recorder.set({ origin: origin.id });
      return succeed(attempt.value);
    }
    last = attempt.problem;
    if (!attempt.mayRetry) {
      break;
    }
  }
  return fail(last);
}

async function attemptAt(
  origin: Origin,
  request: GenerationRequest,
  ports: Ports,
  settings: Settings,
): Promise<Attempt> {
  try {
    const reply = await ports.origins.send(toCall(request, origin, settings.origin), request.signal);
    const verdict = await judgeHead(reply, request);
    if (verdict.kind !== 'usable') {
      const mayRetry = verdict.kind === 'retry';
      if (!mayRetry || verdict.isFailing) {
        ports.health.report(origin.id, mayRetry ? 'failure' : 'success', ports.clock.now());
      }
      return { kind: 'failed', problem: verdict.problem, detail: verdict.detail, mayRetry };
    }
    const value: Forwarded = request.isStream
      ? {
          format: 'event-stream',
          origin,
          relay: await openRelay(reply.stream(), {
            onFirstEvent: () => reply.hasBegun(),
            wantsUsage: request.wantsUsage,
            maxStoredBytes: settings.cache.maxEntryBytes,
          }),
        }
      : { format: 'json', origin, ...(await readCompletion(reply, { maxBytes: settings.origin.maxAnswerBytes })) };
    ports.health.report(origin.id, 'success', ports.clock.now());
    return { kind: 'answered', value };
  } catch (fault) {
    if (!(fault instanceof OriginFault)) {
      throw fault;
    }
    const mayRetry = isRetryable(fault);
    if (mayRetry) {
      ports.health.report(origin.id, 'failure', ports.clock.now());
    }
    return { kind: 'failed', problem: toProblem(fault), detail: `${fault.kind}: ${fault.message}`, mayRetry };
  }
}
