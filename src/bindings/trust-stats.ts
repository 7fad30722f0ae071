/** What a domain's keeper knows, as its statistics. Pure. */
import type { GeneralHead } from '../cache/trust/head.ts';
import type { TrustState } from '../cache/trust/state.ts';
import type { CacheStats, TrustStats } from '../contract/trust.ts';
import { clopperPearson } from '../local/exits/bounds.ts';
import type { KeptCounts } from './trust-tables.ts';

export const NO_COUNTS: KeptCounts = {
  requests: 0,
  exactHits: 0,
  nearHits: 0,
  sharedAnswers: 0,
  misses: 0,
  savedTokens: 0,
  savedUsd: 0,
  checkedHits: 0,
  wrongHits: 0,
  failedChecks: 0,
  lostReports: 0,
  refusals: {},
  judgedHits: 0,
  expectedWrong: 0,
};

/** Of an interval, on either side. */
const ALPHA = 0.025;

export function toStats(state: TrustState, counts: KeptCounts, general: GeneralHead): CacheStats {
  const { requests, exactHits, nearHits, sharedAnswers, misses, refusals, savedTokens, savedUsd, lostReports } = counts;
  return {
    requests,
    exactHits,
    nearHits,
    sharedAnswers,
    misses,
    refusals,
    savedTokens,
    savedUsd,
    lostReports,
    trust: toTrustStats(state, counts, general),
  };
}

function toTrustStats(
  { settings, requests, labels, barred, unsettled, publication }: TrustState,
  { checkedHits, wrongHits, failedChecks, judgedHits, expectedWrong }: KeptCounts,
  general: GeneralHead,
): TrustStats {
  return {
    delta: settings.delta,
    searched: requests,
    mostWrong: publication.mostWrong,
    checkedHits,
    wrongHits,
    failedChecks,
    wrongShare: {
      low: 1 - clopperPearson({ rows: checkedHits, misses: checkedHits - wrongHits }, ALPHA),
      high: clopperPearson({ rows: checkedHits, misses: wrongHits }, ALPHA),
    },
    expectedWrongShare: judgedHits === 0 ? null : expectedWrong / judgedHits,
    labels,
    threshold: publication.threshold,
    share: publication.share,
    hasOwnHead: publication.head.weights.some((weight, i) => weight !== general.weights[i]),
    barredEntries: barred.length,
    isUnsettled: unsettled > 0,
    isLost: publication.isLost,
  };
}
