/**
 * The Durable Object in which a model's exits are tuned, one for each version of a model, by name. Calls come from this
 * Worker's own isolates alone. An object whose model the running code no longer has refuses reports, and is left alone.
 */
import { DurableObject } from 'cloudflare:workers';
import { createExitTuner, type ExitTunerCore } from './bindings/exit-tuner.ts';
import { createPublicationStore } from './bindings/kv-publications.ts';
import type { SendReport } from './bindings/tuned-exits.ts';
import { tunedTasks } from './compose-models.ts';
import type { ExitPublication } from './local/exits/publication.ts';
import type { TaskExits } from './local/exit-plan.ts';
import type { ExitReport } from './local/exits/state.ts';
import { parseSettings } from './settings.ts';

export class ExitTuner extends DurableObject {
  readonly #core: ExitTunerCore;

  constructor(state: DurableObjectState, env: Cloudflare.Env) {
    super(state, env);
    const name = state.id.name ?? '';
    this.#core = createExitTuner({
      tasks: tunedTasks(parseSettings({ ...env })).filter((task) => nameOf(task) === name),
      storage: state.storage,
      store: createPublicationStore(env.KV),
      clock: { now: () => Date.now() },
    });
  }

  report(task: string, report: ExitReport): Promise<ExitPublication> {
    return this.#core.report(task, report);
  }

  override alarm(): Promise<void> {
    return this.#core.publish();
  }
}

export function sendTo(tuners: DurableObjectNamespace<ExitTuner>): SendReport {
  return (to, report) => tuners.getByName(nameOf(to)).report(to.task, report);
}

function nameOf({ model, version }: Pick<TaskExits, 'model' | 'version'>): string {
  return `${model}@${version}`;
}
