/** What a namespace remembers of its labels: rows to learn from, what is known of entries, which are barred. Pure; all of it bounded. */
import type { EntryRecord } from './features.ts';
import { scoreOf, type Head } from './head.ts';
import type { LabelledRow } from './learn.ts';
import type { TrustState } from './state.ts';

const MAX_BARRED = 2000;
const MAX_RECORDS = 1000;

export function addRow(state: TrustState, entry: string, row: LabelledRow): TrustState {
  return {
    ...state,
    rows: [...state.rows, row].slice(-state.settings.maxRows),
    labels: state.labels + 1,
    records: recorded(state.records, entry, row.isRight),
  };
}

export function withBarred(barred: readonly string[], entry: string): readonly string[] {
  return [...barred.filter((one) => one !== entry), entry].slice(-MAX_BARRED);
}

/**
 * Scores of requests are of the head that gave them: until there are new ones, labelled rows stand for as many as they
 * weigh, evenly thinned where that is more than are kept.
 */
export function rescored({ rows, settings }: TrustState, head: Head): number[] {
  const total = rows.reduce((sum, { weight }) => sum + weight, 0);
  const step = Math.max(1, total / settings.maxRows);
  const scores: number[] = [];
  let passed = 0;
  for (const { features, weight } of rows) {
    passed += weight;
    while ((scores.length + 0.5) * step < passed) {
      scores.push(scoreOf(head, features));
    }
  }
  return scores;
}

function recorded(
  records: TrustState['records'],
  entry: string,
  isRight: boolean,
): Readonly<Record<string, EntryRecord>> {
  const { right, wrong } = records[entry] ?? { right: 0, wrong: 0 };
  // Re-inserted at the end: the one that has gone longest without a label leaves first.
  const { [entry]: _, ...others } = records;
  const all = Object.entries({
    ...others,
    [entry]: { right: right + Number(isRight), wrong: wrong + Number(!isRight) },
  });
  return Object.fromEntries(all.slice(-MAX_RECORDS));
}
