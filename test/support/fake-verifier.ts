/** A Verifier that says what it is told to. Records its calls. */
import { fail, succeed } from '../../src/contract/problem.ts';
import type { Verifier, VerifyFault } from '../../src/contract/verifier.ts';

export interface FakeVerifier extends Verifier {
  readonly calls: readonly (readonly [asked: string, answered: string])[];
  logit: number;
  fault: VerifyFault | null;
}

export function createFakeVerifier(): FakeVerifier {
  const calls: (readonly [string, string])[] = [];
  const fake: FakeVerifier = {
    calls,
    logit: 5,
    fault: null,
    backlog: () => 0,
    verify: (asked, answered) => {
      calls.push([asked, answered]);
      return Promise.resolve(
        fake.fault === null ? succeed({ logit: fake.logit, exit: null, tokens: 12 }) : fail(fake.fault),
      );
    },
  };
  return fake;
}
