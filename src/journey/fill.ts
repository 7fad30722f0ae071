/**
 * Has a question answered that the cache could not answer. Identical questions of one isolate share one origin call: the first one leads and
 * stores the answer, the others are given what comes. A call that fails fails each of them with the same problem.
 */
import type { Answer } from '../contract/answer.ts';
import type { FillLead, FillReply } from '../contract/fills.ts';
import type { Ports } from '../contract/ports.ts';
import { succeed, type Result } from '../contract/problem.ts';
import type { Settings } from '../contract/settings.ts';
import type { Recorder, Trace } from '../contract/trace.ts';
import { forward } from './forward.ts';
import { toEntryId, type Found, type LookUp } from './look-up.ts';
import { learn } from './learn.ts';
import { meterShared } from './meter.ts';
import { passOn } from './pass-on.ts';

/** Where leads die one after the other, the request calls by itself. */
const MAX_ENTRIES = 3;

export async function fill(
  asked: LookUp,
  found: Found,
  ports: Ports,
  settings: Settings,
  recorder: Recorder,
): Promise<Result<Answer>> {
  const { request, plan } = asked;
  if (!plan.shares) {
    return call(asked, found, ports, settings, recorder, null);
  }
  for (let entries = 0; entries < MAX_ENTRIES; entries++) {
    const entered = ports.fills.enter(fillKeyOf(asked), request.signal);
    if (entered.role === 'lead') {
      return lead(asked, found, ports, settings, recorder, entered);
    }
    const reply = await recorder.stage(
      'fill',
      () => entered.reply(),
      (outcome) => (outcome === null ? 'its lead left' : outcome.ok ? 'shared' : outcome.problem.kind),
    );
    if (reply !== null) {
      return reply.ok ? succeed(toAnswer(reply.value, asked, found, ports, recorder)) : reply;
    }
  }
  return call(asked, found, ports, settings, recorder, null);
}

/** Streams differ by whether usage is told; whether tool calls are stored is for the one that leads to decide. */
export function fillKeyOf({ key, request }: LookUp): string {
  const { owner, jurisdiction, scope, question } = key;
  const { isStream, wantsUsage, controls } = request;
  return [owner, jurisdiction, scope, question, isStream, isStream && wantsUsage, controls.cachesToolTurns].join(':');
}

async function lead(
  asked: LookUp,
  found: Found,
  ports: Ports,
  settings: Settings,
  recorder: Recorder,
  lead: FillLead,
): Promise<Result<Answer>> {
  try {
    const answered = await call(asked, found, ports, settings, recorder, lead);
    if (!answered.ok) {
      lead.fail(answered.problem);
    }
    return answered;
  } catch (error) {
    lead.fail({ kind: 'internal' });
    throw error;
  }
}

async function call(
  asked: LookUp,
  found: Found,
  ports: Ports,
  settings: Settings,
  recorder: Recorder,
  lead: FillLead | null,
): Promise<Result<Answer>> {
  const { request } = asked;
  const calling = lead === null ? request : { ...request, signal: lead.signal };
  const since = ports.clock.now();
  const forwarded = await forward(calling, ports, settings, recorder);
  if (!forwarded.ok) {
    return forwarded;
  }
  ports.pace.noteOrigin(request.model, request.isStream, ports.clock.now() - since);
  return succeed(await passOn(forwarded.value, asked, found, ports, settings, recorder, lead));
}

/** The lead's call was paid once: what it would have cost again is saved. */
function toAnswer(
  { body, origin, usage }: FillReply,
  asked: LookUp,
  found: Found,
  ports: Ports,
  recorder: Recorder,
): Answer {
  const { request, plan, key } = asked;
  recorder.set({ origin });
  recorder.endsWith(async (): Promise<Partial<Trace>> => {
    recorder.set({
      ...meterShared(await usage, request.model, ports.board.origins(), origin),
      store: 'not stored: shared',
    });
    await learn(asked, found, { tier: 'shared', content: null }, ports, recorder);
    return {};
  });
  return {
    format: request.isStream ? 'event-stream' : 'json',
    body,
    cache: { status: plan.otherwise, ageSeconds: null, similarity: null, entry: toEntryId(key) },
    origin,
    model: request.model,
  };
}
