/** One call to one origin, until its answer has begun; what it showed of the origin is noted on the board. */
import { OriginFault, type Origin, type OriginReply } from '../contract/origin.ts';
import type { Ports } from '../contract/ports.ts';
import type { GenerationRequest } from '../contract/request.ts';
import type { CallEvent, PrefixBlock } from '../contract/routing.ts';
import type { Settings } from '../contract/settings.ts';
import { isRetryable, judgeHead, toProblem, type Verdict } from '../origin/judge-reply.ts';
import { toCall } from '../origin/outgoing.ts';
import { readCompletion } from '../origin/read-completion.ts';
import { openRelay, type RelayEnd } from '../origin/relay.ts';
import { toWaitMs } from '../origin/retry-after.ts';
import { readMs, type Score } from '../origin/score.ts';
import { OUTRUN, type Attempt } from './fail-over.ts';
import type { Forwarded } from './forward.ts';

/** A head that comes so long before the first event did not wait for it, and tells the way there and back. */
const HEAD_BEFORE_MS = 2;

/** Settles with the answer's beginning, or why there is none. */
export async function callOrigin(
  request: GenerationRequest,
  score: Score,
  prompt: { promptTokens: number; blocks: readonly PrefixBlock[] },
  { board, clock, origins }: Pick<Ports, 'board' | 'clock' | 'origins'>,
  settings: Settings,
): Promise<Attempt<Forwarded>> {
  const { origin } = score.candidate;
  const { model, isStream, signal } = request;
  const warm = board.prefixes.warmTokens(origin.id, prompt.blocks);
  const tokens = Math.max(0, prompt.promptTokens - warm);
  const since = clock.now();
  const sinceMs = (): number => clock.now() - since;
  const lateMs = (): number => sinceMs() - readMs(score);
  const note = board.begin({ kind: 'sent', origin: origin.id, model, tokens, travelMs: score.roundTripMs / 2 });
  board.prefixes.sent(origin.id, prompt.blocks);
  const noteAnswer = (headMs: number | null, serverMs: number | null): void => {
    note({ kind: 'headers', origin: origin.id, ms: headMs });
    note({ kind: 'first-token', origin: origin.id, model, tokens, lateMs: lateMs(), serverMs, isStream });
  };
  try {
    const reply = await origins.send(toCall(request, origin, settings.origin), signal);
    const headMs = sinceMs();
    const verdict = await judgeHead(reply, request);
    if (verdict.kind !== 'usable') {
      note(toEvent(verdict, reply, origin, model));
      const { problem, detail } = verdict;
      return { kind: 'failed', problem, detail, mayRetry: verdict.kind === 'retry', isLost: false };
    }
    if (!isStream) {
      const completion = await readCompletion(reply, { maxBytes: settings.origin.maxAnswerBytes });
      noteAnswer(null, null);
      note({ kind: 'ended', origin: origin.id });
      return { kind: 'answered', value: { format: 'json', origin, ...completion } };
    }
    const relay = await openRelay(reply.stream(), {
      onFirstEvent: () => reply.hasBegun(),
      wantsUsage: request.wantsUsage,
      maxStoredBytes: settings.cache.maxEntryBytes,
    });
    noteAnswer(
      sinceMs() - headMs >= HEAD_BEFORE_MS ? headMs : null,
      Math.max(0, sinceMs() - score.roundTripMs - score.aheadMs),
    );
    // That it never rejects is the relay's promise.
    void relay.ended.then((end) => note(toLastEvent(end, origin, model)));
    return { kind: 'answered', value: { format: 'event-stream', origin, relay } };
  } catch (fault) {
    if (!(fault instanceof OriginFault)) {
      note({ kind: 'ended', origin: origin.id });
      throw fault;
    }
    const wasOutrun = signal.reason === OUTRUN;
    note(
      wasOutrun
        ? { kind: 'outrun', origin: origin.id, lateMs: lateMs(), isStream }
        : toFaultEvent(fault, origin, model),
    );
    return {
      kind: 'failed',
      problem: toProblem(fault),
      detail: wasOutrun ? 'another origin was faster' : `${fault.kind}: ${fault.message}`,
      mayRetry: isRetryable(fault),
      isLost: fault.kind === 'unreachable' || fault.kind === 'cut',
    };
  }
}

/** Of a reply that is not used. */
function toEvent(
  verdict: Exclude<Verdict, { kind: 'usable' }>,
  reply: OriginReply,
  { id: origin }: Origin,
  model: string,
): CallEvent {
  const waitMs = verdict.kind === 'retry' ? toWaitMs(reply) : null;
  if (waitMs !== null) {
    return { kind: 'busy', origin, model, waitMs };
  }
  return verdict.kind === 'retry' && verdict.isFailing
    ? { kind: 'failed', origin, model, isWhole: false }
    : { kind: 'ended', origin };
}

/** A connection that breaks speaks for all models; lateness and nonsense are of the one that was asked. */
function toFaultEvent({ kind }: OriginFault, { id: origin }: Origin, model: string): CallEvent {
  return kind === 'cancelled' || kind === 'too-large'
    ? { kind: 'ended', origin }
    : { kind: 'failed', origin, model, isWhole: kind === 'unreachable' || kind === 'cut' };
}

function toLastEvent(end: RelayEnd, { id: origin }: Origin, model: string): CallEvent {
  return end.kind === 'cut' || end.kind === 'stalled'
    ? { kind: 'failed', origin, model, isWhole: false }
    : { kind: 'ended', origin };
}
