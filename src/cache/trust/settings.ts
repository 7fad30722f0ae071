/** What a namespace asks of its near hits. Pure. */
import type { TrustWish } from '../../contract/trust.ts';

export interface TrustSettings {
  /** The share of all requests that may be answered wrongly, above 0 and below 0.5. */
  delta: number;
  /** 1 - alpha is the ledger's confidence, over a namespace's whole life. */
  alpha: number;
  /**
   * Wrong answers that a namespace may cost beyond delta times its requests while it is learnt. Below what the ledger's
   * first page needs (25 at a share of .3), nothing is served until delta times the requests make up for the rest.
   */
  stake: number;
  /** The shares of near hits that are checked against the origin, falling as the ledger has room for less. */
  shares: readonly number[];
  /** Labelled requests kept to learn from. */
  maxRows: number;
}

export const DEFAULT_TRUST: TrustSettings = {
  delta: 0.01,
  alpha: 0.05,
  stake: 50,
  shares: [0.3, 0.1, 0.05],
  maxRows: 2000,
};

/** Before the share that a namespace asks for, larger ones: the ledger has little room at first. */
const FIRST_SHARES = [0.3, 0.1];

export function settingsFor({ delta, shadowShare }: TrustWish): TrustSettings {
  // Where nothing is to be checked, no share is ever used.
  const shares = shadowShare > 0 ? [...FIRST_SHARES.filter((share) => share > shadowShare), shadowShare] : FIRST_SHARES;
  return { ...DEFAULT_TRUST, delta, shares };
}

/** Throws an Error that names the setting, what is expected and what was received. */
export function checkTrust({ delta, alpha, stake, shares, maxRows }: TrustSettings): void {
  expect('delta', delta > 0 && delta < 0.5, 'a number above 0 and below 0.5', delta);
  expect('alpha', alpha > 0 && alpha < 1, 'a number above 0 and below 1', alpha);
  expect('stake', stake >= 0 && stake < Infinity, 'a number, 0 or more', stake);
  const isFalling = shares.every((share, i) => share > 0 && share <= 1 && share < (shares[i - 1] ?? Infinity));
  expect('shares', shares.length > 0 && isFalling, 'falling numbers above 0, at most 1', shares.join());
  expect('maxRows', Number.isInteger(maxRows) && maxRows >= 1000, 'an integer, 1000 or more', maxRows);
}

function expect(name: string, isRight: boolean, expectation: string, received: unknown): void {
  if (!isRight) {
    throw new Error(`cache trust: ${name}: expected ${expectation}, received ${String(received)}`);
  }
}
