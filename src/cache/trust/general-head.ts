/** The head that every namespace starts with. Written by test/bench/cache-quality/fit-head.ts with verifier 57b73fd1f5c8. */
import type { Head } from './head.ts';

export const GENERAL_HEAD: Head = {
  // bias, similarity, margin, share, depth, count, fraction, record, hints, lengths, logit
  weights: [-4.219, 2.906, 2.962, 4.591, 2.292, 0.643, 0.474, 0.316, -0.084, -0.572, 0.199],
  usesVerifier: true,
};
