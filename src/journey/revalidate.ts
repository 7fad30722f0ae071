/**
 * Asks anew for what a stored answer was given for, behind that answer: a stale one is refreshed, a near hit checked. The origin is asked for a whole
 * answer whatever the client asked for. Identical requests at that time share the call.
 */
import type { StoredContent } from '../contract/answer.ts';
import type { FillLead } from '../contract/fills.ts';
import type { Ports } from '../contract/ports.ts';
import type { Settings } from '../contract/settings.ts';
import type { Recorder, Trace } from '../contract/trace.ts';
import { estimateTokens } from '../origin/estimate-tokens.ts';
import { fillKeyOf } from './fill.ts';
import { forward } from './forward.ts';
import type { Found, LookUp } from './look-up.ts';
import { estimateUsage, meterGenerated } from './meter.ts';
import { remember, whyRefused } from './remember.ts';
import { toWhole } from './to-whole.ts';

export interface Revalidation {
  why: 'stale' | 'checked';
  /** Told the origin's answer, as `learn` is. */
  tell: (content: StoredContent | null) => Promise<number | null>;
}

/** Where the request cannot be written anew exactly, or no answer comes, nothing is told. */
export async function revalidate(
  asked: LookUp,
  found: Found,
  { why, tell }: Revalidation,
  ports: Ports,
  settings: Settings,
  recorder: Recorder,
): Promise<Partial<Trace>> {
  const request = toWhole(asked.request);
  if (request === null || (why === 'stale' && !asked.plan.writes)) {
    return { store: `${why}, not refreshed` };
  }
  const whole = { ...asked, request };
  const entered = ports.fills.enter(fillKeyOf(whole), new AbortController().signal);
  if (entered.role === 'follower') {
    const reply = await entered.reply();
    if (reply?.ok === true && typeof reply.value.body === 'string') {
      await tell({ format: 'json', body: reply.value.body });
    }
    return { store: `${why}, being refreshed` };
  }
  try {
    return await lead(whole, found, { why, tell }, entered, ports, settings, recorder);
  } finally {
    entered.close();
    entered.end();
  }
}

/** Those who follow are given the answer as soon as it is there. */
async function lead(
  whole: LookUp,
  found: Found,
  { why, tell }: Revalidation,
  fill: FillLead,
  ports: Ports,
  settings: Settings,
  recorder: Recorder,
): Promise<Partial<Trace>> {
  const { request } = whole;
  const calling = { ...request, signal: fill.signal };
  const forwarded = await forward(calling, ports, settings, recorder, { isBackground: true });
  if (!forwarded.ok || forwarded.value.format !== 'json') {
    fill.fail(forwarded.ok ? { kind: 'internal' } : forwarded.problem);
    return { store: `${why}, not refreshed` };
  }
  const { text, usage, origin } = forwarded.value;
  const content = { format: 'json', body: text } as const;
  const counted = usage ?? estimateUsage(request, estimateTokens(text));
  const isStorable = whyRefused(whole, { content }, settings) === null;
  fill.answer(text, { origin: origin.id, usage: counted, isStorable });
  const generated = { content, usage: counted, origin: origin.id };
  const stored = await remember(whole, found, { generated, learn: () => tell(content) }, ports, settings);
  return {
    cost_usd: meterGenerated(counted, request.model, origin).cost_usd ?? 0,
    store: `${why}, refreshed: ${stored}`,
  };
}
