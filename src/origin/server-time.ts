/**
 * What an origin takes from a request's arrival to its first token: a wait, and so much for each token of the prompt. Pure.
 *
 * An origin that reports says how busy it is, which tells the mean wait, and how long a token takes; a backlog that it reported is
 * waited for in any case. Of one that reports nothing, both are learnt from what was seen, by least squares with exponential forgetting:
 * the line `wait + tokens * msPerToken` through samples that fade, its slope held to a prior by a ridge.
 */
import type { LoadReport, ServerTime } from '../contract/routing.ts';
import { backlogMs, queueMs } from './load.ts';

export interface Expected {
  waitMs: number;
  msPerToken: number;
}

/** A sample counts for 1/e of itself after this. */
const FORGET_MS = 30_000;

/** The slope's prior counts like this much variance of thousands of tokens. */
const RIDGE = 1;

/** Where nothing is known: 10,000 tokens a second, a model of some billions of weights on one large GPU. */
const DEFAULT_MS_PER_TOKEN = 0.1;

const EMPTY: Omit<ServerTime, 'at'> = {
  weight: 0,
  tokens: 0,
  ms: 0,
  tokensSquared: 0,
  tokensMs: 0,
  reports: 0,
  busy: 0,
};

/** `ms`: until the first token, less the network and less what one's own requests ahead took. */
export function observeServerTime(
  former: ServerTime | null,
  { tokens, ms }: { tokens: number; ms: number },
  now: number,
): ServerTime {
  const faded = fade(former, now);
  const thousands = tokens / 1000;
  return {
    ...faded,
    weight: faded.weight + 1,
    tokens: faded.tokens + thousands,
    ms: faded.ms + ms,
    tokensSquared: faded.tokensSquared + thousands * thousands,
    tokensMs: faded.tokensMs + thousands * ms,
    at: now,
  };
}

export function observeReport(former: ServerTime | null, { busy }: LoadReport, now: number): ServerTime {
  const faded = { ...fade(former, now), at: now };
  return busy === null ? faded : { ...faded, reports: faded.reports + 1, busy: faded.busy + busy };
}

export function expectServerTime(time: ServerTime | null, report: LoadReport | null, now: number): Expected {
  const faded = fade(time, now);
  const slope = slopeOf(faded, report);
  const seenMs = faded.weight === 0 ? 0 : Math.max(0, (faded.ms - slope * faded.tokens) / faded.weight);
  const meanMs = report === null || faded.reports === 0 ? seenMs : queueMs(report, faded.busy / faded.reports);
  return { msPerToken: slope / 1000, waitMs: Math.max(meanMs, backlogMs(report, now)) };
}

/** Milliseconds a thousand tokens. */
function slopeOf(
  { weight, tokens, ms, tokensSquared, tokensMs }: Omit<ServerTime, 'at'>,
  report: LoadReport | null,
): number {
  if (report !== null && report.prefillMsPerToken !== null) {
    return report.prefillMsPerToken * 1000;
  }
  const meanTokens = weight === 0 ? 0 : tokens / weight;
  const variance = tokensSquared - tokens * meanTokens;
  const covariance = tokensMs - ms * meanTokens;
  return Math.max(0, (covariance + RIDGE * DEFAULT_MS_PER_TOKEN * 1000) / (variance + RIDGE));
}

function fade(time: ServerTime | null, now: number): Omit<ServerTime, 'at'> {
  if (time === null) {
    return EMPTY;
  }
  const left = Math.exp(-Math.max(0, now - time.at) / FORGET_MS);
  return {
    weight: time.weight * left,
    tokens: time.tokens * left,
    ms: time.ms * left,
    tokensSquared: time.tokensSquared * left,
    tokensMs: time.tokensMs * left,
    reports: time.reports * left,
    busy: time.busy * left,
  };
}
