/** An isolate's link with all that is around it, for tests. */
import { createFakeClock } from '../../test/support/fake-clock.ts';
import { sampleOrigin } from '../../test/support/origins.ts';
import type { Measure } from '../origin/measured.ts';
import { nameOf, type News } from '../origin/news.ts';
import { createBoardLink, type BoardLinkOptions } from './board-link.ts';
import { createRoutingBoard } from './routing-board.ts';

export const name = (id: string): string => nameOf(sampleOrigin(id));
export const NO_NEWS: News = { roundTrips: {}, reports: {}, suspects: [] };
export const never = (): Promise<never> => new Promise(() => undefined);

/** Waits end at once, and take their time on the clock. */
export function setUp(options: Partial<Pick<BoardLinkOptions, 'store' | 'placeOf' | 'watch' | 'sleep'>> = {}) {
  const clock = createFakeClock();
  const board = createRoutingBoard({ origins: [sampleOrigin('a'), sampleOrigin('b')], clock });
  const told: { colo: string; measures: readonly Measure[] }[] = [];
  const probed: string[] = [];
  const warnings: string[] = [];
  const reply = { news: NO_NEWS };
  const work: Promise<unknown>[] = [];
  const link = createBoardLink({
    board,
    clock,
    store: { read: () => Promise.resolve(null) },
    placeOf: (colo) => ({
      report: (measures) => {
        told.push({ colo, measures });
        return Promise.resolve(structuredClone(reply.news));
      },
    }),
    watch: {
      probe: ({ id }) => {
        probed.push(id);
        return Promise.resolve(20);
      },
    },
    sleep: (ms) => Promise.resolve(clock.advance(ms)),
    warn: (text) => void warnings.push(text),
    ...options,
  });
  const request = (colo: string | null = 'DUB') => link.forRequest(colo, (one) => void work.push(one));
  const settle = async () => {
    await Promise.all(work.splice(0));
  };
  const measure = (ms: number, origin = 'a') => board.note({ kind: 'probed', origin, ms });
  const round = async () => {
    request();
    await settle();
  };
  return { clock, board, told, probed, warnings, reply, work, request, settle, measure, round };
}
