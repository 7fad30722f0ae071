/** What is wrong with an image, in words for the caller that say what was expected. Pure. */
import type { ImageFault } from '../../contract/ports.ts';
import { fail } from '../../contract/problem.ts';

type Failed = { ok: false; problem: ImageFault };

/** `expectation` and `received` complete "expected …, received …." */
export function badImage(expectation: string, received: string): Failed {
  return fail({ kind: 'bad-image', isTooLarge: false, message: `expected ${expectation}, received ${received}` });
}

export function tooLargeImage(expectation: string, received: string): Failed {
  return fail({ kind: 'bad-image', isTooLarge: true, message: `expected ${expectation}, received ${received}` });
}
