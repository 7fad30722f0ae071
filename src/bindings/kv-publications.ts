/** What controllers publish, in KV: `x:{model}:{version}:{task}`, one ExitPublication as JSON. One writer a key. */
import type { ExitPublication } from '../local/exits/publication.ts';
import { readPublication } from '../local/exits/publication-shape.ts';
import { readInTime } from './store-fault.ts';

/** One task of one version of a model. */
export interface Tuned {
  model: string;
  version: string;
  task: string;
  ramps: number;
}

export interface PublicationStore {
  /** Null where nothing is published, or nothing that fits the model. Throws where KV does not answer. */
  read(tuned: Tuned): Promise<ExitPublication | null>;
  /** Throws where KV does not take it: at most one write a second. */
  write(tuned: Tuned, publication: ExitPublication): Promise<void>;
}

/** The first request of an isolate waits for it. */
const READ_MS = 500;

export function createPublicationStore(kv: KVNamespace): PublicationStore {
  return {
    read: async (tuned) => readPublication(await readInTime(kv.get(keyOf(tuned), 'json'), READ_MS), tuned.ramps),
    write: (tuned, publication) => kv.put(keyOf(tuned), JSON.stringify(publication)),
  };
}

function keyOf({ model, version, task }: Tuned): string {
  return `x:${model}:${version}:${task}`;
}
