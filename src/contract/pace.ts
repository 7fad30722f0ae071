/** What this isolate knows of times: how fast origins answered of late, and how much of its one thread models may still take. */
export interface Pace {
  /** Milliseconds until an answer of the model could be passed on, smoothed; null before the first. */
  originMs(model: string, isStream: boolean): number | null;
  noteOrigin(model: string, isStream: boolean, ms: number): void;
  /** Takes a model run's cost from the thread's share for models; false, and nothing taken, where too little is left. */
  takeThread(costMs: number): boolean;
  /** The same for work behind an answer, which can wait. False after `mostMs`, and at once where others wait already. */
  waitForThread(costMs: number, mostMs: number): Promise<boolean>;
}

/** What a model run takes of the thread, measured beforehand: deployed, a clock does not move while it runs. */
export interface RunCost {
  tokens: number;
  ms: number;
}
