/** How large the parts of an index are. docs/decisions/0009 says what was measured. */
import type { ClosureOptions } from './partition.ts';

export interface IndexShape {
  /** Newest entries, which the manifest itself carries. */
  recents: number;
  /** Entries of a cell, copies included, before it is divided. */
  cell: number;
  closure: ClosureOptions;
  /** Cells that a search looks into. */
  probe: { most: number; reach: number };
}

export const INDEX_SHAPE: IndexShape = {
  recents: 2048,
  cell: 2000,
  closure: { most: 4, reach: 1.2 },
  probe: { most: 3, reach: 1.3 },
};
