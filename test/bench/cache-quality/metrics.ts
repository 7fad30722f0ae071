/** Figures of pairs and of streams. Pure. */
import { clopperPearson } from '../../../src/local/exits/bounds.ts';
import type { Counts } from './replay.ts';

export interface ScoredPair {
  /** Higher means rather the same question. */
  score: number;
  isSame: boolean;
}

/** Of pairs from `threshold` on. */
export function atThreshold(
  pairs: readonly ScoredPair[],
  threshold: number,
): { precision: number; recall: number; f1: number } {
  const accepted = pairs.filter(({ score }) => score >= threshold);
  const right = accepted.filter(({ isSame }) => isSame).length;
  const same = pairs.filter(({ isSame }) => isSame).length;
  const precision = accepted.length === 0 ? 0 : right / accepted.length;
  const recall = same === 0 ? 0 : right / same;
  return { precision, recall, f1: precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall) };
}

/** The threshold with the best F1. */
export function bestThreshold(pairs: readonly ScoredPair[]): number {
  const same = pairs.filter(({ isSame }) => isSame).length;
  let best = { f1: -1, threshold: 0 };
  for (const { accepted, right, score } of steps(pairs)) {
    const f1 = (2 * right) / (accepted + same);
    if (f1 > best.f1) {
      best = { f1, threshold: score };
    }
  }
  return best.threshold;
}

/** The mean precision over recalls, as a sum over distinct scores: pairs of one score are taken together. */
export function averagePrecision(pairs: readonly ScoredPair[]): number {
  const same = pairs.filter(({ isSame }) => isSame).length;
  let sum = 0;
  let before = 0;
  for (const { accepted, right } of steps(pairs)) {
    sum += ((right - before) / same) * (right / accepted);
    before = right;
  }
  return sum;
}

/** The precision at the first score that reaches a recall of `least`; NaN where none does. */
export function precisionAt(pairs: readonly ScoredPair[], least: number): number {
  const same = pairs.filter(({ isSame }) => isSame).length;
  const found = steps(pairs).find(({ right }) => right >= least * same);
  return found === undefined ? NaN : found.right / found.accepted;
}

export interface StreamFigures {
  hitRate: number;
  error: number;
  /** Clopper and Pearson, 95 %, one-sided, over all requests of all seeds. */
  errorUpper: number;
  /** Hits that were checked, over requests. */
  checked: number;
}

export function toFigures({ requests, hits, wrong, checked }: Counts): StreamFigures {
  return {
    hitRate: hits / requests,
    error: wrong / requests,
    errorUpper: clopperPearson({ rows: requests, misses: wrong }, 0.05),
    checked: checked / requests,
  };
}

/** By falling score: how many pairs have it or more, and how many of those are the same question. */
function steps(pairs: readonly ScoredPair[]): { score: number; accepted: number; right: number }[] {
  const sorted = pairs.toSorted((a, b) => b.score - a.score);
  const all: { score: number; accepted: number; right: number }[] = [];
  let right = 0;
  for (const [i, { score, isSame }] of sorted.entries()) {
    right += Number(isSame);
    if (sorted[i + 1]?.score !== score) {
      all.push({ score, accepted: i + 1, right });
    }
  }
  return all;
}
