/**
 * Forwards a request to an origin, and to others where that fails before the answer has begun. What an origin said wrong goes to the
 * trace; the caller gets the last problem in general words.
 */
import type { Origin } from '../contract/origin.ts';
import type { Ports } from '../contract/ports.ts';
import type { Result } from '../contract/problem.ts';
import type { GenerationRequest } from '../contract/request.ts';
import type { Settings } from '../contract/settings.ts';
import type { Recorder } from '../contract/trace.ts';
import type { Usage } from '../contract/usage.ts';
import { discard } from '../origin/discard.ts';
import type { Relay } from '../origin/relay.ts';
import { toJob, toNeeds } from '../origin/to-job.ts';
import { callOrigin } from './call-origin.ts';
import { failOver } from './fail-over.ts';

export type Forwarded =
  | { format: 'json'; origin: Origin; text: string; usage: Usage | null }
  | { format: 'event-stream'; origin: Origin; relay: Relay };

/** `isBackground`: nobody waits for it, so it takes no room that others need, and is asked for once. */
export async function forward(
  request: GenerationRequest,
  ports: Ports,
  settings: Settings,
  recorder: Recorder,
  { isBackground = false }: { isBackground?: boolean } = {},
): Promise<Result<Forwarded>> {
  const { tenant, controls, place, isStream } = request;
  const { promptTokens, answerTokens, prefix, key } = toJob(request);
  const needs = toNeeds(request, promptTokens);
  const forwarded = await failOver<Forwarded>(
    {
      id: request.id,
      signal: request.signal,
      needs: isBackground ? { ...needs, priority: 'batch' } : needs,
      job: {
        place,
        policy: controls.routing ?? tenant.routing ?? settings.origin.routing,
        promptTokens,
        answerTokens,
      },
      blocks: prefix.blocks,
      key,
      isStream,
      // A whole answer's time is that of its length, which nobody knows beforehand: late ones are long, and would be paid for twice.
      hedges: isStream && !isBackground,
      retries: !isBackground,
      callAt: (score, signal) =>
        callOrigin({ ...request, signal }, score, { promptTokens, blocks: prefix.blocks }, ports, settings),
      dismiss: (value) => {
        if (value.format === 'event-stream') {
          void discard(value.relay.reader);
        }
      },
    },
    ports,
    settings,
    recorder,
  );
  if (forwarded.ok) {
    recorder.set({ origin: forwarded.value.origin.id });
  }
  return forwarded;
}
