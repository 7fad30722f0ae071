/** The head that every namespace starts with. Written by test/bench/cache-quality/fit-head.ts; without the verifier. */
import type { GeneralHead } from './head.ts';

export const GENERAL_HEAD: GeneralHead = {
  // bias, similarity, margin, share, depth, count, fraction, record, hints, lengths, logit
  weights: [-5.578, 4.997, 2.465, 4.314, 3.172, 0.155, 1.619, 0.271, 0, -0.481, 0],
  usesVerifier: false,
  mostLogit: 0,
  cold: { delta: 0.01, threshold: 3.809 },
};
