/**
 * Exit policies that feedback tunes. An isolate starts from what is published (where nothing is, from what the model
 * ships; where that cannot be read, with exits off), watches what it answers, and tells the controller now and then; the controller's reply and KV bring
 * it what is published next. Whatever is away, requests are answered: by the last policy known, under the isolate's own watch.
 */
import { EXITS_OFF, type ExitWish, type ServedPolicy } from '../contract/exits.ts';
import type { ClassificationTask, Clock, ExitPolicies } from '../contract/ports.ts';
import { certifiedFor, type TaskExits } from '../local/exit-plan.ts';
import { begin } from '../local/exits/controller.ts';
import {
  isNewer,
  isolateOf,
  notePassage,
  noteSample,
  policyAt,
  takeReport,
  turnOf,
  type IsolateExits,
} from '../local/exits/isolate.ts';
import type { ExitPublication } from '../local/exits/publication.ts';
import { readPublication } from '../local/exits/publication-shape.ts';
import { isOff } from '../local/exits/policy.ts';
import { sampleShare } from '../local/exits/share.ts';
import type { ExitReport } from '../local/exits/state.ts';
import { cautionOf, policyInForce } from '../local/exits/watch.ts';
import { withDeadline } from './deadline.ts';
import type { PublicationStore } from './kv-publications.ts';
import type { Background } from './model-pool.ts';

export interface TunedExits {
  forRequest(background: Background): ExitPolicies;
  /** What this isolate acts upon, without waiting. */
  status(task: ClassificationTask): { publication: ExitPublication; policy: ServedPolicy['policy'] };
}

/** Sends a report to the controller and answers what it publishes now. Throws where it is away. */
export type SendReport = (to: TaskExits, report: ExitReport) => Promise<unknown>;

export interface TunedExitsOptions {
  tasks: readonly TaskExits[];
  store: PublicationStore;
  send: SendReport;
  clock: Clock;
}

/** Between two looks at KV, and after one that failed. */
const REFRESH_MS = 30_000;
const RETRY_MS = 5_000;
/** Between two reports; a sooner one only where there is much to tell, or this isolate has doubts of its own. */
const REPORT_MS = 10_000;
const SOON_MS = 1_000;
const MANY_SAMPLES = 16;
/** For a report to be answered, and how long none is sent after one that was not. */
const SEND_MS = 5_000;
const PAUSE_MS = 30_000;
const LATE = Symbol('late');

interface Held {
  state: IsolateExits;
  /** The store was asked, with whatever success. */
  wasRead: boolean;
  /** What is published is known, be it nothing. Before, the shipped policy may have been withdrawn: exits are off. */
  isKnown: boolean;
  readNextAt: number;
  reportedAt: number;
  pausedUntil: number;
}

