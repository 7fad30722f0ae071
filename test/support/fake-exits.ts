/** Exit policies that a test sets, and what was noted and reported. */
import {
  EXITS_OFF,
  type ExitSample,
  type ExitWish,
  type Passage,
  type ServedPolicy,
} from '../../src/contract/exits.ts';
import type { ExitPolicies } from '../../src/contract/ports.ts';

export interface FakeExits extends ExitPolicies {
  served: Pick<ServedPolicy, 'policy' | 'share' | 'sentinel' | 'version'>;
  /** What was asked for, by call. */
  readonly asked: ({ task: string } & ExitWish)[];
  readonly noted: { task: string; passage: Passage }[];
  readonly reported: { task: string; sample: ExitSample }[];
  /** Called with each report. */
  onReport: () => void;
}

export function createFakeExits(): FakeExits {
  const fake: FakeExits = {
    served: { policy: { thresholds: [0.95, 0.95, 0.95] }, share: 0, sentinel: null, version: 'fake-1' },
    asked: [],
    noted: [],
    reported: [],
    onReport: () => undefined,
    serve: ({ name: task }, { exits, accuracy }) => {
      fake.asked.push({ task, exits, accuracy });
      return Promise.resolve({
        ...fake.served,
        policy: exits === 'off' ? EXITS_OFF : fake.served.policy,
        note: ({ confidences, exit }) => void fake.noted.push({ task, passage: { confidences, exit } }),
        report: (sample) => {
          fake.reported.push({ task, sample });
          fake.onReport();
        },
      });
    },
  };
  return fake;
}
