/**
 * Passes an origin's answer on to the client, and after it has left counts its tokens and stores it. A stream is stored
 * only when it came to its proper end; the client sees each event as it comes.
 */
import type { Answer } from '../contract/answer.ts';
import type { Ports } from '../contract/ports.ts';
import type { GenerationRequest } from '../contract/request.ts';
import type { Settings } from '../contract/settings.ts';
import type { Recorder, Trace } from '../contract/trace.ts';
import type { Usage } from '../contract/usage.ts';
import { estimatePromptTokens, estimateTokens } from '../origin/estimate-tokens.ts';
import type { RelayEnd } from '../origin/relay.ts';
import type { Forwarded } from './forward.ts';
import type { Found, LookUp } from './look-up.ts';
import { meterGenerated } from './meter.ts';
import { remember, type Generated } from './remember.ts';

export function passOn(
  forwarded: Forwarded,
  asked: LookUp,
  found: Found,
  ports: Ports,
  settings: Settings,
  recorder: Recorder,
): Answer {
  const { origin } = forwarded;
  const store: Store = (generated) => remember(asked, found, { ...generated, origin: origin.id }, ports, settings);
  recorder.endsWith(() =>
    forwarded.format === 'json' ? endWhole(forwarded, asked, store) : endStream(forwarded, asked, store, ports),
  );
  return {
    format: forwarded.format,
    body: forwarded.format === 'json' ? forwarded.text : forwarded.relay.stream,
    cache: { status: asked.plan.otherwise, ageSeconds: null, similarity: null },
    origin: origin.id,
  };
}

type Store = (generated: Omit<Generated, 'origin'>) => Promise<string>;

async function endWhole(
  { text, usage, origin }: Extract<Forwarded, { format: 'json' }>,
  { request }: LookUp,
  store: Store,
): Promise<Partial<Trace>> {
  const counted = usage ?? estimate(request, estimateTokens(text));
  return {
    ...meterGenerated(counted, request.model, origin),
    store: await store({ content: { format: 'json', body: text }, usage: counted }),
  };
}

async function endStream(
  { relay, origin }: Extract<Forwarded, { format: 'event-stream' }>,
  { request }: LookUp,
  store: Store,
  { health, clock }: Ports,
): Promise<Partial<Trace>> {
  const end = await relay.ended;
  const counted = end.usage ?? estimate(request, end.tokens);
  const metered = meterGenerated(counted, request.model, origin);
  if (end.kind === 'cut' || end.kind === 'stalled') {
    health.report(origin.id, 'failure', clock.now());
  }
  if (end.kind !== 'complete') {
    return { ...metered, ended: end.kind, store: `not stored: ${whyUnstored(end)}` };
  }
  if (end.events === null) {
    return { ...metered, store: 'not stored: too large' };
  }
  return { ...metered, store: await store({ content: { format: 'events', events: end.events }, usage: counted }) };
}

function whyUnstored(end: Exclude<RelayEnd, { kind: 'complete' }>): string {
  return end.kind === 'cancelled' ? 'the client left' : end.detail;
}

function estimate({ body }: GenerationRequest, completionTokens: number): Usage {
  return { promptTokens: estimatePromptTokens(body), completionTokens, source: 'estimate', reported: null };
}
