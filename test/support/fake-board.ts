/** The real board of an isolate, and a record of what it was told. */
import { createRoutingBoard, type IsolateBoard, type RoutingBoardOptions } from '../../src/bindings/routing-board.ts';
import type { RoutingEvent } from '../../src/contract/routing.ts';

export interface FakeBoard extends IsolateBoard {
  readonly events: readonly RoutingEvent[];
}

export function createFakeBoard(options: RoutingBoardOptions): FakeBoard {
  const board = createRoutingBoard(options);
  const events: RoutingEvent[] = [];
  return {
    ...board,
    events,
    note: (event) => {
      events.push(event);
      board.note(event);
    },
    begin: (sent) => {
      const note = board.begin(sent);
      events.push(sent);
      return (event) => {
        events.push(event);
        note(event);
      };
    },
  };
}
