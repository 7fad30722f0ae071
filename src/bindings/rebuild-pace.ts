/**
 * When cells are made anew. A cell is written whole, be it for one entry: while entries keep coming, it waits until it is worth it, or until a while
 * has gone by. Without that, an entry's cost would grow with the number of cells, since the same few entries are spread over ever more of them.
 */
export interface RebuildPace {
  /** Entries came. */
  note(now: number): void;
  /** How many must wait for a cell that is made anew in this turn. */
  least(now: number): number;
  /** When the next turn is due. `most`: entries that wait for one cell. */
  dueAt(now: number, most: number): number;
}

/** Of what a cell holds. */
const WORTH_SHARE = 1 / 16;
/** Since the last entry. */
const CALM_MS = 1_000;
/** Between two turns in which cells are made anew for as little as there is; under such a load nothing is published sooner. */
const DRAIN_MS = 30_000;

/** `cell`: entries that one holds. */
export function createRebuildPace(cell: number): RebuildPace {
  const worth = Math.max(1, Math.floor(cell * WORTH_SHARE));
  let notedAt = 0;
  let drainedAt = 0;
  const drainDue = (): number => Math.min(notedAt + CALM_MS, drainedAt + DRAIN_MS);

  return {
    note: (now) => {
      notedAt = now;
    },
    least: (now) => {
      if (now < drainDue()) {
        return worth;
      }
      drainedAt = now;
      return 1;
    },
    dueAt: (now, most) => (most >= worth ? now : drainDue()),
  };
}
