/**
 * Runs in workerd: the gateway as it is composed in production, and beside its routes one that replays inputs through
 * the journey of a classify call, timed. One input after the other, so that nothing waits for anything else.
 */
import { env } from 'cloudflare:workers';
import { compose } from '../../../src/compose.ts';
import { EXITS_OFF as OFF, type ExitPolicy, type ExitSample } from '../../../src/contract/exits.ts';
import type { ClassificationTask, ExitPolicies, Ports } from '../../../src/contract/ports.ts';
import type { ClassifyInput, ClassifyRequest } from '../../../src/contract/request.ts';
import { createApp } from '../../../src/http/app.ts';
import { classifyInputs, giveFeedback } from '../../../src/journey/classify-inputs.ts';
import { parseSettings } from '../../../src/settings.ts';
import { CONTROLS } from '../../support/samples.ts';
import { REPLAY_PATH, type Observed, type ReplayBody, type Replayed, type SentInput, type Timed } from './messages.ts';
import { createStopwatch } from './stopwatch.ts';

export { CacheScope } from '../../../src/compose-scopes.ts';
export { ExitTuner } from '../../../src/compose-tuner.ts';

const gateway = compose(env, parseSettings({ ...env }));
const app = createApp(gateway);
const stopwatch = createStopwatch(() => performance.now());
/** So many runs follow on one another without a gap between them; then a pause does, which is not timed. */
const RUNS_BETWEEN_PAUSES = 4;
const PAUSE_MS = 6;
/** No confidence reaches it. */
const NEVER = 2;

let runs = 0;

export default {
  async fetch(request, _env, context) {
    if (new URL(request.url).pathname !== REPLAY_PATH) {
      return app.fetch(request, env, context);
    }
    return Response.json(await replay(await request.json(), gateway.portsFor(context)));
  },
} satisfies ExportedHandler<Cloudflare.Env>;

async function replay({ task: name, from, inputs, fixed }: ReplayBody, ports: Ports): Promise<(Observed | Replayed)[]> {
  const task = ports.classifier.tasks.find((task) => task.name === name);
  if (task === undefined) {
    throw new Error(`task: expected one of ${ports.classifier.tasks.map(({ name }) => name).join()}, received ${name}`);
  }
  const given: (Observed | Replayed)[] = [];
  for (const [at, input] of inputs.entries()) {
    const asked = { task, input: toInput(input), place: from + at };
    given.push(fixed === null ? (await pass(asked, ports)).observed : await replayOne(asked, fixed, ports));
  }
  return given;
}

interface Asked {
  task: ClassificationTask;
  input: ClassifyInput;
  place: number;
}

/** The ways take turns in going first: what one leaves in the processor's caches meets all. The oracle has to know more. */
async function replayOne(asked: Asked, fixed: ExitPolicy, ports: Ports): Promise<Replayed> {
  const { place } = asked;
  const by = (policy: ExitPolicy): Promise<Timed> => run(asked, { ...ports, exits: always(policy) });
  const early = place % 2 === 0 ? await by(OFF) : null;
  const { timed: passed, observed } = await pass(asked, ports);
  const full = early ?? (await by(OFF));
  const ways = [
    ['served', (): Promise<Timed> => run(asked, ports)],
    ['fixed', (): Promise<Timed> => by(fixed)],
    ['oracle', (): Promise<Timed> => by(leavingAt(observed.agrees.indexOf(true)))],
  ] as const;
  const times: Partial<Replayed['times']> = {};
  for (const turn of ways.keys()) {
    const [way, take] = ways[(place + turn) % ways.length] ?? ways[0];
    times[way] = await take();
  }
  return { ...observed, times: { full, passed, ...times } as Replayed['times'] };
}

/** All ramps speak, nobody leaves. */
async function pass(asked: Asked, ports: Ports): Promise<{ timed: Timed; observed: Observed }> {
  const thresholds = Array.from({ length: asked.task.ramps }, () => NEVER);
  let sample: Omit<ExitSample, 'key'> = { confidences: [], agrees: [] };
  const exits = always({ thresholds }, (found) => {
    sample = found;
  });
  const timed = await run(asked, { ...ports, exits });
  const { confidences, agrees } = sample;
  return { timed, observed: { label: timed.label, confidences, agrees } };
}

async function run({ task, input, place }: Asked, ports: Ports): Promise<Timed> {
  if (runs >= RUNS_BETWEEN_PAUSES) {
    await scheduler.wait(PAUSE_MS);
    runs = 0;
  }
  const request = toRequest(task, input, place);
  stopwatch.start();
  const classified = await classifyInputs(request, task, ports);
  const ms = stopwatch.stop();
  const [result] = classified.ok ? classified.value.results : [];
  if (!classified.ok || result === undefined) {
    throw new Error(`input ${place}: ${JSON.stringify(classified)}`);
  }
  const isSampled = classified.value.sampled.length > 0;
  runs++;
  if (isSampled) {
    // As after the answer: the stages that were left out run, one turn each.
    await giveFeedback(request, classified.value, ports);
    runs = RUNS_BETWEEN_PAUSES;
  }
  return { ms, label: result.label, exit: result.exit, isSampled };
}

function toInput(sent: SentInput): ClassifyInput {
  return sent.kind === 'text'
    ? sent
    : { kind: 'image', bytes: Uint8Array.from(atob(sent.base64), (char) => char.codePointAt(0) ?? 0) };
}

/** The id tosses the coin: the same place is sampled in each run of the same share. */
function toRequest({ name }: ClassificationTask, input: ClassifyInput, place: number): ClassifyRequest {
  return {
    id: `replay-${place}`,
    model: name,
    inputs: [input],
    field: 'input',
    truncateTo: -1,
    signal: new AbortController().signal,
    tenant: { id: 'replay', keyId: 'replay', models: null, residency: null, routing: null },
    controls: { ...CONTROLS, cache: 'bypass' },
  };
}

/** One policy for all; with `learn`, each input is sampled. */
function always(policy: ExitPolicy, learn: ((sample: ExitSample) => void) | null = null): ExitPolicies {
  const served = { policy, sentinel: null, share: learn === null ? 0 : 1, version: 'replay' };
  return {
    serve: () => Promise.resolve({ ...served, note: () => undefined, report: (sample) => learn?.(sample) }),
  };
}

/** At that ramp alone, whatever it says; below 0: at the end. */
function leavingAt(ramp: number): ExitPolicy {
  return ramp < 0 ? OFF : { thresholds: [...Array.from({ length: ramp }, () => null), 0] };
}
