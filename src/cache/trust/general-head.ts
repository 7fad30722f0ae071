/** The head that every namespace starts with. Written by test/bench/cache-quality/fit-head.ts, with verifier 57b73fd1f5c8. */
import type { GeneralHead } from './head.ts';

export const GENERAL_HEAD: GeneralHead = {
  // bias, similarity, margin, share, depth, count, fraction, record, hints, lengths, logit
  weights: [-4.85, 3.886, 2.552, 4.371, 2.416, 0.471, 1.549, 0.285, -0.078, -0.604, 0.166],
  usesVerifier: true,
  mostLogit: 6.6,
  cold: { delta: 0.01, threshold: 4.293 },
};
