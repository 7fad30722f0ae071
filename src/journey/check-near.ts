/** Holds the answer of a near candidate against the origin's own. Costs up to two embeddings of the thread, after the answer has left. */
import { answerText, toCompletion } from '../cache/answer-text.ts';
import { compareAnswers, LEAST_ANSWER_COSINE } from '../cache/same-answer.ts';
import { estimateCostMs } from '../cache/worth.ts';
import type { StoredContent } from '../contract/answer.ts';
import type { Ports } from '../contract/ports.ts';
import type { TrustNote } from '../contract/trust.ts';
import type { Found, LookUp } from './look-up.ts';

/** Behind an answer an isolate lives for half a minute more. */
const MOST_WAIT_MS = 10_000;

/** `content`: the origin's answer. `failed`: there is none, or the two could not be compared. */
export async function checkNear(
  asked: LookUp,
  { near }: Pick<Found, 'near'>,
  content: StoredContent | null,
  ports: Pick<Ports, 'embedder' | 'pace'>,
): Promise<Exclude<TrustNote['check'], 'none'>> {
  const { kind } = asked.request;
  const given = near?.judged?.stored.content;
  const choices = content === null ? null : toCompletion(kind, content)?.['choices'];
  if (given === undefined || content === null || !Array.isArray(choices) || choices.length === 0) {
    return 'failed';
  }
  const [one, other] = [answerText(kind, given), answerText(kind, content)];
  if (one === null || other === null) {
    // The origin refused, or called a tool, where the other answered.
    return 'wrong';
  }
  const compared = compareAnswers(one, other);
  if (compared !== 'unclear') {
    return compared === 'same' ? 'right' : 'wrong';
  }
  const [first, second] = [await embed(asked, one, ports), await embed(asked, other, ports)];
  if (first === null || second === null) {
    return 'failed';
  }
  const cosine = first.reduce((sum, value, at) => sum + value * (second[at] ?? 0), 0);
  return cosine >= LEAST_ANSWER_COSINE ? 'right' : 'wrong';
}

/** Of a long answer its beginning. Null where the thread has no time for it. */
async function embed(
  { request, plan }: LookUp,
  text: string,
  { embedder, pace }: Pick<Ports, 'embedder' | 'pace'>,
): Promise<Float32Array | null> {
  if (!(await pace.waitForThread(estimateCostMs(embedder.model.costs, text), MOST_WAIT_MS))) {
    return null;
  }
  const embedded = await embedder.embed(
    { kind: 'text', text },
    { tenant: request.tenant, truncateTo: -1, mayPersist: plan.jurisdiction === null, counts: false },
  );
  return embedded.ok ? embedded.value.vector : null;
}
