/**
 * The ledger: how many wrong answers have been served so far, at most. Pure; the bound of the whole method.
 *
 * A served hit is checked against the origin by a coin of probability `share`, tossed without a look at the question.
 * Of `wrong` hits served, checks find about share * wrong; those they find say how many there can be. For a rate g with
 * 1 - e^-g <= share, let each wrong hit multiply the evidence by e^g, and each found one divide it by e^t with
 * t = -ln(1 - (1 - e^-g) / share). By the coin alone the product's expectation never rises, so by Ville's inequality it
 * ever reaches 1/alpha with probability alpha at most. Read backwards, that bounds the number of wrong hits at all times
 * at once, whatever questions come, in whatever order, and whatever was decided by what was seen: nothing is assumed of
 * the traffic, only that the coin is fair and that a check tells right from wrong.
 *
 * Several rates are mixed, so that the bound is near the best of them. A share that falls opens a new page, with a part of
 * alpha of its own; what pages bound adds up. A drawn hit whose check fails is charged as found wrong: whatever made it fail, no wrong
 * one hides behind it.
 */
export interface Page {
  readonly share: number;
  readonly alpha: number;
  /** Hits served. */
  readonly hits: number;
  /** Found wrong, or charged as if. */
  readonly found: number;
  /** Of these, checks that could not be made: they may have hidden a wrong answer. */
  readonly failed: number;
}

/** Of one share. A check that was to be made and could not be has failed, and is not among the found. */
export interface ServedHits {
  readonly hits: number;
  readonly found: number;
  readonly failed: number;
}

/** In the order of time; the last one is open. */
export type Ledger = readonly Page[];

/** Of the largest rate that a page's share allows. */
const RATES = [1, 0.9, 0.75, 0.6, 0.45, 0.3, 0.2, 0.12, 0.07, 0.04];
/** The first one suits a page without a wrong hit: half of all weight. */
const FIRST_WEIGHT = 0.3;
/** Twice as many as are opened by choice. */
const MOST_PAGES = 24;

/** The level of the `page`th page, from 1 on: all there will ever be add up to `alpha`. */
export function pageAlpha(page: number, alpha: number): number {
  return alpha / (page * (page + 1));
}

export function openLedger(share: number, alpha: number): Ledger {
  return [{ share, alpha: pageAlpha(1, alpha), hits: 0, found: 0, failed: 0 }];
}

/** A new page for another share. */
export function turnPage(ledger: Ledger, share: number, alpha: number): Ledger {
  return [...ledger, { share, alpha: pageAlpha(ledger.length + 1, alpha), hits: 0, found: 0, failed: 0 }];
}

/**
 * Of the page whose share the hits were served under, or else of one with a lower share: for a coin that falls more often the
 * expectation above falls as well. Below the shares of all pages there is none, as where what an isolate acts upon is of another
 * life: a page of that share is put before the open one. Where pages are too many each such hit is charged as found wrong,
 * which raises the bound by at least one, as every found one does.
 */
export function enter(ledger: Ledger, share: number, { hits, found, failed }: ServedHits, alpha: number): Ledger {
  const own = ledger.findLastIndex((page) => page.share === share);
  const at = own === -1 ? ledger.findLastIndex((page) => page.share < share) : own;
  if (at === -1 && hits > 0 && ledger.length < MOST_PAGES) {
    const page = { share, alpha: pageAlpha(ledger.length + 1, alpha), hits, found: found + failed, failed };
    return [...ledger.slice(0, -1), page, ...ledger.slice(-1)];
  }
  const charged = at === -1 ? hits : found + failed;
  return ledger.map((page, i) =>
    i === (at === -1 ? ledger.length - 1 : at)
      ? { ...page, hits: page.hits + hits, found: page.found + charged, failed: page.failed + failed }
      : page,
  );
}

/**
 * How many hits have been wrong so far, at most, at the ledger's confidence. `more`: had the open page found so many more.
 * Of a page that is not open, no more can be than were served.
 */
export function mostWrong(ledger: Ledger, more = 0): number {
  return ledger.reduce(
    (total, page, i) =>
      total +
      (i === ledger.length - 1
        ? mostOfPage({ ...page, found: page.found + more })
        : Math.min(page.hits, mostOfPage(page))),
    0,
  );
}

/** Above what was found, since more would have been found otherwise. */
export function mostOfPage({ share, alpha, found }: Pick<Page, 'share' | 'alpha' | 'found'>): number {
  if (share >= 1) {
    return found;
  }
  const largest = -Math.log1p(-share);
  const parts = RATES.map((part, i) => {
    const rate = part * largest;
    const perFound = -Math.log1p(Math.max(-1, Math.expm1(-rate) / share));
    const weight = i === 0 ? FIRST_WEIGHT : (1 - FIRST_WEIGHT) / (RATES.length - 1);
    // At the largest rate, a found one refutes it: 0 times infinity otherwise.
    return { rate, log: Math.log(weight) - (found === 0 ? 0 : found * perFound) };
  }).filter(({ log }) => log > -Infinity);
  const wanted = -Math.log(alpha);
  let low = found;
  let high = found + 1;
  while (logMixture(parts, high) < wanted) {
    low = high;
    high *= 2;
  }
  for (let round = 0; round < 50; round++) {
    const middle = (low + high) / 2;
    if (logMixture(parts, middle) < wanted) {
      low = middle;
    } else {
      high = middle;
    }
  }
  return high;
}

function logMixture(parts: readonly { rate: number; log: number }[], wrong: number): number {
  const logs = parts.map(({ rate, log }) => log + rate * wrong);
  const top = Math.max(...logs);
  return top + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - top), 0));
}