export function createTunedExits({ tasks, store, send, clock }: TunedExitsOptions): TunedExits {
  const byName = new Map(tasks.map((task) => [keyOf(task.model, task.task), { task, held: hold(task, clock.now()) }]));

  return {
    forRequest: (background) => ({
      serve: async (of, wish) => {
        const { task, held } = find(of);
        await refresh(task, held, background);
        return serve(task, held, wish, background);
      },
    }),

    status: (of) => {
      const { publication, watch } = find(of).held.state;
      return { publication, policy: policyInForce(publication, watch) };
    },
  };

  function find({ model, name }: ClassificationTask): { task: TaskExits; held: Held } {
    const found = byName.get(keyOf(model, name));
    if (found === undefined) {
      throw new Error(`exits: expected a task of ${[...byName.keys()].join()}, received ${name}`);
    }
    return found;
  }

  function serve(task: TaskExits, held: Held, wish: ExitWish, background: Background): ServedPolicy {
    const { publication, watch } = held.state;
    const policy = held.isKnown ? choosePolicy(task, held.state, wish) : EXITS_OFF;
    const turn = turnOf(held.state, policy);
    return {
      policy,
      sentinel: publication.reference?.sentinel ?? null,
      share: sampleShare(publication, watch),
      version: versionOf(task, held.state, policy),
      note: (passage) => {
        held.state = notePassage(held.state, turn, passage);
        reportIfDue(task, held, background);
      },
      report: (sample) => {
        held.state = noteSample(held.state, turn, sample);
        reportIfDue(task, held, background);
      },
    };
  }

  /** The first request of an isolate waits: a policy that was withdrawn must not be served by a newcomer. */
  async function refresh(task: TaskExits, held: Held, background: Background): Promise<void> {
    if (!held.wasRead) {
      await read(task, held);
    } else if (clock.now() >= held.readNextAt) {
      held.readNextAt = clock.now() + REFRESH_MS;
      background(read(task, held));
    }
  }

  async function read(task: TaskExits, held: Held): Promise<void> {
    try {
      adopt(held, await store.read(task));
      held.isKnown = true;
      held.readNextAt = clock.now() + REFRESH_MS;
    } catch {
      held.readNextAt = clock.now() + RETRY_MS;
    }
    held.wasRead = true;
  }

  function reportIfDue(task: TaskExits, held: Held, background: Background): void {
    const now = clock.now();
    const { samples, watch, publication } = held.state;
    const isUrgent = samples.length >= MANY_SAMPLES || cautionOf(watch) !== publication.caution;
    if (now >= held.pausedUntil && now - held.reportedAt >= (isUrgent ? SOON_MS : REPORT_MS)) {
      const { report, state } = takeReport(held.state);
      if (report !== null) {
        held.state = state;
        held.reportedAt = now;
        background(tell(task, held, report));
      }
    }
  }

  /** Sent once: a report that may have arrived is never sent again, since a row that counts twice breaks the bound. */
  async function tell(task: TaskExits, held: Held, report: ExitReport): Promise<void> {
    try {
      const reply = await withDeadline(send(task, report), SEND_MS, LATE);
      if (reply !== LATE) {
        adopt(held, readPublication(reply, task.ramps));
        held.isKnown = true;
        return;
      }
    } catch {
      // As with one that is late.
    }
    held.pausedUntil = clock.now() + PAUSE_MS;
  }
}

function hold({ plan, shipped }: TaskExits, now: number): Held {
  // Older than anything that was ever published.
  const { publication } = begin(plan, shipped, 0);
  return {
    state: isolateOf(publication, null),
    wasRead: false,
    isKnown: false,
    readNextAt: 0,
    reportedAt: now,
    pausedUntil: 0,
  };
}

/** What was made for other settings, or for what another build of the model shipped, is not this isolate's to act upon. */
function adopt(held: Held, publication: ExitPublication | null): void {
  const { publication: current } = held.state;
  if (publication !== null && publication.basis === current.basis && isNewer(publication, current)) {
    held.state = isolateOf(publication, held.state);
  }
}

function choosePolicy({ settings }: TaskExits, state: IsolateExits, wish: ExitWish): ServedPolicy['policy'] {
  if (wish.exits === 'off') {
    return EXITS_OFF;
  }
  if (wish.accuracy === null) {
    return policyInForce(state.publication, state.watch);
  }
  const shipped = certifiedFor(settings, 1 - wish.accuracy);
  return policyAt(state, wish.accuracy, shipped === null ? null : { thresholds: shipped.thresholds }) ?? EXITS_OFF;
}

/** Whose policy it is: of the publication in force, of the manifest, or of nobody. */
function versionOf(
  { version }: TaskExits,
  { publication, watch }: IsolateExits,
  policy: ServedPolicy['policy'],
): string {
  if (policy === EXITS_OFF) {
    return 'off';
  }
  const isPublished = policy === policyInForce(publication, watch) || isOff(policy);
  return isPublished ? `${publication.source}-${publication.version}` : `shipped-${version}`;
}

function keyOf(model: string, task: string): string {
  return `${model}/${task}`;
}
