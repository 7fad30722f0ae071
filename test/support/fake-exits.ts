/** Exit policies that a test sets, and the samples that were reported. */
import type { ExitSample, Passage, ServedPolicy } from '../../src/contract/exits.ts';
import type { ExitPolicies } from '../../src/contract/ports.ts';

export interface FakeExits extends ExitPolicies {
  served: ServedPolicy;
  /** What was asked for, by call. */
  readonly asked: { task: string; accuracy: number | null }[];
  readonly noted: { task: string; passage: Passage }[];
  readonly reported: { task: string; sample: ExitSample }[];
}

export function createFakeExits(): FakeExits {
  const fake: FakeExits = {
    served: { policy: { thresholds: [0.95, 0.95, 0.95] }, share: 0, sentinel: null, version: 'fake-1' },
    asked: [],
    noted: [],
    reported: [],
    policyFor: ({ name }, accuracy) => {
      fake.asked.push({ task: name, accuracy });
      return fake.served;
    },
    note: ({ name }, passage) => void fake.noted.push({ task: name, passage }),
    report: ({ name }, sample) => void fake.reported.push({ task: name, sample }),
  };
  return fake;
}
