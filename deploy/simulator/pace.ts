/** How long things take: the settings' times, each with the request's slowness and its own jitter. Pure for `random`. */
import type { Settings } from './options.ts';

export interface Pace {
  networkMs(): number;
  /** Until the first token, for so many tokens that were not cached. */
  prefillMs(tokens: number): number;
  /** From one token to the next. */
  tokenMs(): number;
}

export function createPace(settings: Settings, slowness: number, random: () => number): Pace {
  const { networkDelayMs, ttftMs, prefillMsPerToken, msPerToken, jitter } = settings;
  const vary = (ms: number): number => {
    if (ms === 0 || jitter === 0) {
      return ms * slowness;
    }
    return ms * slowness * (1 + jitter * (2 * random() - 1));
  };
  return {
    networkMs: () => vary(networkDelayMs),
    prefillMs: (tokens) => vary(ttftMs + tokens * prefillMsPerToken),
    tokenMs: () => vary(msPerToken),
  };
}
