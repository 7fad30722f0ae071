/** The client in a process of its own: runs each plan that it is sent, one after the other, and sends back the result. */
import { runLoad, type LoadPlan } from './load.ts';

process.on('message', (plan: LoadPlan) => {
  runLoad(plan).then(
    (result) => process.send?.({ ok: true, result }),
    (error: unknown) => process.send?.({ ok: false, message: error instanceof Error ? error.message : String(error) }),
  );
});
process.once('disconnect', () => process.exit());
