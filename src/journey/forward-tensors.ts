/**
 * Has an origin answer for a model of tensors: the one that will answer soonest, and another where that fails. An answer is there as a whole
 * before any of it leaves, so a broken one is asked for elsewhere.
 */
import type { Ports } from '../contract/ports.ts';
import type { Result } from '../contract/problem.ts';
import type { Settings } from '../contract/settings.ts';
import type { RemoteTensorAnswer, RemoteTensorRequest } from '../contract/tensors.ts';
import type { Recorder } from '../contract/trace.ts';
import { judgeTensorHead } from '../origin/judge-reply.ts';
import type { Score } from '../origin/score.ts';
import { readTensorAnswer } from '../origin/tensors/read-answer.ts';
import { toTensorCall } from '../origin/tensors/to-call.ts';
import { attempt } from './attempt.ts';
import { failOver } from './fail-over.ts';
import type { Attempt } from './work.ts';

type OriginPorts = Pick<Ports, 'board' | 'clock' | 'origins' | 'wait'>;

export async function forwardTensors(
  request: RemoteTensorRequest,
  ports: OriginPorts,
  settings: Settings,
  recorder: Recorder,
): Promise<Result<RemoteTensorAnswer>> {
  const { id, model, tenant, controls, place } = request;
  recorder.set({ model });
  const forwarded = await failOver<RemoteTensorAnswer>(
    {
      id,
      signal: request.signal,
      needs: {
        model,
        protocols: ['kserve'],
        tokens: 0,
        // Those of prompts: what a model of tensors takes is its own to judge.
        modalities: ['text'],
        residencies: [tenant.residency, controls.residency],
        priority: controls.priority,
      },
      job: {
        place,
        policy: controls.routing ?? tenant.routing ?? settings.origin.routing,
        promptTokens: 0,
        answerTokens: 0,
      },
      blocks: [],
      key: null,
      isStream: isQuick(request),
      hedges: true,
      // What is asked again and again anyway takes no retries from what is not.
      retries: !isQuick(request),
      callAt: (score, signal) => callForTensors({ ...request, signal }, score, ports, settings),
      // It has been read to its end.
      dismiss: () => undefined,
    },
    ports,
    settings,
    recorder,
  );
  if (forwarded.ok) {
    recorder.set({ origin: forwarded.value.origin });
  }
  return forwarded;
}

/** Such an origin has no streams: what it answers at once is timed in their place, apart from the runs of its models. */
function isQuick({ ask }: Pick<RemoteTensorRequest, 'ask'>): boolean {
  return ask.kind !== 'infer';
}

async function callForTensors(
  request: RemoteTensorRequest,
  score: Score,
  { board, clock, origins }: OriginPorts,
  settings: Settings,
): Promise<Attempt<RemoteTensorAnswer>> {
  const { origin } = score.candidate;
  const { model, ask, signal } = request;
  const isStream = isQuick(request);
  const maxMs = settings.origin.totalTimeoutMs;
  return attempt({ score, model, tokens: 0, isStream, signal, maxMs }, { board, clock }, async (notes) => {
    const reply = await origins.send(toTensorCall(request, origin, settings.origin), signal);
    notes.head();
    const headMs = isStream ? notes.sinceMs() : null;
    const verdict = await judgeTensorHead(reply, ask.kind);
    if (verdict.kind !== 'usable') {
      return notes.refused(verdict, reply);
    }
    const answer = await readTensorAnswer(reply, ask.kind, { maxBytes: settings.origin.maxAnswerBytes });
    notes.answered(headMs, null);
    notes.ended('well');
    return { kind: 'answered', value: { origin: origin.id, ...answer } };
  });
}
