/**
 * Looks for an answer to a question that means the same. A candidate has to pass the guards, and then the judge of its
 * namespace, who knows its neighbours, what the verifier says of it, and how such hits fared before. Where a
 * candidate cannot be judged the next one is looked at; what cannot be read or verified is a miss.
 */
import { isUsable } from '../cache/freshness.ts';
import { compare } from '../cache/guards/compare.ts';
import { GUARD_NAMES, type GuardName } from '../cache/guards/finding.ts';
import { CROWD, pickCandidate } from '../cache/trust/features.ts';
import { estimateCostMs } from '../cache/worth.ts';
import type { StoredAnswer } from '../contract/answer.ts';
import type { EntryKey, Ports } from '../contract/ports.ts';
import { succeed, type Result } from '../contract/problem.ts';
import type { JudgedCandidate, Near, ServedTrust, Verdict } from '../contract/trust.ts';
import type { LookUp } from './look-up.ts';
import { scopesFor } from './scopes-for.ts';
import { trustFor } from './trust-for.ts';

/** An entry may have expired, or a guard may refuse it; then the next one is looked at. */
const MAX_CANDIDATES = 3;

export interface NearLook {
  trust: ServedTrust;
  refusals: readonly GuardName[];
  /** Null where no candidate could be judged, or the namespace goes by the cosine alone. */
  judged: Judged | null;
}

export interface Judged extends JudgedCandidate {
  stored: StoredAnswer;
  /** Equal for entries that are known to hold the same answer. */
  answer: number;
  /** False: the verifier was not asked, so that nothing can be learnt of it. */
  isWhole: boolean;
}

export interface NearOutcome {
  hit: { stored: StoredAnswer; similarity: number; key: EntryKey } | null;
  look: NearLook | null;
  /** Why nothing was served, where that is worth telling. */
  detail: string | null;
}

export async function findNear(asked: LookUp, vector: Float32Array, ports: Ports): Promise<NearOutcome> {
  const [neighbours, trust] = await Promise.all([
    scopesFor(asked.key, ports)?.nearest(asked.key.scope, vector, CROWD),
    trustFor(asked, ports),
  ]);
  if (neighbours === undefined) {
    return { hit: null, look: null, detail: null };
  }
  if (!neighbours.ok) {
    return { hit: null, look: null, detail: neighbours.problem.detail };
  }
  const { fault } = neighbours.value;
  const near = neighbours.value.neighbours.map(({ question, similarity, answer }): Near => ({
    entry: question,
    similarity,
    answer: String(answer),
  }));
  const outcome = await judgeNearest(asked, near, trust, ports);
  return outcome.detail === null && outcome.hit === null ? { ...outcome, detail: fault } : outcome;
}

async function judgeNearest(
  asked: LookUp,
  neighbours: readonly Near[],
  trust: ServedTrust,
  ports: Ports,
): Promise<NearOutcome> {
  const refusals: GuardName[] = [];
  let near = neighbours;
  let detail: string | null = null;
  for (let looked = 0; looked < MAX_CANDIDATES; looked++) {
    const candidate = asked.policy.judge === 'similarity' ? (near[0] ?? null) : pickCandidate(near);
    if (candidate === null || candidate.similarity < asked.plan.threshold) {
      detail ??= candidate === null ? 'no candidate' : `too far, at ${candidate.similarity.toFixed(2)}`;
      break;
    }
    const read = await readCandidate(asked, candidate, ports);
    if (read.ok && read.value !== null) {
      const passed = passGuards(asked, read.value);
      if (passed.refusal === null) {
        return judge(asked, { candidate, near, stored: read.value, hints: passed.hints, refusals }, trust, ports);
      }
      refusals.push(passed.refusal);
      detail = `refused by its ${passed.refusal}`;
    } else if (!read.ok) {
      detail = read.problem.detail;
    }
    near = near.filter(({ entry }) => entry !== candidate.entry);
  }
  return { hit: null, look: { trust, refusals, judged: null }, detail };
}

