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
import { createPrefixMemory } from '../origin/prefix-memory.ts';

export interface IsolateBoard extends RoutingBoard {
  /** What was learnt beside the requests. */
  note(event: RoutingEvent): void;
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
  /** No call lasts longer. */
  maxCallMs?: number;
}

export function createRoutingBoard({
  origins: first,
  clock,
  breaker = {},
  maxCallMs = 900_000,
}: RoutingBoardOptions): IsolateBoard {
  const settings = { ...DEFAULT_BREAKER, ...breaker };
  const prefixes = createPrefixMemory();
  const budgets = { retry: startBudget(RETRIES), hedge: startBudget(HEDGES) };
  // In the order of their start.
  const open = new Map<symbol, { origin: string; since: number }>();
  let origins = first;
  let board: Board = new Map();

  return {
    origins: () => origins,
    views: () => board,
    prefixes,
    note,
    begin(sent) {
      endTheLost();
      const call = Symbol('call');
      open.set(call, { origin: sent.origin, since: clock.now() });
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
      origins = next;
    },
  };

  function note(event: RoutingEvent): void {
    if (!origins.some(({ id }) => id === event.origin)) {
      return;
    }
    board = stepBoard(board, event, clock.now(), settings);
    if (event.kind === 'failed' && event.isWhole) {
      prefixes.forget(event.origin);
    }
  }

  function endTheLost(): void {
    for (const [call, { origin, since }] of open) {
      if (clock.now() - since < maxCallMs) {
        return;
      }
      open.delete(call);
      note({ kind: 'ended', origin });
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
