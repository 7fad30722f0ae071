/** The client of streams, in a process of its own. */
import { servePlans } from '../serve-plans.ts';
import { runStreams } from './stream-load.ts';

servePlans(runStreams);
