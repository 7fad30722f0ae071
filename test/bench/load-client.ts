/** Starts the client of closed loops. */
import { startClientProcess, type ClientProcess } from './client-process.ts';
import type { LoadPlan, LoadResult } from './load.ts';

export type LoadClient = ClientProcess<LoadPlan, LoadResult>;

export function startLoadClient(): LoadClient {
  return startClientProcess('load-process.ts');
}
