/** A HealthBoard that avoids what a test tells it to, and records what it is told. */
import type { HealthBoard } from '../../src/contract/ports.ts';

export interface FakeHealth extends HealthBoard {
  /** Milliseconds since the epoch, by origin. */
  readonly avoided: Map<string, number>;
  readonly reports: readonly [origin: string, outcome: 'success' | 'failure'][];
}

export function createFakeHealth(): FakeHealth {
  const avoided = new Map<string, number>();
  const reports: [string, 'success' | 'failure'][] = [];
  return {
    avoided,
    reports,
    avoidedUntil: (origin) => avoided.get(origin) ?? 0,
    report: (origin, outcome) => void reports.push([origin, outcome]),
  };
}
