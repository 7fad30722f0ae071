/** One call to one origin for a text, until its answer has begun. */
import type { Ports } from '../contract/ports.ts';
import type { GenerationRequest } from '../contract/request.ts';
import type { PrefixBlock } from '../contract/routing.ts';
import type { Settings } from '../contract/settings.ts';
import { judgeHead } from '../origin/judge-reply.ts';
import { toCall } from '../origin/outgoing.ts';
import { readCompletion } from '../origin/read-completion.ts';
import { openRelay } from '../origin/relay.ts';
import type { Score } from '../origin/score.ts';
import { attempt } from './attempt.ts';
import type { Forwarded } from './forward.ts';
import type { Attempt } from './work.ts';

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
  const maxMs = isStream ? null : settings.origin.totalTimeoutMs;
  const tokens = Math.max(0, prompt.promptTokens - warm);
  return attempt<Forwarded>({ score, model, tokens, isStream, signal, maxMs }, { board, clock }, async (notes) => {
    const reply = await origins.send(toCall(request, origin, settings.origin), signal);
    notes.head();
    const headMs = notes.sinceMs();
    const verdict = await judgeHead(reply, request);
    if (verdict.kind !== 'usable') {
      return notes.refused(verdict, reply);
    }
    if (!isStream) {
      const completion = await readCompletion(reply, { maxBytes: settings.origin.maxAnswerBytes });
      board.prefixes.sent(origin.id, prompt.blocks);
      notes.answered(null, null);
      notes.ended('well');
      return { kind: 'answered', value: { format: 'json', origin, ...completion } };
    }
    const relay = await openRelay(reply.reader(), {
      onEvent: () => reply.sawEvent(),
      wantsUsage: request.wantsUsage,
      maxStoredBytes: settings.cache.maxEntryBytes,
    });
    board.prefixes.sent(origin.id, prompt.blocks);
    notes.answered(
      notes.sinceMs() - headMs >= HEAD_BEFORE_MS ? headMs : null,
      Math.max(0, notes.sinceMs() - score.roundTripMs - score.aheadMs),
    );
    // That it never rejects is the relay's promise.
    void relay.ended.then(({ kind }) => notes.ended(kind === 'cut' || kind === 'stalled' ? 'broken' : 'well'));
    return { kind: 'answered', value: { format: 'event-stream', origin, relay } };
  });
}
