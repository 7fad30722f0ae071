/**
 * Worlds to hold the controller to: streams of requests with, for each ramp, its confidence and whether it agrees.
 * Simulated from a seed, or recorded rows replayed (one JSON object a line: {"confidences":[…],"agrees":[…]}).
 *
 * In the simulation each ramp has a margin towards the final answer, normal around its quality and correlated between
 * ramps through the request's difficulty; the ramp agrees where the margin is positive and is as confident as it is
 * large. The qualities give single ramps the agreement measured on sst2: .90, .93, .97, .993, .998.
 */
import type { ExitSample } from './sample.ts';
import type { CostTable } from './utility.ts';

export interface World {
  next(random: () => number): ExitSample;
}

export interface Domain {
  qualities: readonly number[];
  /** Share of requests on which all ramps are sure of another answer than the final one, at any confidence. */
  silentMisses: number;
}

export const REVIEWS: Domain = { qualities: [1.28, 1.48, 1.88, 2.46, 2.88], silentMisses: 0 };
/** Like reviews of other things: less confident, and more often wrong at the same confidence. */
export const OTHER_REVIEWS: Domain = { qualities: [0.6, 0.7, 0.95, 1.4, 1.9], silentMisses: 0 };
/** The hardest case: as confident as ever, and wrong. */
export const LYING: Domain = { ...REVIEWS, silentMisses: 0.05 };
/** As confident as ever and wrong on half of what would leave: no threshold can help. */
export const HOPELESS: Domain = { ...REVIEWS, silentMisses: 0.5 };

/** Six equal blocks; a ramp costs 0.3 % of the model, so that five of them fit the budget of 2 %. */
export const COSTS: CostTable = { blocks: [1, 1, 1, 1, 1, 1], ramps: [0.018, 0.018, 0.018, 0.018, 0.018] };

export function sampleOf({ qualities, silentMisses }: Domain, random: () => number): ExitSample {
  const key = Math.floor(random() * 2 ** 32);
  const difficulty = normal(random);
  const lies = random() < silentMisses;
  const margins = qualities.map((quality) => quality + 0.8 * difficulty + 0.6 * normal(random));
  return {
    key,
    confidences: margins.map((margin) => 1 / (1 + Math.exp(-3 * Math.abs(margin)))),
    agrees: margins.map((margin) => margin > 0 && !lies),
  };
}

/** The same domain for ever. */
export function stationary(domain: Domain): World {
  return { next: (random) => sampleOf(domain, random) };
}

/** One domain after the other, each for its number of requests; the last one stays. */
export function inTurn(...turns: readonly (readonly [requests: number, domain: Domain])[]): World {
  let at = 0;
  return {
    next(random) {
      let left = at++;
      for (const [requests, domain] of turns) {
        if (left < requests) {
          return sampleOf(domain, random);
        }
        left -= requests;
      }
      return sampleOf(turns.at(-1)?.[1] ?? REVIEWS, random);
    },
  };
}

/** From one domain to another, evenly over `requests` from request `from` on. */
export function creeping(a: Domain, b: Domain, from: number, requests: number): World {
  let at = 0;
  return {
    next(random) {
      const way = Math.min(1, Math.max(0, (at++ - from) / requests));
      return sampleOf(
        {
          qualities: a.qualities.map((quality, i) => quality + way * ((b.qualities[i] ?? 0) - quality)),
          silentMisses: a.silentMisses + way * (b.silentMisses - a.silentMisses),
        },
        random,
      );
    },
  };
}

/** Recorded rows in the given order, again and again. Throws an Error that names the line that is no row. */
export function replay(rows: readonly ExitSample[]): World {
  let at = 0;
  return {
    next(random) {
      const row = rows[at++ % rows.length];
      return { key: Math.floor(random() * 2 ** 32), confidences: row?.confidences ?? [], agrees: row?.agrees ?? [] };
    },
  };
}

export function readRows(jsonl: string): ExitSample[] {
  return jsonl
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line, i) => {
      const { confidences, agrees } = JSON.parse(line) as Partial<ExitSample>;
      if (confidences === undefined || agrees?.length !== confidences.length) {
        throw new Error(`line ${i + 1}: expected confidences and as many claims, received ${line.slice(0, 100)}`);
      }
      return { key: i, confidences, agrees };
    });
}

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
