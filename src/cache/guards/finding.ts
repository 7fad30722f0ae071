/** What a guard finds between two questions. Pure. */

/** In the order in which they are asked, and in which their findings stand in `Findings`. */
export const GUARD_NAMES = [
  'numbers',
  'units',
  'dates',
  'negation',
  'names',
  'quoted',
  'language',
  'antonyms',
  'direction',
  'question-word',
] as const;

export type GuardName = (typeof GUARD_NAMES)[number];

/** How many differences: a conflict refuses a near hit, a hint is weighed with others. */
export interface Finding {
  conflicts: number;
  hints: number;
}

export type Findings = Readonly<Record<GuardName, Finding>>;

export const NOTHING: Finding = { conflicts: 0, hints: 0 };

/** How often each item is in `one` and not in `other`. */
export function missing<T>(one: readonly T[], other: readonly T[]): T[] {
  const left = new Map<T, number>();
  for (const item of other) {
    left.set(item, (left.get(item) ?? 0) + 1);
  }
  return one.filter((item) => {
    const count = left.get(item) ?? 0;
    left.set(item, count - 1);
    return count <= 0;
  });
}
