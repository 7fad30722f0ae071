/** The head that every namespace starts with. Written by test/bench/cache-quality/fit-head.ts; without the verifier. */
import type { GeneralHead } from './head.ts';

export const GENERAL_HEAD: GeneralHead = {
  // bias, similarity, margin, share, depth, count, fraction, record, hints, lengths, logit
  weights: [-5.432, 4.651, 2.574, 4.301, 3.115, 0.018, 2.527, 0.262, 0, -0.29, 0],
  usesVerifier: false,
  cold: null,
};
