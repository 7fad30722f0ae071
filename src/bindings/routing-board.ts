/**
 * What this isolate knows of the origins, in memory: `origin/board.ts` says how it changes, here it is kept. A call whose request has died
 * never comes to an end, and would count as a load for ever: one that has lasted too long is ended here.
 */
import type { Origin } from '../contract/origin.ts';
import type { Clock } from '../contract/ports.ts';
import type { Board, CallEvent, RoutingBoard, RoutingEvent } from '../contract/routing.ts';
import { stepBoard } from '../origin/board.ts';
import { DEFAULT_BREAKER, type BreakerSettings } from '../origin/breaker.ts';
import { earn, HEDGES, RETRIES, spend, startBudget } from '../origin/budget.ts';
import { measure, NOTHING_MEASURED, toMeasures, type Measure } from '../origin/measured.ts';
import { createPrefixMemory } from '../origin/prefix-memory.ts';

export interface IsolateBoard extends RoutingBoard {
  /** What was learnt beside the requests. */
  note(event: RoutingEvent): void;
  /** What was measured here since this was asked last. */
  takeMeasures(): Measure[];
  /**
   * Puts another catalogue in force. What is known of origins that are gone, or lie elsewhere now, is forgotten, and what their calls under way
   * still show is not noted.
   */
  replace(origins: readonly Origin[]): void;
}

export interface RoutingBoardOptions {
  origins: readonly Origin[];
  clock: Pick<Clock, 'now'>;
  breaker?: Partial<BreakerSettings>;
  /** No call lasts longer, unless it says otherwise. */
  maxCallMs?: number;
}

/** Between two looks for calls that have lasted too long. */
const SWEEP_MS = 1_000;

export function createRoutingBoard({
  origins: first,
  clock,
  breaker = {},
  maxCallMs = 900_000,
}: RoutingBoardOptions): IsolateBoard {
  const settings = { ...DEFAULT_BREAKER, ...breaker };
  const prefixes = createPrefixMemory();
  const budgets = { retry: startBudget(RETRIES), hedge: startBudget(HEDGES) };
  const open = new Map<symbol, { origin: string; until: number }>();
  let sweptAt = 0;
  let origins = first;
  let board: Board = new Map();
  let measured = NOTHING_MEASURED;

  return {
    origins: () => origins,
    views: () => {
      endTheLost();
      return board;
    },
    prefixes,
    note,
    takeMeasures() {
      const measures = toMeasures(measured, origins, clock.now());
      measured = NOTHING_MEASURED;
      return measures;
    },
    begin(sent, maxMs = maxCallMs) {
      const call = Symbol('call');
      open.set(call, { origin: sent.origin, until: clock.now() + maxMs });
      note(sent);
      return (event) => {
        if (open.has(call)) {
          note(event);
          if (isEnd(event)) {
            open.delete(call);
          }
        }
      };
    },
    earn() {
      budgets.retry = earn(budgets.retry, RETRIES);
      budgets.hedge = earn(budgets.hedge, HEDGES);
    },
    spend(what) {
      const left = spend(budgets[what]);
      budgets[what] = left ?? budgets[what];
      return left !== null;
    },
    replace(next) {
      const left = new Set(next.filter((origin) => origins.some((one) => isSame(one, origin))).map(({ id }) => id));
      board = new Map([...board].filter(([id]) => left.has(id)));
      for (const { id } of origins) {
        if (!left.has(id)) {
          prefixes.forget(id);
        }
      }
      for (const [call, { origin }] of open) {
        if (!left.has(origin)) {
          open.delete(call);
        }
      }
      measured = new Map([...measured].filter(([id]) => left.has(id)));
      origins = next;
    },
  };

  function note(event: RoutingEvent): void {
    if (!origins.some(({ id }) => id === event.origin)) {
      return;
    }
    const now = clock.now();
    board = stepBoard(board, event, now, settings);
    measured = measure(measured, event, now);
    if (event.kind === 'failed' && event.isWhole) {
      prefixes.forget(event.origin);
    }
  }

  /** Where they are counted, for what they fill would not be begun. */
  function endTheLost(): void {
    const now = clock.now();
    if (now < sweptAt + SWEEP_MS) {
      return;
    }
    sweptAt = now;
    for (const [call, { origin, until }] of open) {
      if (until <= now) {
        open.delete(call);
        note({ kind: 'ended', origin });
      }
    }
  }
}

/** The same server at the same place. */
function isSame(a: Origin, b: Origin): boolean {
  return a.id === b.id && a.url === b.url && a.latitude === b.latitude && a.longitude === b.longitude;
}

function isEnd({ kind }: CallEvent): boolean {
  return kind !== 'headers' && kind !== 'first-token';
}
