/** What a scope's writer says of its index. */
export interface ScopeStatus {
  cells: number;
  /** Entries of the cells, each as often as cells hold it. */
  held: number;
  waiting: number;
  seq: number;
  published: number;
  /** Of the last turn that failed; null where the last one did not. */
  fault: string | null;
}