/** Null where it is gone, or older than the request takes. */
async function readCandidate(
  { key, request }: LookUp,
  { entry }: Near,
  { answers, clock }: Ports,
): ReturnType<Ports['answers']['get']> {
  const nearKey = { ...key, question: entry };
  const recalled = answers.recall(nearKey);
  const read = recalled === null ? await answers.get(nearKey) : succeed(recalled);
  const wish = { maxAgeSeconds: request.controls.maxAgeSeconds, now: clock.now() };
  return read.ok && read.value !== null && !isUsable(read.value, wish) ? succeed(null) : read;
}

function passGuards({ split }: LookUp, { question }: StoredAnswer): { refusal: GuardName | null; hints: number } {
  const findings = compare(split.question.join('\n'), question);
  return {
    refusal: GUARD_NAMES.find((name) => findings[name].conflicts > 0) ?? null,
    hints: GUARD_NAMES.reduce((sum, name) => sum + findings[name].hints, 0),
  };
}

interface Considered {
  candidate: Near;
  near: readonly Near[];
  stored: StoredAnswer;
  hints: number;
  refusals: readonly GuardName[];
}

async function judge(
  asked: LookUp,
  { candidate, near, stored, hints, refusals }: Considered,
  trust: ServedTrust,
  ports: Ports,
): Promise<NearOutcome> {
  const { similarity, entry, answer } = candidate;
  const hit = { stored, similarity, key: { ...asked.key, question: entry } };
  if (asked.policy.judge === 'similarity') {
    return { hit, look: { trust, refusals, judged: null }, detail: null };
  }
  const text = asked.split.question.join('\n');
  const unverified = { logit: null, hints, lengths: [text.length, stored.question.length] as const };
  const isWhole = !trust.usesVerifier || trust.isWorthVerifying(near, candidate, unverified);
  const logit = await findLogit(text, stored.question, { isWhole, trust }, ports);
  const facts = logit.ok ? { ...unverified, logit: logit.value } : null;
  const verdict = trust.judge(near, candidate, facts);
  const { score, features } = verdict;
  const judged =
    score === null || features === null
      ? null
      : {
          entry,
          similarity,
          score,
          features,
          asked: text,
          answered: stored.question,
          stored,
          answer: Number(answer),
          isWhole,
        };
  return {
    // What nobody verified is not served, whatever the head thinks of that.
    hit: isWhole && verdict.isServed ? hit : null,
    look: { trust, refusals, judged },
    detail: isWhole && verdict.isServed ? null : logit.ok ? describe(verdict) : `unverified: ${logit.problem}`,
  };
}

function describe({ reason, score }: Verdict): string {
  return score === null ? reason : `${reason}, at ${score.toFixed(2)}`;
}

async function findLogit(
  asked: string,
  answered: string,
  { isWhole, trust }: { isWhole: boolean; trust: ServedTrust },
  ports: Ports,
): Promise<Result<number | null, string>> {
  if (!isWhole) {
    return succeed(trust.mostLogit);
  }
  return trust.usesVerifier ? verify(asked, answered, ports) : succeed(null);
}

/** A pair takes about as long as a text of its length takes the embedding model, which has the same trunk. */
async function verify(
  asked: string,
  answered: string,
  { verifier, embedder, pace }: Pick<Ports, 'verifier' | 'embedder' | 'pace'>,
): Promise<Result<number, string>> {
  if (!pace.takeThread(estimateCostMs(embedder.model.costs, `${asked} ${answered}`))) {
    return { ok: false, problem: 'busy' };
  }
  const verified = await verifier.verify(asked, answered);
  if (verified.ok) {
    return succeed(verified.value.logit);
  }
  const { problem } = verified;
  return { ok: false, problem: problem.kind === 'unavailable' ? problem.detail : problem.kind };
}
