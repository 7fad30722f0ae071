/**
 * Sticks a key to an origin, the same one in every isolate that sees the same origins, without anything shared: rendezvous
 * hashing (Thaler and Ravishankar 1998), weighted by capacity (Schindelhauer and Schomaker 2005), with bounded loads (Mirrokni, Thorup and
 * Zadimoghaddam 2018): no origin takes a request by its key that would carry it past `factor` times its fair share of the load. Pure.
 */
import { hashText } from './hash-text.ts';

export interface Seat {
  id: string;
  /** Its fair share is `weight` over the sum of all weights. Above 0. */
  weight: number;
  /** Requests there now. */
  load: number;
}

/** `factor`: of a fair share; 1 or more, Mirrokni's 1 + ε. The place in `seats` of the first in the key's order that has room; there is always one. Throws on an empty list. */
export function seat(key: string, seats: readonly Seat[], factor: number): number {
  const bounds = toBounds(seats, factor);
  const order = seats
    .map(({ id, weight }, place) => ({ place, rank: -weight / Math.log(toUnit(hashText(`${id}\n${key}`))) }))
    .toSorted((a, b) => b.rank - a.rank);
  const found = order.find(({ place }) => (seats[place]?.load ?? 0) < (bounds[place] ?? 0)) ?? order[0];
  if (found === undefined) {
    throw new Error('seats: expected at least one, received none');
  }
  return found.place;
}

/** The most requests that each may hold once this one is placed. Their sum is above the load, so that one always has room. */
export function toBounds(seats: readonly Seat[], factor: number): number[] {
  const load = seats.reduce((sum, one) => sum + one.load, 1);
  const weight = seats.reduce((sum, one) => sum + one.weight, 0);
  return seats.map((one) => Math.ceil((factor * load * one.weight) / weight));
}

/** Between 0 and 1, neither of them. */
function toUnit(hash: number): number {
  return (hash + 0.5) / 2 ** 53;
}
