/** The client of closed loops, in a process of its own. */
import { runLoad } from './load.ts';
import { servePlans } from './serve-plans.ts';

servePlans(runLoad);
