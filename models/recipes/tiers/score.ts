/** Scores of rows by routers that have not seen a row of their subject. */
import { scoreOf } from '../../../src/origin/tiers/router.ts';
import type { Scored } from './calibrate.ts';
import type { Trainer } from './train.ts';

/** One router a subject. In the order of the examples. */
export function scoreUnseen(trainer: Trainer): Scored[] {
  const routers = new Map(
    [...new Set(trainer.examples.map(({ subject }) => subject))].map((subject) => [
      subject,
      trainer.fit(new Set([subject])),
    ]),
  );
  return trainer.examples.map(({ subject, question, weakRight, strongRight }) => {
    const router = routers.get(subject);
    if (router === undefined) {
      throw new Error(`${subject}: expected a router without this subject`);
    }
    return { subject, weakRight, strongRight, score: scoreOf(router, question) };
  });
}
